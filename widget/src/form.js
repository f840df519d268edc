/**
 * Telling a story, one thing per page. Holds what was typed until the service has it.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {import("./outcome.js").Outcome} Outcome
 * @typedef {{ field: string | null, text: string }} Fault something to mend, and where
 * @typedef {object} FormOptions
 * @property {Words} words
 * @property {number} level of the step's heading
 * @property {string} about name of the service or topic
 * @property {any} context of GET /api/v1/telling
 * @property {string | null} service
 * @property {string | null} topic
 * @property {string | null} siteKey
 * @property {string | null} path of the page, never its query
 * @property {false | null | { tag: string, text: string }} offer of the browser's own language
 * @property {(tag: string) => void} speak changes the language, keeping what was typed
 * @property {Draft} draft written to; kept by the caller, so that it outlives the closed form
 * @property {(text: string) => void} say announces to screen readers
 * @property {(problem: string, status: number) => void} onFailed
 * @property {() => void} onKept
 * @property {() => void} onClose
 *
 * What one story has come to so far. The key is made with it and kept over every try, so that one story is kept once.
 * @typedef {object} Draft
 * @property {Answers} answers
 * @property {string} key
 * @property {import("./steps.js").Place} place
 * @property {Answers | null} uncertain what was sent when no answer came: the service may have it
 */
import { button, clear, el, focus, heading, put } from "./dom.js";
import { CHECK, STEPS } from "./fields.js";
import { change, back, forward, start, stepOf } from "./steps.js";
import { complaints } from "./validate.js";
import { drawField, readBack } from "./controls.js";
import { drawSent } from "./sent.js";
import { encode, newKey } from "./encode.js";
import { base } from "./origin.js";
import { send } from "./net.js";
import { retryIn } from "./outcome.js";

/** @returns {Draft} */
export const newDraft = () => ({ answers: {}, key: newKey(), place: start(), uncertain: null });

/**
 * The form, where the draft stands.
 * @param {FormOptions} options
 */
