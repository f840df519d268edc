/** Puts the form and the proof of work into the file that holds them; imported first, to be there before any embed is. */
import * as proof from "./proof.js";
import * as telling from "./telling.js";
import { hold } from "./forms.js";
import { holdProof } from "./proofs.js";

hold(telling);
holdProof(proof);
