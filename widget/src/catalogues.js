/**
 * Where words come from: English words of reading are at hand, all others arrive as data.
 * @typedef {import("./words.js").Catalogue} Catalogue
 */
import { VERSION, base } from "./origin.js";
import english from "./i18n/reading.js";
import { readOnce } from "./net.js";

/**
 * The words of a part in a language. English words of reading are at hand; all others arrive as data, once.
 * @param {string} tag one of LANGUAGES
 * @param {"reading" | "telling"} part
 * @returns {Promise<Catalogue>} rejected when they cannot be fetched
 */
export function fetchWords(tag, part) {
  if (tag === "en" && part === "reading") return Promise.resolve(english);
  return readOnce(`${base}/${VERSION}/words/${tag}/${part}.json`).then(({ words }) => words);
}
