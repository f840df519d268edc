/**
 * One story as it is read: set like a letter, with the answers it got.
 * @typedef {import("./words.js").Words} Words
 * @typedef {{ id: string, from: string, responder_name?: string, responder_role?: string, body: string,
 *   published_at: string, lang?: string, corrected_at: string | null, verdict: Verdict | null,
 *   answers_back: { body: string, lang: string, published_at: string }[] }} Reply
 * @typedef {import("./changes.js").Verdict} Verdict
 * @typedef {{ field: string, reason: string, reason_text: string }} Redaction
 * @typedef {{ code: string, name: string, url: string }} ServiceName
 * @typedef {object} ShownStory as GET /api/v1/stories gives it
 * @property {string} id
 * @property {string} url
 * @property {"published" | "removed"} state
 * @property {string} told_at
 * @property {string} [removed_at]
 * @property {string} [reason_text]
 * @property {string} title
 * @property {string} body
 * @property {string | null} what_was_good
 * @property {string | null} what_could_be_better
 * @property {ServiceName[]} services
 * @property {string[]} feelings
 * @property {string} author_role
 * @property {string | null} display_name
 * @property {string | null} overall_experience
 * @property {string | null} visited_on
 * @property {string} lang
 * @property {Redaction[]} redactions
 * @property {Reply[]} replies
 * @property {number | null} days_to_reply whole days to the first
 * @property {{ from: string, removed_at: string, reason_text: string }[]} taken_down replies and changes that stood here
 * @property {import("./changes.js").Change[]} changes
 * @property {{ name: string, polarity: "positive" | "neutral" | "negative" | null }[]} topics
 * @property {{ name: string, path: string | null } | null} website where it was told
 * @property {number} me_too people who said that it happened to them too
 */
import { el, heading, link, put } from "./dom.js";
import { choiceKey } from "./fields.js";
import { drawActs } from "./act.js";
import { drawChange, drawVerdict } from "./changes.js";
import { dirOf, drawText } from "./text.js";

/**
 * @param {Reply} reply
 * @param {ShownStory} story
 * @param {Words} words
 * @param {number} level
 */
function drawReply(reply, story, words, level) {
  const { responder_name: name, responder_role: role, published_at: moment } = reply;
  let who = name || role || "";
  if (name && role) who = words.text("named", { name, role });
  const count = story.days_to_reply || 0;
  const day = words.day(moment);
  const first = reply === story.replies[0];
  const node = el(
    "section",
    { class: "reply", part: "reply" },
    heading(level, { class: "from" }, reply.from),
    el(
      "p",
      { class: "by" },
      who && `${who} · `,
      el(
        "time",
        { datetime: moment },
        first ? words.text(count ? words.plural("replied", count) : "replied_same_day", { count, day }) : day,
      ),
    ),
    drawText(reply.body, reply.lang),
    reply.corrected_at && el("p", { class: "by" }, words.text("corrected", { day: words.day(reply.corrected_at) })),
    drawVerdict("answered", reply.verdict, words),
  );
  for (const { body, lang, published_at: at } of reply.answers_back)
    node.appendChild(
      el(
        "section",
        { class: "back" },
        heading(level + 1, { class: "label" }, words.text("answer_back", { day: words.day(at) })),
        drawText(body, lang),
      ),
    );
  return node;
}

/**
 * What stands where a removed story stood, so that nobody can think there was none.
 * @param {ShownStory} story
 * @param {Words} words
 */
function drawTombstone(story, words) {
  return el(
    "article",
    { class: "story gone", part: "story tombstone" },
    el(
      "p",
      {},
      words.text("removed", {
        told: words.day(story.told_at),
        removed: words.day(story.removed_at || story.told_at),
      }),
    ),
    story.reason_text && el("p", {}, words.text("removed_reason", { reason: story.reason_text })),
    el("p", { class: "by" }, link(story.url, { class: "permalink" }, words.text("removed_link"))),
  );
}

/**
 * What a story raises, each with how it was, in words.
 * @param {ShownStory["topics"]} topics
 * @param {Words} words
 */