export function openForm(options) {
  const { words, level, about, context, service, topic, siteKey, path, draft, say, onFailed, onKept, onClose } = options;
  const keeper = context.keeper.name;
  const { answers, key } = draft;
  // Enter moves on by hand below: a sandboxed frame may forbid forms to submit at all.
  const node = el("form", { class: "form", part: "form", novalidate: true });
  let { place } = draft;
  let tries = 0;
  let sending = false;
  /** Seconds until the next try by itself. */
  let wait = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  /** Says when the next try comes. @type {HTMLElement | undefined} */
  let prospect;

  node.addEventListener("submit", (event) => event.preventDefault());
  node.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Enter" && !event.isComposing && target.tagName === "INPUT") {
      event.preventDefault();
      onward();
    }
  });

  /** @param {Answers} answers */
  const deliver = (answers) =>
    send(`${base}/api/v1/stories`, encode(answers, { service, topic, siteKey, path, key, lang: words.tag }));

  function stopWaiting() {
    clearInterval(clock);
    wait = 0;
    if (prospect) prospect.textContent = words.text("retry_by_hand");
  }

  /** @param {Fault[]} faults */
  function drawSummary(faults) {
    const list = el("ul");
    for (const { field, text } of faults) {
      const target = field;
      const item = target ? el("a", { href: `#${target}` }, text) : text;
      if (typeof item !== "string") {
        // Fragments do not resolve into a shadow root.
        item.addEventListener("click", (event) => {
          event.preventDefault();
          const control = /** @type {HTMLElement | null} */ (node.querySelector(`#${target}`));
          if (control) focus(control, /** @type {HTMLElement} */ (control.parentNode));
        });
      }
      list.appendChild(el("li", {}, item));
    }
    return el(
      "div",
      { class: "summary", part: "error-summary", role: "group", tabindex: -1, "aria-labelledby": "summary" },
      el("div", { role: "alert" }, heading(level, { id: "summary" }, words.text("problem")), list),
    );
  }

  /**
   * Draws the step at hand and takes the focus there.
   * @param {Fault[]} [faults]
   * @param {HTMLElement} [above] drawn over the heading, and focused
   */
  function draw(faults = [], above) {
    const { name, fields } = STEPS[place.at];
    clear(node);
    /** @type {Record<string, string>} */
    const errors = {};
    for (const { field, text } of faults) if (field) errors[field] = text;
    const summary = faults.length ? drawSummary(faults) : above;
    const bar = el("div", { class: "bar", "aria-hidden": "true" });
    for (let at = 0; at <= CHECK; at++) bar.appendChild(el("i", { class: at <= place.at && "past" }));
    const title = words.text(`step_${name}`);
    const question = heading(
      level,
      { class: "question", tabindex: -1 },
      el("span", { class: "step" }, words.text("step", { step: place.at + 1, steps: CHECK + 1 })),
      fields.length && fields[0].heads ? el("label", { for: fields[0].name }, title) : title,
    );
    put(node, [bar, summary, question]);
    const lead = `step_${name}_lead`;
    if (words.has(lead)) node.appendChild(el("p", { class: "lead" }, words.text(lead)));
    const drawing = { words, answers, about, say };
    for (const field of fields) node.appendChild(drawField(field, errors[field.name], drawing));
    if (place.at === CHECK) node.appendChild(drawAnswers(drawing));
    let act = "continue";
    if (place.at === CHECK) act = "send";
    else if (place.at === CHECK - 1 || place.checking) act = "to_check";
    put(node, [
      el(
        "div",
        { class: "acts" },
        button("main", words.text(act), onward),
        el("br"),
        button("plain", words.text("back"), backward),
      ),
    ]);
    if (place.at === 0) {
      for (const note of ["step_story_note", "step_story_urgent"])
        node.appendChild(el("p", { class: "note" }, words.text(note)));
    }
    focus(summary || question, bar);
  }

  /** @param {import("./controls.js").Drawing} drawing */
  function drawAnswers(drawing) {
    const rows = el("dl", { class: "rows" });
    for (const { fields } of STEPS) {
      for (const field of fields) {
        const label = words.text(`${field.name}_label`);
        const changing = button("plain", "", () => go(change(field.name), field.name));
        put(changing, words.mixed("change", { label: el("span", { class: "vh" }, label) }));
        rows.appendChild(
          el(
            "div",
            {},
            el("dt", {}, label),
            el(
              "dd",
              { dir: "auto" },
              readBack(field, drawing) || el("span", { class: "soft" }, words.text("not_given")),
            ),
            el("dd", { class: "act" }, changing),
          ),
        );
      }
    }
    return rows;
  }

  /**
   * @param {import("./steps.js").Place} next
   * @param {string} [field] gets the focus in place of the heading
   */
  function go(next, field) {
    stopWaiting();
    draft.place = place = next;
    draw();
    const control = field && /** @type {HTMLElement | null} */ (node.querySelector(`#${field}`));
    if (control) focus(control, /** @type {HTMLElement} */ (control.parentNode));
  }

  function backward() {
    if (sending) return;
    const previous = back(place);
    if (previous) go(previous);
    else close();
  }

  function close() {
    stopWaiting();
    onClose();
  }

  /** Complaints of a step, in words. @param {number} at @returns {Fault[]} */
  function faultsOf(at) {
    const faults = [];
    for (const { field, key: sentence, count } of complaints(at, answers, new Date())) {
      faults.push({
        field,
        text: count === undefined ? words.text(sentence) : words.counted(sentence, count),
      });
    }
    return faults;
  }

  function onward() {
    if (sending) return;
    for (let at = place.at === CHECK ? 0 : place.at; at <= place.at; at++) {
      const faults = faultsOf(at);
      if (faults.length) {
        if (at !== place.at) place = change(STEPS[at].fields[0].name);
        return draw(faults);
      }
    }
    if (place.at === CHECK) deliverNow();
    else go(forward(place));
  }

  async function deliverNow() {
    sending = true;
    stopWaiting();
    say(words.text("sending"));
    const sendButton = /** @type {HTMLElement} */ (node.querySelector(".main"));
    // Not disabled: a disabled button loses the focus.
    sendButton.setAttribute("aria-disabled", "true");
    sendButton.textContent = words.text("sending");
    tries++;
    const sent = { ...answers };
    let outcome = await deliver(sent);
    let earlier = false;
    if (outcome.kind === "refused" && outcome.type === "idempotency-key-reused" && draft.uncertain) {
      // The try that got no answer had arrived, and the words were changed since: ask for its link.
      outcome = await deliver(draft.uncertain);
      earlier = outcome.kind === "kept";
    }
    if (outcome.kind === "lost" && !draft.uncertain) draft.uncertain = sent;
    sending = false;
    say("");
    if (outcome.kind === "kept") {
      onKept();
      clear(node);
      focus(drawSent(node, { words, level, about, keeper, link: outcome.link, earlier, say, onDone: close }));
    } else failed(outcome);
  }

  /** @param {Exclude<Outcome, { kind: "kept" }>} outcome */
  function failed(outcome) {
    onFailed(outcome.kind === "refused" ? outcome.type : outcome.kind, outcome.status);
    if (outcome.kind === "refused") {
      const faults = faultsFrom(outcome.errors);
      if (faults.length && faults[0].field) {
        place = change(faults[0].field);
        return draw(faults);
      }
    }
    wait = retryIn(outcome, tries);
    draw([], drawNotSent(outcome));
  }

  /**
   * The service's complaints: those of the first step that has any; of no step, all of them.
   * @param {Record<string, string[]>} errors
   */
  function faultsFrom(errors) {
    let first = CHECK;
    for (const field of Object.keys(errors)) first = Math.min(first, stepOf(field));
    /** @type {Fault[]} */
    const faults = [];
    for (const field of Object.keys(errors)) {
      const at = stepOf(field);
      if (at !== first) continue;
      for (const text of errors[field]) faults.push({ field: at < CHECK ? field : null, text });
    }
    return faults;
  }

  /**
   * Why it was not sent, that nothing is lost, and what happens now.
   * @param {Exclude<Outcome, { kind: "kept" }>} outcome
   */
  function drawNotSent(outcome) {
    let why = outcome.kind !== "lost" && outcome.detail;
    if (!why) why = words.text({ lost: "lost", wait: "busy", refused: "refused" }[outcome.kind]);
    const then = (prospect = el("p", {}, words.text("retry_by_hand")));
    const also = el("ul");
    if (outcome.kind === "refused") {
      for (const { text } of faultsFrom(outcome.errors)) also.appendChild(el("li", {}, text));
    }
    const tell = () => {
      then.textContent =
        wait < 90
          ? words.counted("retry_seconds", wait)
          : words.counted("retry_minutes", Math.ceil(wait / 60));
    };
    if (wait) {
      tell();
      clock = setInterval(() => {
        wait--;
        if (wait > 0) tell();
        else deliverNow();
      }, 1000);
    }
    return el(
      "div",
      {
        class: "summary wait",
        part: "error-summary",
        role: "group",
        tabindex: -1,
        "aria-labelledby": "summary",
      },
      el(
        "div",
        { role: "alert" },
        heading(level, { id: "summary" }, words.text("not_sent")),
        el("p", {}, why),
        also.firstChild && also,
        el("p", {}, words.text("kept_here")),
      ),
      then,
    );
  }

  return { node, open: () => draw(), stop: stopWaiting };
}
