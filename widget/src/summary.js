/**
 * A small plain summary of what has been told: as text, and as bars.
 * @typedef {import("./words.js").Words} Words
 */
import { el } from "./dom.js";

/**
 * @param {any} _summary of GET /api/v1/services/{code}/summary
 * @param {{ words: Words, level: number }} _options
 */
export const drawSummary = (_summary, _options) => el("section", { class: "summary", part: "summary" });
