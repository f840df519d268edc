/**
 * Where the proof of work comes from: fetched when the service first asks for one; the pinned file holds it.
 * @typedef {typeof import("./proof.js")} Proof
 */
import { VERSION, base } from "./origin.js";

/** @type {Proof | undefined} */
let held;

/** @param {Proof} proof */
export function holdProof(proof) {
  held = proof;
}

/** @returns {Promise<Proof>} rejected when it cannot be fetched */
export const fetchProof = () => (held ? Promise.resolve(held) : import(`${base}/${VERSION}/proof.js`));
