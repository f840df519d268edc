/** A choice as one large target: a radio or checkbox that lies, unseen, over its whole card. */
import { el } from "./dom.js";

/**
 * @param {"radio" | "checkbox"} type
 * @param {{ id: string, name: string, text: string, checked: boolean, hint?: string | null, icon?: Node | null,
 *   aria?: Record<string, string | undefined> }} about
 * @param {(checked: boolean) => void} choose
 */
export function drawPick(type, { id, name, text, checked, hint, icon, aria }, choose) {
  const input = el("input", { type, id, name, "aria-describedby": hint && `${id}-hint`, ...aria });
  input.checked = checked;
  input.addEventListener("change", () => choose(input.checked));
  return el(
    "div",
    { class: "pick" },
    input,
    el(
      "div",
      { class: "card" },
      icon,
      el("label", { for: id }, el("span", {}, text)),
      hint && el("p", { class: "hint", id: `${id}-hint` }, hint),
    ),
  );
}
