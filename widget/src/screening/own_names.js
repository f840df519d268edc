/**
 * The names by which a story's own services go: their town, postcode or telephone is nobody's secret. As
 * backend/tellback/screening/own_names.py has it.
 * @typedef {import("./fold.js").Folded} Folded
 * @typedef {import("./screen.js").Finding} Finding
 */

/** A shorter name would excuse more than it names. */
const FEWEST_CHARACTERS = 3;

/** Kinds of findings that show who helps at once. */
export const DISTRESS = ["crisis", "safeguarding"];

const ALPHANUMERIC = /[\p{L}\p{N}]/u;

/** The letters and digits of a text, and the place of each. @param {string} text */
function keyOf(text) {
  let key = "";
  const places = [];
  let at = 0;
  for (const character of text) {
    if (ALPHANUMERIC.test(character)) {
      for (let unit = 0; unit < character.length; unit++) places.push(at + unit);
      key += character;
    }
    at += character.length;
  }
  return { key, places };
}

/** What goes before a British number when it is dialled, so that +44 1273 is 01273. @param {string} digits */
const asDialledAtHome = (digits) => digits.replace(/^(?:00)?(?:44)?0?(?=[1-9])/, "");

/** The words of a text, without apostrophes and without 's at their end. @param {string} text @returns {string[]} */
const wordsOf = (text) => text.replace(/'s\b|'/g, "").match(/[\p{L}\p{N}]+/gu) || [];

/**
 * Leaves out the findings that lie within an own name, however it is spaced and capitalised. Words of crisis that are
 * the whole of a name stay: a topic may be called "Suicide", and a cry for help may say no more. A doctor by whose name
 * a practice goes is named by everyone who names the practice: of a rule within_own_names, a finding whose last word
 * stands in a name with a doctor's title goes too.
 * @param {Finding[]} findings in places of the folded text
 * @param {Folded} folded
 * @param {string[]} names folded, in lower case
 * @param {any} book
 */
export function withoutOwnNames(findings, { lower }, names, { rules, own_titles: titles }) {
  if (!findings.length) return findings;
  const { key, places } = keyOf(lower);
  /** @type {[number, number][]} */
  const spans = [];
  /** @type {string[]} */
  const numbers = [];
  /** @type {string[]} */
  const doctors = [];
  for (const name of names) {
    const words = wordsOf(name);
    if (words.some((word) => titles.indexOf(word) >= 0)) doctors.push(...words);
    const { key: wanted } = keyOf(name);
    if (wanted.length < FEWEST_CHARACTERS) continue;
    if (/^[0-9]+$/.test(wanted)) numbers.push(asDialledAtHome(wanted));
    for (let found = key.indexOf(wanted); found >= 0; found = key.indexOf(wanted, found + 1)) {
      const start = places[found];
      const end = places[found + wanted.length - 1] + 1;
      if (!ALPHANUMERIC.test(lower.slice(start - 1, start)) && !ALPHANUMERIC.test(lower.slice(end, end + 1)))
        spans.push([start, end]);
    }
  }
  const kept = [];
  for (const finding of findings) {
    const { kind, rule, start, end } = finding;
    const found = lower.slice(start, end);
    const last = wordsOf(found).pop() || "";
    let excused = rule === "phone_number" && numbers.indexOf(asDialledAtHome(keyOf(found).key)) >= 0;
    for (const { id, within_own_names: within } of rules)
      if (id === rule && within && doctors.indexOf(last) >= 0) excused = true;
    for (const [from, to] of spans) {
      if (from <= start && to >= end && (DISTRESS.indexOf(kind) < 0 || from < start || to > end))
        excused = true;
    }
    if (!excused) kept.push(finding);
  }
  return kept;
}
