/**
 * What is wrong with the answers of a step. Pure; the service checks again and has the last word.
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {{ field: string, key: string, count?: number }} Complaint a catalogue key, counted where count is given
 */
import { leftOf } from "./count.js";

/** Somebody, an at sign, a host with a dot: more than this only sending shows. */
export const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/**
 * @param {Field} field
 * @param {Answers} answers
 * @param {string} thisMonth YYYY-MM
 * @returns {Complaint | null}
 */
function complaintOf({ name, required, max }, answers, thisMonth) {
  const answer = answers[name];
  const text = typeof answer === "string" ? answer.trim() : "";
  const given = typeof answer === "object" ? answer.length : text || answer === true;
  if (required && !given) return { field: name, key: `error_${name}_empty` };
  if (max && leftOf(text, max) < 0) return { field: name, key: "error_long", count: -leftOf(text, max) };
  if (!text) return null;
  if (name === "display_name" && EMAIL.test(text)) return { field: name, key: "error_display_name_address" };
  if (name === "contact_email" && !EMAIL.test(text)) return { field: name, key: "error_contact_email_shape" };
  if (name === "visited_on" && text !== "-") {
    if (!/^\d{4}-\d\d$/.test(text)) return { field: name, key: "error_visited_on_half" };
    if (text > thisMonth) return { field: name, key: "error_visited_on_future" };
  }
  return null;
}

/**
 * Complaints about the fields of a step, in their order.
 * @param {readonly Field[]} fields
 * @param {Answers} answers
 * @param {Date} now
 */
export function complaints(fields, answers, now) {
  const thisMonth = now.toISOString().slice(0, 7);
  /** @type {Complaint[]} */
  const found = [];
  for (const field of fields) {
    const complaint = complaintOf(field, answers, thisMonth);
    if (complaint) found.push(complaint);
  }
  return found;
}
