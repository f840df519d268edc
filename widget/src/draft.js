/**
 * What one story has come to so far, and the draft of it on the person's device: kept there only when they ask, for
 * seven days at most. Texts in, texts out: pages with Prototype.js break JSON.stringify.
 *
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {object} Draft
 * @property {Answers} answers
 * @property {string} key made with the story and kept over every try, so that one story is kept once
 * @property {import("./steps.js").Place} place
 * @property {Answers | null} uncertain what was sent when no answer came: the service may have it
 * @property {boolean} stored the person asked to keep it on this device
 */
import { newKey } from "./encode.js";
import { start, stepsOf } from "./steps.js";

const DAY_MS = 86400000;

/** Days that a draft stays on a device. */
export const DAYS = 7;

/** @returns {Draft} */
export const newDraft = () => ({
  answers: {},
  key: newKey(),
  place: start(),
  uncertain: null,
  stored: false,
});

/**
 * Answers as one text; the first letter of a name says what it holds: text, list, agreement.
 * @param {Answers} answers
 */
function packAnswers(answers) {
  const packed = new URLSearchParams();
  for (const name of Object.keys(answers)) {
    const answer = answers[name];
    if (typeof answer === "object") for (const value of answer) packed.append(`l${name}`, value);
    else if (typeof answer === "string") packed.append(`t${name}`, answer);
    else if (answer) packed.append(`a${name}`, "1");
  }
  return packed;
}

/** @param {URLSearchParams} packed @returns {Answers} */
function unpackAnswers(packed) {
  /** @type {Answers} */
  const answers = {};
  for (const [key, value] of packed) {
    const name = key.slice(1);
    if (key[0] === "l") answers[name] = [...(answers[name] || []), value];
    else if (key[0] === "t") answers[name] = value;
    else if (key[0] === "a") answers[name] = true;
  }
  return answers;
}

/**
 * @param {Draft} draft
 * @param {number} now milliseconds
 */
export function pack({ answers, key, place, uncertain }, now) {
  const packed = new URLSearchParams({ now: `${now}`, key, way: place.way, step: place.step });
  packed.append("answers", `${packAnswers(answers)}`);
  if (uncertain) packed.append("uncertain", `${packAnswers(uncertain)}`);
  return `${packed}`;
}

/**
 * @param {string | null} text
 * @param {number} now milliseconds
 * @returns {{ draft: Draft, since: Date } | null} null for none, one too old, and what is no draft of ours
 */
export function unpack(text, now) {
  const packed = new URLSearchParams(text || "");
  const at = Number(packed.get("now"));
  const key = packed.get("key");
  if (!key || !(now - at < DAYS * DAY_MS)) return null;
  const uncertain = packed.get("uncertain");
  const way = packed.get("way") || "";
  const step = `${packed.get("step")}`;
  return {
    since: new Date(at),
    draft: {
      answers: unpackAnswers(new URLSearchParams(packed.get("answers") || "")),
      key,
      place: stepsOf(way, true).indexOf(step) < 0 ? start() : { way, step, from: "" },
      uncertain: uncertain ? unpackAnswers(new URLSearchParams(uncertain)) : null,
      stored: true,
    },
  };
}

/**
 * The place of a draft on this device. Nothing throws: a device may forbid its storage.
 * @param {string} about what the stories are about
 */
export function deviceDraft(about) {
  const name = `patient-stories ${about}`;
  const wipe = () => {
    try {
      localStorage.removeItem(name);
    } catch {
      // Then nothing was kept either.
    }
  };
  return {
    name,
    wipe,
    /** The draft that is kept here; one too old is wiped. */
    read() {
      try {
        const text = localStorage.getItem(name);
        const found = unpack(text, Date.now());
        if (text && !found) wipe();
        return found;
      } catch {
        return null;
      }
    },
    /** @param {Draft} draft @returns {boolean} whether it is kept */
    write(draft) {
      try {
        localStorage.setItem(name, pack(draft, Date.now()));
        return true;
      } catch {
        return false;
      }
    },
  };
}
