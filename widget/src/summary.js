/**
 * A small plain summary of what has been told: sentences with what they are out of, and what people raise most, in
 * numbers and as bars.
 * @typedef {import("./words.js").Words} Words
 * @typedef {{ name: string, stories: number, positive: number, neutral: number, negative: number }} Raised
 * @typedef {object} Gist of GET /api/v1/services/{code}/summary
 * @property {number} stories
 * @property {number} answered
 * @property {number} change_planned
 * @property {number} change_made
 * @property {number} removed
 * @property {number | null} median_days_to_reply
 * @property {{ replies: Said, changes: Said }} verdicts
 * @property {Raised[]} topics most raised first
 * @typedef {import("./verdicts.js").Said} Said
 */
import { el, heading, svg } from "./dom.js";
import { sums } from "./verdicts.js";

/** Where a stretch of a bar begins and how high it is: the shapes differ, not the colours alone. */
const SHAPES = { positive: [1, 10], neutral: [4, 4], negative: [1, 10] };
const POLARITIES = /** @type {(keyof typeof SHAPES)[]} */ (Object.keys(SHAPES));

/**
 * A stretch of a bar: full, thin, or hollow (as the sheet fills it).
 * @param {keyof typeof SHAPES} polarity
 * @param {number} x percent
 * @param {number} width percent
 */
function stretch(polarity, x, width) {
  const [y, height] = SHAPES[polarity];
  return svg("rect", { class: polarity, x: `${x}%`, width: `${width}%`, y, height });
}

/**
 * @param {Raised} topic
 * @param {number} most stories that any topic has: its bar has the whole width
 * @param {Words} words
 */
function drawRaised(topic, most, words) {
  // The bar says nothing that the numbers under it do not.
  const bar = svg("svg", { class: "bars", width: "100%", height: 12, "aria-hidden": "true" });
  const numbers = el("p", { class: "small" });
  let x = 0;
  for (const polarity of POLARITIES) {
    const value = topic[polarity];
    if (!value) continue;
    const width = (value / most) * 100;
    bar.appendChild(stretch(polarity, x, width));
    x += width;
    numbers.appendChild(
      el(
        "span",
        { class: "key" },
        svg("svg", { width: 12, height: 12, "aria-hidden": "true" }, stretch(polarity, 0, 100)),
        words.text("pair", { label: words.text(`polarity_${polarity}`), value }),
      ),
    );
  }
  return el(
    "li",
    {},
    el("strong", {}, topic.name),
    " ",
    words.counted("raised_in", topic.stories),
    bar,
    numbers,
  );
}

/**
 * @param {Gist} gist
 * @param {{ words: Words, level: number }} options
 */
export function drawSummary(gist, { words, level }) {
  const { stories: total, topics } = gist;
  let sentences = words.counted("gist_told", total);
  const counts = {
    gist_answered: gist.answered,
    gist_made: gist.change_made,
    gist_planned: gist.change_planned,
    gist_removed: gist.removed,
  };
  for (const key of /** @type {(keyof typeof counts)[]} */ (Object.keys(counts))) {
    const count = counts[key];
    // None answered and none changed is worth saying; no plan and no removal is not.
    if (count || (total && /answered|made/.test(key)))
      sentences += ` ${words.text(words.plural(key, count), { count, total })}`;
  }
  const { median_days_to_reply: days, verdicts } = gist;
  if (days !== null) {
    // Rounded up: "within" stays true.
    const count = Math.ceil(days);
    sentences += ` ${words.text(count ? words.plural("gist_soon", count) : "gist_soon_same_day", { count })}`;
  }
  const said = [sums("answered", verdicts.replies, words), sums("changed", verdicts.changes, words)];
  const list = el("ol", { class: "most" });
  for (const topic of topics) list.appendChild(drawRaised(topic, topics[0].stories, words));
  return el(
    "section",
    { class: "list", part: "summary" },
    heading(level, { class: "lead" }, words.text("gist")),
    el("p", {}, sentences),
    said.join("") && el("p", {}, said.join(" ")),
    topics.length > 0 && heading(level + 1, { class: "label" }, words.text("raised_most")),
    topics.length > 0 && list,
  );
}
