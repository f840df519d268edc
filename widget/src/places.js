/**
 * A service that a story is about, as one text: a list of texts is what answers hold, drafts keep and old scripts of
 * the page leave alone.
 */
const GAP = "\t";

/**
 * @param {{ code: string, name: string, town?: string, postcode?: string }} service as the finder gives it
 */
export const placeOf = ({ code, name, town = "", postcode = "" }) => [code, name, town, postcode].join(GAP);

/** @param {string} place */
export const codeOf = (place) => place.split(GAP)[0];

/** What a service goes by: its name, town and postcode. @param {string} place */
export const namesOf = (place) => place.split(GAP).slice(1);
