/**
 * Finding stories: by words, by what they raise, by where it happened, in an order. Only a reader can ask for less than
 * all; no attribute of the tag can.
 * @typedef {import("./words.js").Words} Words
 * @typedef {Record<string, string>} Asked what GET /api/v1/stories is asked for; empty for all, newest first
 */
import { el } from "./dom.js";
import { read } from "./net.js";
import { trying } from "./act.js";

/**
 * @param {{ words: Words, place: string }} options
 * @param {(asked: Asked) => Promise<void>} ask fetches and shows; rejected when it cannot
 */
export function drawFind({ words, place }, ask) {
  /** @type {(value: string, text: string) => HTMLOptionElement} */
  const option = (value, text) => el("option", { value }, text);
  /** @param {string} name @param {string} label key @param {HTMLElement} control */
  const field = (name, label, control) => {
    control.id = name;
    return el("div", { class: "field" }, el("label", { for: name }, words.text(label)), control);
  };

  const q = el("input", { type: "search", enterkeyhint: "search", maxlength: 200 });
  const topic = el("select", {}, option("", words.text("find_topic_any")));
  const service = el("select", {}, option("", words.text("find_service_any")));
  const closest = option("relevant", words.text("sort_relevant"));
  const order = el(
    "select",
    {},
    option("", words.text("sort_newest")),
    closest,
    option("waiting", words.text("sort_waiting")),
    option("changed", words.text("sort_changed")),
  );
  const serviceField = field("about_service", "find_service", service);
  serviceField.hidden = true;

  /** Words can be close only to words; where there are some, that is the order people expect. */
  function offerClosest() {
    closest.disabled = !q.value.trim();
    if (closest.disabled ? order.value === "relevant" : !order.value) order.value = closest.disabled ? "" : "relevant";
  }

  const [act, failed] = trying("quiet", words.text("find_them"), words.text("fetch_failed"), () => {
    /** @type {Asked} */
    const asked = {};
    for (const control of [q, topic, service, order])
      if (control.value.trim()) asked[control.id] = control.value.trim();
    return ask(asked);
  });
  q.addEventListener("change", offerClosest);
  q.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    offerClosest();
    act.click();
  });

  const node = el(
    "details",
    { class: "find" },
    el("summary", {}, words.text("find")),
    el(
      "div",
      { role: "search", "aria-label": words.text("find") },
      field("q", "find_words", q),
      field("about_topic", "find_topic", topic),
      serviceField,
      field("order", "find_order", order),
      el("div", { class: "acts" }, act),
      failed,
    ),
  );
  /** @param {HTMLSelectElement} select @param {string} value @param {string} name @param {number} stories */
  const offer = (select, value, name, stories) =>
    select.appendChild(option(value, `${name} (${words.number(stories)})`));
  /** What can be chosen is fetched for those who look. */
  async function fill() {
    const { topics, services } = await read(`${place}/summary?lang=${words.tag}`);
    for (const { slug, name, stories } of topics) offer(topic, slug, name, stories);
    for (const { code, name, stories } of services) offer(service, code, name, stories);
    serviceField.hidden = services.length < 2;
  }
  // Where it cannot be fetched, the words and the order are there to find with.
  node.addEventListener("toggle", () => fill().catch(() => {}), { once: true });

  return {
    node,
    /** Asks for nothing any more. */
    reset() {
      for (const control of [q, topic, service, order]) control.value = "";
      offerClosest();
    },
  };
}
