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

/**
 * Everything the embed says in one language.
 * @param {string} tag one of LANGUAGES; English writes dates as the United Kingdom does
 * @param {Catalogue} catalogue
 */
export function makeWords(tag, catalogue) {
  // 0 to 9 in every language, so that a number can be dialled and matched.
  const locale = `${tag === "en" ? "en-GB" : tag}-u-nu-latn`;
  /** Formatters cost milliseconds each, so they are made when first asked for. @type {Record<string, any>} */
  const made = {};
  /** @returns {Intl.PluralRules} */
  const plurals = () => (made.plurals = made.plurals || new Intl.PluralRules(locale));
  /** @param {number} n @returns {string} */
  const number = (n) => (made.numbers = made.numbers || new Intl.NumberFormat(locale)).format(n);

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
    const form = `${key}_${plurals().select(n)}`;
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
