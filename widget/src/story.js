/**
 * One story as it is read: set like a letter, with the answers it got.
 * @typedef {import("./words.js").Words} Words
 * @typedef {{ id: string, from: string, responder_name?: string, responder_role?: string, body: string,
 *   published_at: string, lang?: string }} Reply
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
 */
import { el, heading, link } from "./dom.js";
import { choiceKey } from "./fields.js";

/** What a moderator put in the place of words that were taken out. */
const STAND_IN = /(\[[^[\]\n]{1,80}\])/;

/**
 * A text as paragraphs; where words were taken out, what stands for them is marked.
 * @param {string} text
 * @param {boolean} redacted
 */
function paragraphs(text, redacted) {
  const nodes = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    const node = el("p", { dir: "auto" });
    const parts = redacted ? paragraph.split(STAND_IN) : [paragraph];
    for (let i = 0; i < parts.length; i++) {
      if (parts[i])
        node.appendChild(
          i % 2
            ? el("span", { class: "taken", part: "redaction" }, parts[i])
            : document.createTextNode(parts[i]),
        );
    }
    nodes.push(node);
  }
  return nodes;
}

/**
 * @param {Reply} reply
 * @param {Words} words
 * @param {number} level
 */
function drawReply(reply, words, level) {
  const { responder_name: name, responder_role: role } = reply;
  let who = name || role || "";
  if (name && role) who = words.text("named", { name, role });
  return el(
    "section",
    { class: "reply", part: "reply" },
    heading(level, { class: "from" }, reply.from),
    el("div", { class: "text", lang: reply.lang }, ...paragraphs(reply.body, false)),
    el(
      "p",
      { class: "by" },
      who && `${who} · `,
      el("time", { datetime: reply.published_at }, words.day(reply.published_at)),
    ),
  );
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
 * The line under a story: who told it, when, of what visit, how it was over all.
 * @param {ShownStory} story
 * @param {Words} words
 */
function drawSignature(story, words) {
  const key = `as_${story.author_role}`;
  const role = words.text(words.has(key) ? key : "as_other");
  const { display_name: name } = story;
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
    let feelings = "";
    for (const feeling of story.feelings) {
      const known = choiceKey("feelings", feeling);
      feelings +=
        (feelings && ", ") +
        (words.has(known) ? words.text(known) : feeling.slice(feeling.indexOf(":") + 1)).toLowerCase();
    }
    more.push(words.text("felt", { feelings }));
  }
  return el(
    "p",
    { class: "by", part: "signature" },
    el("span", { class: "who" }, facts.join(" · ")),
    more.length > 0 && el("br"),
    more.join(" · "),
    el("br"),
    link(
      story.url,
      { class: "permalink" },
      words.text("permalink"),
      el("span", { class: "vh" }, `: ${story.title}`),
    ),
  );
}

/**
 * @param {ShownStory} story
 * @param {Words} words
 * @param {number} level of the story's heading
 * @param {string | null} here code of the service the list is about; other services are named
 */
export function drawStory(story, words, level, here) {
  if (story.state === "removed") return drawTombstone(story, words);
  /** @type {Record<string, boolean>} */
  const redacted = {};
  let reasons = "";
  for (const { field, reason_text: reason } of story.redactions) {
    redacted[field] = true;
    if (reasons.indexOf(reason) < 0) reasons += (reasons && ", ") + reason;
  }
  const node = el(
    "article",
    { class: "story", part: "story" },
    heading(
      level,
      { class: "title", part: "title", lang: story.lang, dir: "auto", tabindex: -1 },
      story.title,
    ),
  );
  if (story.services.length > 1 || (story.services.length && story.services[0].code !== here)) {
    let names = "";
    for (const { name } of story.services) names += (names && ", ") + name;
    node.appendChild(el("p", { class: "by" }, words.text("about_services", { services: names })));
  }
  node.appendChild(el("div", { class: "text", lang: story.lang }, ...paragraphs(story.body, redacted.body)));
  for (const field of /** @type {const} */ (["what_was_good", "what_could_be_better"])) {
    const text = story[field];
    if (!text) continue;
    node.appendChild(heading(level + 1, { class: "label" }, words.text(field)));
    node.appendChild(el("div", { class: "text", lang: story.lang }, ...paragraphs(text, redacted[field])));
  }
  if (reasons)
    node.appendChild(
      el("p", { class: "by redactions" }, words.text("redacted", { reasons: reasons.toLowerCase() })),
    );
  node.appendChild(drawSignature(story, words));
  for (const reply of story.replies) node.appendChild(drawReply(reply, words, level + 1));
  return node;
}
