/**
 * What the form asks: ways through it, steps, each with its fields. Drawing, checking, sending and the page of answers
 * all read these tables, so a new question is a row here and its words in the catalogue.
 * Names and limits are those of POST /api/v1/stories.
 *
 * @typedef {"long" | "line" | "email" | "one" | "some" | "month" | "agree" | "services" | "tiles"} Kind
 * @typedef {object} Field
 * @property {string} name the name the service knows it by
 * @property {Kind} kind
 * @property {boolean} [required]
 * @property {boolean} [heads] its label is the heading of the step
 * @property {boolean} [later] the short way asks for it only from the page of answers
 * @property {number} [max] characters (Unicode code points after NFC)
 * @property {number} [rows] height of a long text, in lines
 * @property {readonly string[]} [options] values to choose from
 * @property {boolean} [pairs] choices may stand two in a row: they are no scale
 * @typedef {Record<string, any>} Answers a text, a list of chosen values, or true
 * @typedef {object} Circumstances what decides whether a field is asked, and whether it must be answered
 * @property {Answers} answers
 * @property {boolean} anywhere it may be about no one service: the tag names a topic
 * @property {boolean} experience the Friends and Family Test is asked here
 */

/** @type {Field} */
const body = { name: "body", kind: "long", max: 8000, rows: 9, required: true, heads: true };

/** @type {Field} */
const feelings = {
  name: "feelings",
  kind: "some",
  pairs: true,
  options: [
    "positive:calm",
    "positive:safe",
    "positive:heard",
    "positive:thankful",
    "negative:worried",
    "negative:ignored",
    "negative:confused",
    "negative:upset",
  ],
};

/** @type {Record<string, readonly Field[]>} */
export const STEPS = {
  services: [{ name: "services", kind: "services", required: true }],
  tiles: [{ name: "topics", kind: "tiles" }],
  more: [{ ...body, rows: 4, heads: false }, feelings],
  story: [body, { name: "title", kind: "line", max: 100, later: true }],
  better: [
    { name: "what_was_good", kind: "long", max: 4000, rows: 4 },
    { name: "what_could_be_better", kind: "long", max: 4000, rows: 4 },
  ],
  topics: [
    { name: "topics", kind: "some", pairs: true, heads: true },
    { name: "topic_words", kind: "line", max: 100 },
  ],
  about: [
    {
      name: "author_role",
      kind: "one",
      required: true,
      pairs: true,
      options: ["patient", "parent", "relative", "carer", "friend", "volunteer", "staff_on_behalf", "other"],
    },
    { name: "display_name", kind: "line", max: 40, later: true },
    { name: "visited_on", kind: "month", later: true },
  ],
  felt: [
    feelings,
    {
      name: "overall_experience",
      kind: "one",
      options: ["very_good", "good", "neither", "poor", "very_poor", "dont_know"],
    },
  ],
  contact: [{ name: "contact_email", kind: "email", max: 254 }],
  agree: [
    { name: "consent_publish", kind: "agree", required: true },
    { name: "consent_licence", kind: "agree" },
    { name: "consent_contact", kind: "agree" },
  ],
};

/** The steps of each way, in their order. @type {Record<string, readonly string[]>} */
export const WAYS = {
  short: ["story", "about", "agree", "check"],
  long: ["story", "better", "topics", "about", "felt", "contact", "agree", "check"],
  easy: ["tiles", "more", "about", "agree", "check"],
};

/** Steps that a way leaves out and the page of answers offers. @type {Record<string, readonly string[]>} */
export const ADDED = {
  short: ["better", "topics", "felt", "contact"],
  long: [],
  easy: ["contact"],
};

/** Who answers the Friends and Family Test: who was cared for, and family and carers in their place. */
const ASKED_EXPERIENCE = /^(patient|parent|relative|carer|friend)$/;

/** Years that "When was it?" offers, this one and those before. */
export const YEARS_BACK = 10;

/** A choice without how it was: of `positive:food` the food. @param {string} value */
export const bare = (value) => value.slice(value.indexOf(":") + 1);

/**
 * The catalogue key of a choice: `author_role_carer`; a feeling's polarity is not part of its key.
 * @param {string} name field
 * @param {string} value choice
 */
export const choiceKey = (name, value) => `${name}_${bare(value)}`;

/**
 * The fields of a step as they are asked of this person.
 * @param {import("./steps.js").Place} place
 * @param {Circumstances} circumstances
 * @returns {Field[]}
 */
export function fieldsOf({ way, step, from }, { answers, anywhere, experience }) {
  const fields = [];
  for (const field of STEPS[step] || []) {
    const { name, required, later } = field;
    if (later && way !== "long" && !(from && way === "short")) continue;
    if (name === "overall_experience" && !(experience && ASKED_EXPERIENCE.test(answers.author_role)))
      continue;
    const spared =
      (name === "services" && anywhere) ||
      (step === "more" && name === "body" && (answers.topics || []).length > 0);
    fields.push(required && spared ? { ...field, required: false } : field);
  }
  return fields;
}
