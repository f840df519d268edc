/** Counting as the service counts: Unicode code points after NFC, so that one emoji is one. */

/**
 * How many characters a text has.
 * @param {string} text
 */
export const countOf = (text) => [...text.normalize("NFC")].length;

/**
 * How many characters are left (below zero: too many).
 * @param {string} text
 * @param {number} max
 */
export const leftOf = (text, max) => max - countOf(text);
