/**
 * Answers as the form-encoded body of POST /api/v1/stories. Form-encoded because it needs no preflight, and because
 * pages with Prototype.js break JSON.stringify.
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {object} Context
 * @property {string | null} topic
 * @property {string | null} siteKey
 * @property {string | null} path path of the page, never its query
 * @property {string} lang of the form, where the author named no other
 * @property {string} key idempotency key
 * @property {string} [opened] when the form was opened, as the service says it
 * @property {string} [subject] what stands in the field that nobody sees
 * @property {string} [proof] of work, when the service asked for one
 */
import { STEPS } from "./fields.js";
import { codeOf } from "./places.js";

/** The service takes no longer one, and a story is not to fail for it. */
const LONGEST_PATH = 300;

/**
 * The body to send. Empty answers are left out; a list repeats its key; an agreement not given is left out too.
 * @param {Answers} answers
 * @param {Context} context
 */
export function encode(answers, { topic, siteKey, path, lang, key, opened, subject, proof }) {
  const body = new URLSearchParams();
  /** @param {string} name @param {string | null | undefined} value */
  const put = (name, value) => {
    if (value) body.append(name, value);
  };
  put("topic", topic);
  for (const step of Object.keys(STEPS)) {
    for (const { name } of STEPS[step]) {
      const answer = answers[name];
      // Two ways may ask for the same.
      if (!answer || answer === "-" || body.has(name)) continue;
      if (name === "services") for (const place of answer) put("service", codeOf(place));
      else if (typeof answer === "object") for (const value of answer) put(name, value);
      else put(name, answer === true ? "true" : answer.trim().normalize("NFC"));
    }
  }
  put("lang", answers.lang || lang);
  put("site_key", siteKey);
  put("website_path", path && path.slice(0, LONGEST_PATH));
  put("idempotency_key", key);
  put("opened", opened);
  put("subject", subject);
  put("proof", proof);
  return body;
}

/** A new idempotency key: 32 hexadecimal digits of chance. */
export function newKey() {
  let key = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16)))
    key += (byte < 16 ? "0" : "") + byte.toString(16);
  return key;
}
