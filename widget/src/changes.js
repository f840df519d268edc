/**
 * What services changed because of stories.
 * @typedef {import("./words.js").Words} Words
 */
import { el } from "./dom.js";

/**
 * @param {any} _page of GET /api/v1/services/{code}/changes
 * @param {{ words: Words, level: number }} _options
 */
export const drawChanges = (_page, _options) => el("section", { class: "changes", part: "changes" });