function drawTopics(topics, words) {
  const list = el("ul", { class: "raised", "aria-label": words.text("raised") });
  for (const { name, polarity } of topics) {
    const value = polarity && words.text(`polarity_${polarity}`);
    list.appendChild(
      el("li", { class: polarity }, value ? words.text("pair", { label: name, value }) : name),
    );
  }
  return list;
}

/**
 * The lines under a story: who told it, when and where, of what visit, how it was over all.
 * @param {ShownStory} story
 * @param {Words} words
 */
function drawSignature(story, words) {
  const key = `as_${story.author_role}`;
  const role = words.text(words.has(key) ? key : "as_other");
  const { display_name: name, website } = story;
  const day = words.day(story.told_at);
  const facts = [
    name ? words.text("told_by_named", { name, role, day }) : words.text("told_by", { who: role, day }),
  ];
  if (story.visited_on) facts.push(words.text("visit_in", { month: words.month(story.visited_on) }));
  const more = [];
  if (story.overall_experience) {
    more.push(
      words.text("overall", {
        answer: words.text(choiceKey("overall_experience", story.overall_experience)),
      }),
    );
  }
  if (story.feelings.length) {
    const feelings = [];
    for (const feeling of story.feelings) {
      const known = choiceKey("feelings", feeling);
      const said = words.has(known) ? words.text(known) : feeling.slice(feeling.indexOf(":") + 1);
      feelings.push(said.toLowerCase());
    }
    more.push(words.text("felt", { feelings: words.list(feelings) }));
  }
  return el(
    "p",
    { class: "by", part: "signature" },
    el("span", { class: "who" }, facts.join(" · ")),
    more.length > 0 && el("br"),
    more.join(" · "),
    website && el("br"),
    ...(website
      ? words.mixed("told_on", {
          website: el("bdi", {}, website.name, (website.path || "/") !== "/" && `, ${website.path}`),
        })
      : []),
  );
}

/**
 * @param {ShownStory} story
 * @param {object} options
 * @param {Words} options.words
 * @param {number} options.level of the story's heading
 * @param {string | null} options.service code of the service the list is about; other services are named
 * @param {(text: string) => void} options.say announces to screen readers
 */
export function drawStory(story, options) {
  const { words, level, service } = options;
  if (story.state === "removed") return drawTombstone(story, words);
  const { lang } = story;
  /** @type {Record<string, boolean>} */
  const redacted = {};
  const reasons = [];
  for (const { field, reason_text: reason } of story.redactions) {
    redacted[field] = true;
    if (reasons.indexOf(reason) < 0) reasons.push(reason);
  }
  const names = [];
  if (story.services.length > 1 || (story.services.length && story.services[0].code !== service))
    for (const { name } of story.services) names.push(name);
  const node = el(
    "article",
    { class: "story", part: "story" },
    heading(
      level,
      { class: "title", part: "title", lang, dir: dirOf(lang), tabindex: -1 },
      story.title,
    ),
    names.length > 0 && el("p", { class: "by" }, words.text("about_services", { services: words.list(names) })),
    drawText(story.body, lang, redacted.body, words),
  );
  for (const field of /** @type {const} */ (["what_was_good", "what_could_be_better"])) {
    const text = story[field];
    if (!text) continue;
    put(node, [
      heading(level + 1, { class: "label" }, words.text(field)),
      drawText(text, lang, redacted[field], words),
    ]);
  }
  put(node, [
    reasons.length > 0 &&
      el(
        "p",
        { class: "by redactions" },
        words.text("redacted", { reasons: words.list(reasons).toLowerCase() }),
      ),
    story.topics.length > 0 && drawTopics(story.topics, words),
    drawSignature(story, words),
    drawActs(story, options),
  ]);
  for (const reply of story.replies) node.appendChild(drawReply(reply, story, words, level + 1));
  for (const change of story.changes) node.appendChild(drawChange(change, words, level + 1));
  for (const { from, removed_at: at, reason_text: reason } of story.taken_down)
    node.appendChild(
      el(
        "section",
        { class: "reply gone" },
        heading(level + 1, { class: "label" }, from),
        el("p", { class: "by" }, words.text("stood_here", { day: words.day(at), reason })),
      ),
    );
  return node;
}
