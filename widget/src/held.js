/** Puts the form into the file that holds it; imported first, so that it is there before any embed is. */
import * as telling from "./telling.js";
import { hold } from "./forms.js";

hold(telling);
