/** Which words are said. Pure. @typedef {Record<string, string>} Catalogue */

const PLURAL = /_(zero|one|two|few|many|other)$/;

/**
 * Keys that no code says: neither in full, nor made from a field, a step or a choice.
 * @param {Catalogue} catalogue
 * @param {string} code
 */
export function unusedKeys(catalogue, code) {
  const said = new Set(code.match(/[a-z][a-z0-9_]*/g));
  const made =
    /^(.+)_(label|hint|short|lead|empty)$|^(step|as|feelings|author_role|overall_experience|error|order|polarity|change|face|placed|told|answered|changed|said)_(.+)$/;
  const unused = [];
  for (const key of Object.keys(catalogue)) {
    const base = key.replace(PLURAL, "").replace(/^easy_/, "");
    // Ways are rows of a table; reasons and offers are the rule book’s, kinds the service’s.
    if (/^(way|why|instead|kind)_/.test(key)) continue;
    const [, stem, , prefix, rest] = made.exec(base) || [];
    const fromParts = (stem && said.has(stem.replace(/^(error|step)_/, ""))) || (prefix && said.has(rest));
    if (!said.has(key) && !said.has(base) && !fromParts) unused.push(key);
  }
  return unused;
}
