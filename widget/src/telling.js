/**
 * The form with its styles: a module of its own beside the light file, part of the whole one.
 */
import css from "./style/telling.css";

export { newDraft, openForm } from "./form.js";
export { css };
