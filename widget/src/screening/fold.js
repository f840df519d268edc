/**
 * A text made plain for the rules, as backend/tellback/screening/folding.py makes it: straight quotes, plain spaces and
 * hyphens, ASCII digits, lower case (A to Z only). What cannot be seen is left out, and `places` leads back.
 * @typedef {object} Folded
 * @property {string} plain with its capitals
 * @property {string} lower
 * @property {number} digits how many
 * @property {number[]} places where each character stood (UTF-16 units)
 */

/**
 * @param {{ skip: string, zeros: string, fold: Record<string, string> }} book
 * @returns {(text: string) => Folded}
 */
export function makeFold({ skip, zeros, fold }) {
  /** @type {Record<string, string>} */
  const plainOf = {};
  for (const unseen of skip) plainOf[unseen] = "";
  for (const zero of zeros)
    for (let n = 0; n < 10; n++) plainOf[String.fromCharCode(zero.charCodeAt(0) + n)] = `${n}`;
  for (const plain of Object.keys(fold)) for (const strange of fold[plain]) plainOf[strange] = plain;

  return (text) => {
    let plain = "";
    const places = [];
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      const made = character < "\x80" || !(character in plainOf) ? character : plainOf[character];
      if (made) places.push(at);
      plain += made;
    }
    return {
      plain,
      lower: plain.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
      digits: plain.replace(/[^0-9]+/g, "").length,
      places,
    };
  };
}
