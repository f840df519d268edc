/**
 * What services changed because of stories: under the story, and as a list of its own.
 * @typedef {import("./words.js").Words} Words
 * @typedef {object} Change
 * @property {"planned" | "made" | "not_made"} state
 * @property {string} what
 * @property {string | null} why
 * @property {string | null} on YYYY-MM or YYYY-MM-DD
 * @property {string | null} evidence an address
 * @property {{ name: string }} service
 * @property {string} lang
 * @property {Verdict | null} [verdict] of the author of the story it stands under
 * @property {{ url: string, title: string }[]} [stories] that it answers, where the change stands by itself
 * @property {Said} [verdicts] of their authors
 * @typedef {import("./verdicts.js").Verdict} Verdict
 * @typedef {import("./verdicts.js").Said} Said
 * @typedef {{ items: Change[], next: string | null }} Page of GET /api/v1/services/{code}/changes
 */
import { el, focus, heading, link, svg } from "./dom.js";
import { drawText } from "./text.js";
import { sums } from "./verdicts.js";
import { trying } from "./act.js";

/** What stands in the ring of a change's sign, so that colour never speaks alone: a clock, a tick, a bar. */
const SIGNS = { planned: "M8 4.5v4l2.5 1.5", made: "M5 8.2l2.2 2.2L11.2 6", not_made: "M5 8h6" };
const RING = "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13";

/** @param {Change["state"]} state */
const sign = (state) =>
  svg(
    "svg",
    { viewBox: "0 0 16 16", class: "sign", "aria-hidden": "true" },
    svg("path", { d: RING + SIGNS[state], fill: "none", stroke: "currentColor", "stroke-width": 1.8 }),
  );

/**
 * What a story's author says of what came back, if anything.
 * @param {"answered" | "changed"} of
 * @param {Verdict | null | undefined} verdict
 * @param {Words} words
 */
export const drawVerdict = (of, verdict, words) =>
  verdict && el("p", { class: "by verdict" }, words.text(`${of}_${verdict}`));

/**
 * @param {Change} change
 * @param {Words} words
 * @param {number} level
 */
export function drawChange({ state, what, why, on, evidence, service, lang, verdict, verdicts }, words, level) {
  const said = sums("changed", verdicts, words);
  let when = on && (on.length > 7 ? words.day(on) : words.month(on));
  if (when && state === "planned") when = words.text("planned_for", { when });
  return el(
    "section",
    { class: `change ${state}`, part: "change" },
    heading(level, { class: "from" }, sign(state), words.text(`change_${state}`)),
    el("p", { class: "by" }, service.name, when && " · ", when && el("time", { datetime: on }, when)),
    drawText(what, lang),
    why && drawText(why, lang),
    evidence && el("p", { class: "by" }, link(evidence, { class: "permalink" }, words.text("evidence"))),
    drawVerdict("changed", verdict, words),
    said && el("p", { class: "by verdict" }, said),
  );
}

/**
 * "You said, we did": changes, each with the stories it answers.
 * @param {Page} page
 * @param {{ words: Words, level: number, more: (cursor: string) => Promise<Page> }} options
 */
export function drawChanges(page, { words, level, more }) {
  const list = el("div", {});
  /** @param {Change[]} items */
  function add(items) {
    let top;
    for (const change of items) {
      const said = el("ul", { class: "said" });
      for (const { url, title } of change.stories || [])
        said.appendChild(el("li", { dir: "auto" }, link(url, { class: "permalink" }, title)));
      const node = el(
        "article",
        { class: "story", tabindex: -1 },
        el("p", { class: "by" }, words.text("you_said")),
        said,
        drawChange(change, words, level + 1),
      );
      list.appendChild(node);
      top = top || node;
    }
    moreButton.hidden = !page.next;
    return top;
  }
  const [moreButton, failed] = trying("quiet", words.text("more_changes"), words.text("fetch_failed"), async () => {
    page = await more(`${page.next}`);
    const top = add(page.items);
    if (top) focus(top);
  });
  add(page.items);
  return el(
    "section",
    { class: "list", part: "changes" },
    heading(level, { class: "lead" }, words.text("changes")),
    page.items.length ? list : el("p", {}, words.text("no_changes")),
    moreButton,
    failed,
  );
}
