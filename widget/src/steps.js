/**
 * Moving through the steps. Pure: a place in, a place out.
 * @typedef {object} Place
 * @property {number} at index of the step in STEPS
 * @property {boolean} checking came from "Change": the next Continue or Back returns to the check
 */
import { CHECK, STEPS } from "./fields.js";

/** Where telling begins. @returns {Place} */
export const start = () => ({ at: 0, checking: false });

/**
 * On from a step that holds no error.
 * @param {Place} place
 * @returns {Place}
 */
export const forward = ({ at, checking }) => ({
  at: checking ? CHECK : Math.min(at + 1, CHECK),
  checking: false,
});

/**
 * Back one step, keeping answers; null means back out of the form.
 * @param {Place} place
 * @returns {Place | null}
 */
export function back({ at, checking }) {
  if (checking) return { at: CHECK, checking: false };
  return at > 0 ? { at: at - 1, checking: false } : null;
}

/**
 * From the check to the step that holds a field.
 * @param {string} field
 * @returns {Place}
 */
export const change = (field) => ({ at: stepOf(field), checking: true });

/**
 * The step that asks for a field; the check for fields no step asks for.
 * @param {string} field
 */
export function stepOf(field) {
  for (let at = 0; at < STEPS.length; at++) {
    for (const { name } of STEPS[at].fields) if (name === field) return at;
  }
  return CHECK;
}
