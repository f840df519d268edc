/**
 * The last page: the story is kept, what happens next, and the private link.
 * @typedef {import("./words.js").Words} Words
 */
import { button, el, heading, link, put } from "./dom.js";

/**
 * Puts the text of a field on the clipboard; older engines, and pages not served securely, by the selection.
 * @param {HTMLInputElement} input
 */
async function copy(input) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(input.value).then(() => true);
    } catch {
      // Not allowed in this frame: the selection may be.
    }
  }
  input.focus();
  input.select();
  return document.execCommand("copy");
}

/**
 * @param {Node} node gets the page
 * @param {{ words: Words, level: number, about: string, keeper: string, link: string, earlier: boolean,
 *   say: (text: string) => void, onDone: () => void }} options
 * @returns {HTMLElement} the heading, for the focus
 */
export function drawSent(node, { words, level, about, keeper, link: address, earlier, say, onDone }) {
  const title = heading(level, { class: "question", tabindex: -1 }, words.text("sent"));
  const input = el("input", {
    id: "private-link",
    readonly: true,
    value: address,
    part: "private-link",
    dir: "ltr",
  });
  input.addEventListener("focus", () => input.select());
  const copied = el("span", { class: "copied" });
  const copyButton = button("main", words.text("copy"), async () => {
    const text = words.text((await copy(input)) ? "copied" : "copy_failed");
    copied.textContent = text;
    say(text);
  });
  put(node, [
    el("div", { class: "panel" }, title, earlier && el("p", {}, words.text("sent_earlier"))),
    heading(level + 1, { class: "sub" }, words.text("sent_link")),
    el("p", {}, words.text("sent_link_text")),
    el(
      "div",
      { class: "field secret" },
      el("label", { for: "private-link" }, words.text("sent_link_label")),
      input,
    ),
    el("div", { class: "acts" }, copyButton, copied),
    el(
      "p",
      {},
      link(
        address,
        { target: "_blank", rel: "noopener noreferrer", class: "permalink" },
        words.text("open_link"),
      ),
    ),
    heading(level + 1, { class: "sub" }, words.text("next_heading")),
    el(
      "ol",
      { class: "next" },
      el("li", {}, words.text("next_read", { keeper })),
      el("li", {}, words.text("next_shown", { name: about })),
      el("li", {}, words.text("next_answer")),
    ),
    el("div", { class: "acts" }, button("quiet", words.text("done"), onDone)),
  ]);
  return title;
}
