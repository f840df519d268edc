/** What makes two catalogues equal. Pure. @typedef {Record<string, string>} Catalogue */

const PLURAL = /_(zero|one|two|few|many|other)$/;

/** @param {string} sentence */
const placeholders = (sentence) => [...new Set(sentence.match(/\{\w+\}/g) || [])].sort().join(" ");

/**
 * Keys without their plural ending, each with the placeholders of its general form.
 * @param {Catalogue} catalogue
 */
function shape(catalogue) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [key, sentence] of Object.entries(catalogue)) {
    const base = key.replace(PLURAL, "");
    // A singular may say "one" without its number: the general form is the measure.
    if (base === key || key.endsWith("_other"))
      found.set(key.endsWith("_other") ? `${base}_other` : base, placeholders(sentence));
  }
  return found;
}

/**
 * What a catalogue lacks, has too much, or fills differently than English.
 * @param {Catalogue} catalogue
 * @param {Catalogue} english
 */
export function faultsOf(catalogue, english) {
  const faults = [];
  const [here, there] = [shape(catalogue), shape(english)];
  for (const [key, wanted] of there) {
    if (!here.has(key)) faults.push(`${key} is missing`);
    else if (here.get(key) !== wanted)
      faults.push(`${key} has ${here.get(key) || "no placeholder"}, English has ${wanted || "none"}`);
  }
  for (const key of here.keys()) if (!there.has(key)) faults.push(`${key} is not in English`);
  return faults;
}

/**
 * Keys that no code says: neither in full, nor made from a field, a step or a choice.
 * @param {Catalogue} catalogue
 * @param {string} code
 */
export function unusedKeys(catalogue, code) {
  const said = new Set(code.match(/[a-z][a-z0-9_]*/g));
  const made =
    /^(.+)_(label|hint|short|lead|empty)$|^(step|as|feelings|author_role|overall_experience|error)_(.+)$/;
  const unused = [];
  for (const key of Object.keys(catalogue)) {
    const base = key.replace(PLURAL, "");
    const [, stem, , prefix, rest] = made.exec(key) || [];
    const fromParts = (stem && said.has(stem.replace(/^(error|step)_/, ""))) || (prefix && said.has(rest));
    if (!said.has(key) && !said.has(base) && !fromParts) unused.push(key);
  }
  return unused;
}
