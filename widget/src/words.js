/**
 * Words of one language: the catalogue, its plurals, its dates. Knows no DOM.
 * @typedef {Record<string, string>} Catalogue
 * @typedef {ReturnType<typeof makeWords>} Words
 */
/** The languages the service has words in, each by its own name. The service keeps the same table. */
export const LANGUAGES = /** @type {Record<string, string>} */ ({
  en: "English",
  cy: "Cymraeg",
  pl: "Polski",
  ro: "Română",
  uk: "Українська",
  so: "Soomaali",
  ur: "اردو",
  ar: "العربية",
  pa: "ਪੰਜਾਬੀ",
  gu: "ગુજરાતી",
  bn: "বাংলা",
  "zh-Hans": "简体中文",
});

/**
 * The direction a language is written in, of those we speak and those that stories are told in.
 * @param {string} tag a BCP 47 tag
 * @returns {"ltr" | "rtl"}
 */
export const directionOf = (tag) => (/^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i.test(tag) ? "rtl" : "ltr");

/**
 * The language of ours that a tag means; undefined when it is none of them.
 * @param {string | null | undefined} wanted a BCP 47 tag
 */
export function languageOf(wanted) {
  const [language] = (wanted || "").toLowerCase().split(/[-_]/);
  for (const tag of Object.keys(LANGUAGES)) if (tag.split("-")[0] === language) return tag;
}

/** The last digit counts, except after a ten: 2, 22 and 122, but not 12. @param {number} n */
const slavic = (n) => (n % 10 > 1 && n % 10 < 5 && (n % 100 < 12 || n % 100 > 14) ? "few" : "many");

/** Nothing is said like one. @param {number} n */
const overOne = (n) => (n > 1 ? "other" : "one");

/**
 * The plural category of a whole number, where a language does not count as English does. The browser's own rules
 * (Intl) took most of the time of the first draw only to be made, and so did its numbers; a test compares both.
 * @type {Record<string, (n: number) => string>}
 */
const CATEGORIES = {
  cy: (n) => ["zero", "one", "two", "few", "", "", "many"][n] || "other",
  pl: (n) => (n === 1 ? "one" : slavic(n)),
  uk: (n) => (n % 10 === 1 && n % 100 !== 11 ? "one" : slavic(n)),
  ro: (n) => (n === 1 ? "one" : !n || (n % 100 && n % 100 < 20) ? "few" : "other"),
  ar: (n) => ["zero", "one", "two"][n] || (n % 100 > 10 ? "many" : n % 100 > 2 ? "few" : "other"),
  pa: overOne,
  bn: overOne,
  gu: overOne,
  "zh-Hans": () => "other",
};

/** What stands between thousands, where it is no comma. @type {Record<string, string>} */
const BETWEEN = { pl: "\u00a0", uk: "\u00a0", ro: "." };

/**
 * The plural category of a whole number.
 * @param {string} tag one of LANGUAGES
 * @param {number} n
 */
export const categoryOf = (tag, n) => (CATEGORIES[tag] || ((one) => (one === 1 ? "one" : "other")))(n);

/**
 * A whole number with its thousands apart; 0 to 9 in every language, so that it can be dialled and matched.
 * @param {string} tag one of LANGUAGES
 * @param {number} n
 */
export function numberIn(tag, n) {
  const digits = `${n}`;
  if (tag === "pl" && n < 10000) return digits;
  // Those who count in lakhs part by twos beyond the thousand.
  const apart = CATEGORIES[tag] === overOne ? /\B(?=(\d\d)*\d{3}$)/g : /\B(?=(\d{3})+$)/g;
  return digits.replace(apart, BETWEEN[tag] || ",");
}

/**
 * Everything the embed says in one language.
 * @param {string} tag one of LANGUAGES
 * @param {Catalogue} catalogue
 */
export function makeWords(tag, catalogue) {
  /** @param {number} n */
  const number = (n) => numberIn(tag, n);

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
      sentence += (typeof value === "number" ? number(value) : value) + parts[i + 1];
    }
    return sentence;
  }

  /**
   * The plural form of a key for a number.
   * @param {string} key without its _one, _other
   * @param {number} n
   */
  function plural(key, n) {
    const form = `${key}_${categoryOf(tag, n)}`;
    return has(form) ? form : `${key}_other`;
  }

  return {
    tag,
    has,
    text,
    plural,
    number,
    /** Several things in a row; "" for none. @param {string[]} items */
    list(items) {
      let list = "";
      for (const next of items) list = list ? text("list", { list, next }) : next;
      return list;
    },
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
    /**
     * "20 November 2026", as the catalogue writes it: browsers know no months of Welsh.
     * @param {string} iso a day or an instant
     */
    day: (iso) =>
      text("date_day", {
        day: Number(iso.slice(8, 10)),
        month: text(`in_date_${Number(iso.slice(5, 7))}`),
        year: iso.slice(0, 4),
      }),
    /** "October 2026". @param {string} month YYYY-MM */
    month: (month) =>
      text("date_month", { month: text(`month_${Number(month.slice(5, 7))}`), year: month.slice(0, 4) }),
    /** "October". @param {number} month 1 to 12 */
    monthName: (month) => text(`month_${month}`),
  };
}
