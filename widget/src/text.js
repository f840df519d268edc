/**
 * What people wrote, as they set it: paragraphs, in their own direction; a long one opens on demand.
 * @typedef {import("./words.js").Words} Words
 */
import { button, el, focus, put } from "./dom.js";
import { directionOf } from "./words.js";

/** What a moderator put in the place of words that were taken out. */
const STAND_IN = /(\[[^[\]\n]{1,80}\])/;

/** Characters of a line, as the box has it on a desk; a wide one (as Chinese are) counts for two. */
const LINE = 60;
/** Lines that are seen of a long text. */
const SEEN = 12;
/** Lines from which a text is long: folding less away would be worth nobody's press. */
const LONG = 18;

/**
 * Where a long text is folded: between words, after about twelve lines; 0 where it is not long.
 * @param {string} text
 */
export function foldAt(text) {
  let lines = 0;
  let column = 0;
  let cut = 0;
  for (let i = 0; i < text.length; i++) {
    column += text[i] > "\u2fff" ? 2 : 1;
    if (text[i] === "\n" || column >= LINE) {
      lines++;
      column = 0;
    }
    if (!cut && lines >= SEEN && /[\s。！？，]/.test(text[i])) cut = i + 1;
  }
  return lines >= LONG ? cut : 0;
}

/**
 * A text as paragraphs; where words were taken out, what stands for them is marked.
 * @param {string} text
 * @param {string} dir
 * @param {boolean} redacted
 * @param {number} cut what follows this place is of class "rest"; 0 for none
 */
function paragraphs(text, dir, redacted, cut) {
  const nodes = [];
  const pieces = text.split(/(\n\s*\n)/);
  let at = 0;
  for (let i = 0; i < pieces.length; i += 2) {
    const node = el("p", { dir, class: cut && at >= cut && "rest" });
    /** @type {HTMLElement} */
    let into = node;
    const parts = redacted ? pieces[i].split(STAND_IN) : [pieces[i]];
    for (let j = 0; j < parts.length; j++) {
      const part = parts[j];
      const end = at + part.length;
      if (j % 2) put(into, [el("span", { class: "taken", part: "redaction" }, part)]);
      else if (cut > at && cut < end) {
        put(into, [part.slice(0, cut - at), el("span", { class: "cut" }, "…")]);
        into = el("span", { class: "rest" }, part.slice(cut - at));
        node.appendChild(into);
      } else put(into, [part]);
      at = end;
    }
    at += (pieces[i + 1] || "").length;
    nodes.push(node);
  }
  return nodes;
}

/**
 * Where a text's language runs from right to left, that decides; in all others each paragraph decides for itself, since
 * people tell in languages that they do not name.
 * @param {string} lang
 */
export const dirOf = (lang) => (directionOf(lang) === "rtl" ? "rtl" : "auto");

/**
 * A text in its language and direction.
 * @param {string} text
 * @param {string} [lang]
 * @param {boolean} [redacted]
 * @param {Words} [words] folds it where it is long
 */
export function drawText(text, lang = "", redacted = false, words) {
  const cut = words ? foldAt(text) : 0;
  const node = el("div", { class: "text", lang }, ...paragraphs(text, dirOf(lang), redacted, cut));
  if (words && cut) {
    node.className += " folded";
    const opener = button("plain", words.text("fold"), () => {
      node.className = "text";
      node.removeChild(opener);
      const rest = /** @type {HTMLElement} */ (node.querySelector(".rest"));
      rest.tabIndex = -1;
      focus(rest);
    });
    node.appendChild(opener);
  }
  return node;
}
