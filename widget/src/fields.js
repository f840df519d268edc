/**
 * What the form asks: steps in their order, each with its fields. Drawing, checking, sending and the page of answers
 * all read this one table, so a new question is a row here and its words in the catalogue.
 * Names and limits are those of POST /api/v1/stories.
 *
 * @typedef {"long" | "line" | "email" | "one" | "some" | "month" | "agree"} Kind
 * @typedef {object} Field
 * @property {string} name the name the service knows it by
 * @property {Kind} kind
 * @property {boolean} [required]
 * @property {boolean} [heads] its label is the heading of the step
 * @property {number} [max] characters (Unicode code points after NFC)
 * @property {number} [rows] height of a long text, in lines
 * @property {readonly string[]} [options] values to choose from
 * @property {boolean} [pairs] choices may stand two in a row: they are no scale
 * @typedef {{ name: string, fields: readonly Field[] }} Step
 * @typedef {Record<string, any>} Answers a text, a list of chosen values, or true
 */

/** @type {readonly Step[]} */
export const STEPS = [
  {
    name: "story",
    fields: [
      { name: "body", kind: "long", max: 8000, rows: 9, required: true, heads: true },
      { name: "title", kind: "line", max: 100 },
    ],
  },
  {
    name: "better",
    fields: [
      { name: "what_was_good", kind: "long", max: 4000, rows: 4 },
      { name: "what_could_be_better", kind: "long", max: 4000, rows: 4 },
      {
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
      },
    ],
  },
  {
    name: "about",
    fields: [
      {
        name: "author_role",
        kind: "one",
        required: true,
        pairs: true,
        options: [
          "patient",
          "parent",
          "relative",
          "carer",
          "friend",
          "volunteer",
          "staff_on_behalf",
          "other",
        ],
      },
      { name: "display_name", kind: "line", max: 40 },
      { name: "visited_on", kind: "month" },
      {
        name: "overall_experience",
        kind: "one",
        options: ["very_good", "good", "neither", "poor", "very_poor", "dont_know"],
      },
    ],
  },
  { name: "contact", fields: [{ name: "contact_email", kind: "email", max: 254 }] },
  {
    name: "agree",
    fields: [
      { name: "consent_publish", kind: "agree", required: true },
      { name: "consent_licence", kind: "agree" },
      { name: "consent_contact", kind: "agree" },
    ],
  },
  { name: "check", fields: [] },
];

/** The last step: everything is answered, nothing is sent. */
export const CHECK = STEPS.length - 1;

/** Years that "When was it?" offers, this one and those before. */
export const YEARS_BACK = 10;

/**
 * The catalogue key of a choice: `author_role_carer`; a feeling's polarity is not part of its key.
 * @param {string} name field
 * @param {string} value choice
 */
export const choiceKey = (name, value) => `${name}_${value.slice(value.indexOf(":") + 1)}`;
