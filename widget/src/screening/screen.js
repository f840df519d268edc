/**
 * Screening in the page where the words are typed: the rule book that the service reads (rules.json; its "about" says
 * how), and the same findings. What the service finds with the world's numbering plans besides, it finds alone.
 * @typedef {object} Finding places count UTF-16 units, `end` not included
 * @property {string} kind
 * @property {string} rule
 * @property {number} start
 * @property {number} end
 * @property {"sure" | "likely" | "possible"} certainty
 * @property {string} [reason] why it may be taken out
 * @property {string} offer what may be said instead
 */
import { makeFold } from "./fold.js";
import { withoutOwnNames } from "./own_names.js";

const CERTAINTIES = ["sure", "likely", "possible"];

/** Ten digits, the last their check digit (modulus 11). @param {string} text */
function isNhsNumber(text) {
  const digits = text.replace(/[^0-9]/g, "");
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += Number(digits[at]) * (10 - at);
  return digits.length === 10 && (11 - (sum % 11)) % 11 === Number(digits[9]);
}

/** The words of a name. @param {string} text @returns {string[]} */
const nameWords = (text) => text.toLowerCase().match(/[^ ,.-]+/g) || [];

/** @param {{ start: number, end: number }} a @param {{ start: number, end: number }} b */
const overlap = (a, b) => a.start < b.end && b.start < a.end;

/**
 * Of findings that overlap the surer stays, then the longer, then the earlier, then that of the earlier pattern.
 * @param {Finding[]} findings
 */
function surest(findings) {
  const ranked = [...findings].sort(
    (a, b) =>
      CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start,
  );
  /** @type {Finding[]} */
  const kept = [];
  for (const finding of ranked) if (!kept.some((other) => overlap(finding, other))) kept.push(finding);
  return kept;
}

/**
 * Makes the screening of a rule book.
 * @param {any} book
 * @returns {(text: string, ownNames?: readonly string[]) => Finding[]} in the order of the text
 */
export function makeScreen(book) {
  const fold = makeFold(book);
  /** @param {string} [words] */
  const setOf = (words = "") => new Set(words.split(" "));
  const first = setOf(book.first_names);
  /** What a matched text must be besides, by the names that the book gives. @type {Record<string, (text: string) => boolean>} */
  const checks = {
    nhs_number: isNhsNumber,
    first_name: (text) => first.has(nameWords(text)[0]),
  };
  /** @type {Record<string, RegExp>} */
  const compiled = {};

  /** @param {string} pattern with <parts> in it */
  function expression(pattern) {
    if (!compiled[pattern]) {
      let spelled = pattern;
      // Digits and signs never stand between these brackets, so [^<>"] is left alone.
      while (/<[A-Za-z_]+>/.test(spelled))
        spelled = spelled.replace(/<([A-Za-z_]+)>/g, (_, part) => book.parts[part]);
      compiled[pattern] = new RegExp(spelled, "g");
    }
    return compiled[pattern];
  }

  /**
   * Every match of a pattern; its first group, where there is one, stands before. After one that does not hold what the
   * check asks for the next may begin within it.
   * @param {string} pattern @param {string} text @param {string} [check]
   */
  function spans(pattern, text, check) {
    const found = [];
    const tried = expression(pattern);
    tried.lastIndex = 0;
    for (let match = tried.exec(text); match; match = tried.exec(text)) {
      const whole = match.index;
      const end = whole + match[0].length;
      const start = whole + (match[1] || "").length;
      if (start < end && (!check || checks[check](text.slice(start, end)))) found.push({ start, end, whole });
      else tried.lastIndex = whole + 1;
    }
    return found;
  }

  return (text, ownNames = []) => {
    const folded = fold(text);
    /** @type {string[]} */
    const names = [];
    for (const name of ownNames) names.push(fold(name).lower);
    /** @type {Finding[]} */
    const all = [];
    for (const kind of setOf(book.rules.map((/** @type {any} */ rule) => rule.kind).join(" "))) {
      /** @type {Finding[]} */
      const found = [];
      /** @type {Finding[]} */
      const noPhones = [];
      for (const rule of book.rules) {
        if (rule.kind !== kind) continue;
        for (const pattern of rule.patterns) {
          const { certainty, hints = [], unless = [], digits = 0, said = rule.said } = pattern;
          const heard = said ? folded.said : folded.lower;
          if (folded.digits < digits) continue;
          // Hints come first: most texts have none, and a pattern costs a thousand times a hint.
          if (hints.length && !hints.some((/** @type {string} */ hint) => heard.indexOf(hint) >= 0))
            continue;
          const tried = pattern.case ? folded.plain : heard;
          /** @type {{ start: number, end: number }[]} */
          const excused = [];
          for (const other of unless)
            for (const { whole: start, end } of spans(other, tried)) excused.push({ start, end });
          for (const { start, end } of spans(pattern.pattern, tried, pattern.check)) {
            if (excused.some((span) => overlap(span, { start, end }))) continue;
            const { id, reason } = rule;
            const offer = pattern.offer || id;
            (pattern.not_a_phone ? noPhones : found).push({
              kind,
              rule: id,
              start: said ? folded.from[start] : start,
              end: said ? folded.from[end - 1] + 1 : end,
              certainty,
              reason,
              offer,
            });
          }
        }
      }
      const phones = found.filter(({ rule }) => rule === "phone_number");
      for (const finding of noPhones)
        if (!phones.some((phone) => overlap(phone, finding))) found.push(finding);
      all.push(...surest(withoutOwnNames(found, folded, names, book)));
    }
    for (const finding of all) {
      finding.start = folded.places[finding.start];
      finding.end = folded.places[finding.end - 1] + 1;
    }
    return all.sort((a, b) => a.start - b.start || (a.kind < b.kind ? -1 : 1));
  };
}
