/**
 * Moving through the steps. Pure: a place in, a place out.
 * @typedef {object} Place
 * @property {string} way one of WAYS; "" where none is chosen yet
 * @property {string} step
 * @property {string} from where the next Continue or Back returns to; "" when going straight on
 */
import { STEPS, WAYS } from "./fields.js";

/** Where telling begins. @returns {Place} */
export const start = () => ({ way: "", step: "ways", from: "" });

/**
 * The steps of a way in their order.
 * @param {string} way
 * @param {boolean} find the tag does not say which service
 * @returns {readonly string[]}
 */
export function stepsOf(way, find) {
  const steps = WAYS[way] || [];
  return find ? ["services", ...steps] : steps;
}

/**
 * The first step of a way.
 * @param {string} way
 * @param {boolean} find
 * @returns {Place}
 */
export const choose = (way, find) => ({ way, step: stepsOf(way, find)[0], from: "" });

/**
 * On from a step that holds no error.
 * @param {Place} place
 * @param {boolean} find
 * @returns {Place}
 */
export function forward({ way, step, from }, find) {
  const steps = stepsOf(way, find);
  return { way, step: from || steps[steps.indexOf(step) + 1] || step, from: "" };
}

/**
 * Back one step, keeping answers; null means back out of the form.
 * @param {Place} place
 * @param {boolean} find
 * @returns {Place | null}
 */
export function back({ way, step, from }, find) {
  if (from) return { way, step: from, from: "" };
  const steps = stepsOf(way, find);
  const at = steps.indexOf(step);
  if (at > 0) return { way, step: steps[at - 1], from: "" };
  return way ? start() : null;
}

/**
 * Aside to another step, and back from there, on or back.
 * @param {Place} place
 * @param {string} step
 * @returns {Place}
 */
export const aside = ({ way, step: from }, step) => ({ way, step, from });

/**
 * The step of a way that asks for a field, or else the first that does; the check for fields no step asks for.
 * @param {string} way
 * @param {string} field
 */
export function stepOf(way, field) {
  for (const step of [...stepsOf(way, true), ...Object.keys(STEPS)]) {
    for (const { name } of STEPS[step] || []) if (name === field) return step;
  }
  return "check";
}
