/**
 * A service that a story is about, as one text: a list of texts is what answers hold, drafts keep and old scripts of
 * the page leave alone.
 */
const GAP = "\t";

/** @param {{ code: string, name: string }} service as the finder gives it */
export const placeOf = ({ code, name }) => code + GAP + name;

/** @param {string} place */
export const codeOf = (place) => place.split(GAP)[0];

/** @param {string} place */
export const nameOf = (place) => place.split(GAP)[1];
