/**
 * Words of one language: the catalogue, its plurals, its dates. Knows no DOM.
 * @typedef {Record<string, string>} Catalogue
 * @typedef {ReturnType<typeof makeWords>} Words
 */
import en from "./i18n/en.js";

/** Catalogues at hand, by base language; more arrive as data later. @type {Record<string, Catalogue>} */
const catalogues = { en };

/** Languages written from right to left (base tags). */
const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i;

/**
 * The direction a language is written in.
 * @param {string} tag a BCP 47 tag
 * @returns {"ltr" | "rtl"}
 */
export const directionOf = (tag) => (RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr");

/**
 * The language to speak: the wanted one where there is a catalogue for it, else English.
 * Plain "en" and English of elsewhere read dates as the United Kingdom writes them.
 * @param {string | null | undefined} wanted
 * @returns {{ tag: string, locale: string, catalogue: Catalogue }}
 */
export function chooseLanguage(wanted) {
  const base = (wanted || "").split("-")[0].toLowerCase();
  const known = Object.prototype.hasOwnProperty.call(catalogues, base);
  const tag = known ? base : "en";
  return { tag, locale: tag === "en" ? "en-GB" : tag, catalogue: catalogues[tag] };
}

/**
 * Everything the embed says in one language.
 * @param {{ tag: string, locale: string, catalogue: Catalogue }} language
 */
export function makeWords({ tag, locale, catalogue }) {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  /**
   * @param {Intl.DateTimeFormatOptions} shape
   * @param {string} iso
   */
  const date = (shape, iso) =>
    new Intl.DateTimeFormat(locale, { ...shape, timeZone: "UTC" }).format(new Date(iso));

  /** @param {string} key */
  const has = (key) => Object.prototype.hasOwnProperty.call(catalogue, key);

  /**
   * The sentence cut at its placeholders: texts at even places, placeholder names at odd ones.
   * @param {string} key
   */
  const pieces = (key) => (has(key) ? catalogue[key] : key).split(/\{(\w+)\}/);

  /**
   * A sentence, its {placeholders} filled; numbers are written as the language writes them.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  function text(key, values = {}) {
    const parts = pieces(key);
    let sentence = parts[0];
    for (let i = 1; i < parts.length; i += 2) {
      const value = values[parts[i]];
      sentence += (typeof value === "number" ? numbers.format(value) : value) + parts[i + 1];
    }
    return sentence;
  }

  /**
   * The plural form of a key for a number.
   * @param {string} key without its _one, _other
   * @param {number} n
   */
  const plural = (key, n) =>
    has(`${key}_${plurals.select(n)}`) ? `${key}_${plurals.select(n)}` : `${key}_other`;

  return {
    tag,
    has,
    text,
    plural,
    number: (/** @type {number} */ n) => numbers.format(n),
    /** A counted sentence with {count}. @param {string} key @param {number} count */
    counted: (key, count) => text(plural(key, count), { count }),
    /**
     * A sentence with nodes (links) in it, as children for el().
     * @template T
     * @param {string} key
     * @param {Record<string, T>} values
     * @returns {(string | T)[]}
     */
    mixed(key, values) {
      const parts = pieces(key);
      /** @type {(string | T)[]} */
      const children = [parts[0]];
      for (let i = 1; i < parts.length; i += 2) children.push(values[parts[i]], parts[i + 1]);
      return children;
    },
    /** "20 November 2026". @param {string} iso a day or an instant */
    day: (iso) => date({ day: "numeric", month: "long", year: "numeric" }, iso),
    /** "October 2026". @param {string} month YYYY-MM */
    month: (month) => date({ month: "long", year: "numeric" }, `${month}-01`),
    /** "October". @param {number} month 1 to 12 */
    monthName: (month) => date({ month: "long" }, `2026-${month < 10 ? "0" : ""}${month}-01`),
  };
}
