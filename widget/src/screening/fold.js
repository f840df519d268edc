/**
 * A text made plain for the rules, as backend/tellback/screening/folding.py makes it: straight quotes, plain spaces and
 * hyphens, ASCII digits, lower case (A to Z only). What cannot be seen is left out, and `places` leads back.
 * @typedef {object} Folded
 * @property {string} plain with its capitals
 * @property {string} lower
 * @property {string} said in lower case, with misspelt, drawn-out and text-speak words as they are said
 * @property {number[]} from where each character of `said` stands in `plain`
 * @property {number} digits how many
 * @property {number[]} places where each character stood (UTF-16 units)
 */

/**
 * @param {{ skip: string, zeros: string, fold: Record<string, string>, said_as: Record<string, string> }} book
 * @returns {(text: string) => Folded}
 */
export function makeFold({ skip, zeros, fold, said_as: saidAs }) {
  /** @type {Record<string, string>} */
  const plainOf = {};
  for (const unseen of skip) plainOf[unseen] = "";
  for (const zero of zeros)
    for (let n = 0; n < 10; n++) plainOf[String.fromCharCode(zero.charCodeAt(0) + n)] = `${n}`;
  for (const plain of Object.keys(fold)) for (const strange of fold[plain]) plainOf[strange] = plain;

  /** @type {Record<string, string>} */
  const saidOf = {};
  for (const said of Object.keys(saidAs)) for (const spelt of saidAs[said].split(" ")) saidOf[`${spelt} `] = said;

  return (text) => {
    let plain = "";
    const places = [];
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      const made = character < "\x80" || !(character in plainOf) ? character : plainOf[character];
      if (made) places.push(at);
      plain += made;
    }
    const lower = plain.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
    let said = "";
    /** @type {number[]} */
    const from = [];
    // A word, or what stands between two; a space in the key, so that no word is a name every object has.
    for (const piece of lower.match(/[a-z0-9']+(?:[*@$!][a-z0-9']+)*|[^a-z0-9']+/g) || []) {
      const short = piece.replace(/([a-z])\1\1+/g, "$1");
      const spoken = saidOf[`${piece} `] || saidOf[`${short} `] || short;
      const start = from.length ? from[from.length - 1] + 1 : 0;
      for (let n = 1; n < spoken.length; n++) from.push(Math.min(start + n, start + piece.length) - 1);
      from.push(start + piece.length - 1);
      said += spoken;
    }
    return {
      plain,
      lower,
      said,
      from,
      digits: plain.replace(/[^0-9]+/g, "").length,
      places,
    };
  };
}
