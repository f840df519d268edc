/**
 * Where the form comes from. Who reads does not carry it: it is fetched when somebody wants to tell. The pinned file
 * holds it, so that its hash covers all that ever runs.
 * @typedef {typeof import("./telling.js")} Telling
 */
import { VERSION, base } from "./origin.js";

/** @type {Telling | undefined} */
let held;

/** @param {Telling} telling */
export function hold(telling) {
  held = telling;
}

/** @returns {Promise<Telling>} rejected when it cannot be fetched */
export const fetchForm = () => (held ? Promise.resolve(held) : import(`${base}/${VERSION}/telling.js`));
