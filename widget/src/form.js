/**
 * Telling a story, one thing per page. Holds what was typed until the service has it.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {import("./outcome.js").Outcome} Outcome
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("./steps.js").Place} Place
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
 * @property {null | false | { tag: string, text: string }} offer of the browser's own language
 * @property {(tag: string) => void} speak changes the language, keeping what was typed
 * @property {Draft} draft written to; kept by the caller, so that it outlives the closed form
 * @property {(text: string) => void} say announces to screen readers
 * @property {(problem: string, status: number) => void} onFailed
 * @property {() => void} onKept
 * @property {() => void} onClose
 */
import { ADDED, WAYS, fieldsOf } from "./fields.js";
import { DAYS, deviceDraft } from "./draft.js";
import { adviseOn, drawCaution, drawSupport } from "./advice.js";
import { aside, back, choose, forward, stepOf, stepsOf } from "./steps.js";
import { button, clear, el, focus, heading, put } from "./dom.js";
import { codeOf, nameOf, placeOf } from "./places.js";
import { complaints } from "./validate.js";
import { directionOf } from "./words.js";
import { drawField, readBack } from "./controls.js";
import { drawPick } from "./pick.js";
import { drawSent } from "./sent.js";
import { drawWays } from "./ways.js";
import { encode } from "./encode.js";
import { base } from "./origin.js";
import { fetchProof } from "./proofs.js";
import { readOnce, send } from "./net.js";
import { retryIn } from "./outcome.js";
import { told } from "./tiles.js";

export { newDraft } from "./draft.js";

/** Proofs of work that one try at sending makes: a line that breaks uses one up. */
const PROOFS = 3;

/** The service's names for what the form calls otherwise. @type {Record<string, string>} */
const OUR_NAME = { service: "services", topic: "topics" };

/** The same words in the shortest form there is, where there is one. @param {Words} words @returns {Words} */
const inFewWords = (words) => ({
  ...words,
  text: (key, values) => words.text(words.has(`easy_${key}`) ? `easy_${key}` : key, values),
  has: (key) => words.has(`easy_${key}`) || words.has(key),
});

/**
 * The form, where the draft stands.
 * @param {FormOptions} options
 */
export function openForm(options) {
  const {
    words: full,
    level,
    service,
    topic,
    siteKey,
    path,
    draft,
    say,
    onFailed,
    onKept,
    onClose,
  } = options;
  const { answers } = draft;
  const keeper = options.context.keeper.name;
  const context = { ...options.context };
  const few = inFewWords(full);
  const find = !service;
  const device = deviceDraft(`${service || ""} ${topic || ""}`);
  // Enter moves on by hand below: a sandboxed frame may forbid forms to submit at all.
  const node = el("form", { class: "form", part: "form", novalidate: true });
  /** Nobody sees or reaches it: what fills it in is a machine. */
  const unseen = el("input", { id: "subject", tabindex: -1, autocomplete: "off" });
  /** When the form was opened; says nothing of who goes on with a draft. */
  let { opened } = context;
  /** Where the draft on this device is spoken of. */
  const keep = el("div", { class: "keep" });
  let { place } = draft;
  let words = full;
  let tries = 0;
  let sending = false;
  /** What another tab did to the draft: the key of what to say. */
  let notice = "";
  /** When the next try by itself is, in milliseconds; 0 leaves it to the person. */
  let until = 0;
  /** Sent as soon as there is a connection again. */
  let waiting = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  /** Says when the next try comes. @type {HTMLElement | undefined} */
  let prospect;
  /** Ends the wait, and leaves sending to the person. @type {HTMLElement | undefined} */
  let halt;

  /** The services it is about: those chosen, or that of the tag. @returns {string[]} */
  const places = () => answers.services || (service ? [placeOf({ code: service, name: options.about })] : []);
  const about = () => (places().length ? nameOf(places()[0]) : options.about);
  const lang = () => answers.lang || full.tag;

  /** What telling must know of the services it is about, in a language. @param {string} tag */
  function contextIn(tag) {
    const query = new URLSearchParams({ lang: tag });
    for (const one of places()) query.append("service", codeOf(one));
    if (topic) query.append("topic", topic);
    return readOnce(`${base}/api/v1/telling?${query}`);
  }

  /** @param {(able: { names: boolean, crisis: boolean }) => void} tell */
  function canCheck(tell) {
    if (lang() === full.tag) tell(context.can_check);
    else
      contextIn(lang()).then(
        ({ can_check: able }) => tell(able),
        () => tell({ names: false, crisis: false }),
      );
  }

  const save = () => {
    if (draft.stored && !device.write(draft)) {
      draft.stored = false;
      notice = "draft_failed";
      drawKeep();
    }
  };

  /** @returns {import("./controls.js").Drawing} */
  const drawing = () => ({
    words,
    level,
    answers,
    context,
    places,
    about,
    lang,
    canCheck,
    say,
    changed: save,
  });

  /** @param {string} step */
  const fieldsAt = (step, from = place.from) =>
    fieldsOf(
      { way: place.way, step, from },
      { answers, anywhere: !!topic, experience: context.nation === "england" && places().length > 0 },
    );

  node.addEventListener("submit", (event) => event.preventDefault());
  node.addEventListener("keydown", (event) => {
    const { tagName } = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Enter" && !event.isComposing && tagName === "INPUT") {
      event.preventDefault();
      onward();
    }
  });
  for (const type of ["input", "change"]) node.addEventListener(type, save);

  /** Another tab wrote the draft, sent it or wiped it. @param {StorageEvent} event */
  const onStorage = (event) => {
    const follows = draft.stored || notice === "draft_newer";
    if (!follows || (event.key && event.key !== device.name)) return;
    draft.stored = false;
    notice = event.newValue ? "draft_newer" : "draft_gone";
    drawKeep();
    say(words.text(notice));
  };
  const onOnline = () => {
    if (waiting) deliverNow();
  };
  listen();

  /** @param {Answers} sent @param {string} [proof] */
  const deliver = (sent, proof) =>
    send(
      `${base}/api/v1/stories?lang=${full.tag}`,
      encode(sent, {
        topic,
        siteKey,
        path,
        key: draft.key,
        lang: full.tag,
        opened,
        subject: unseen.value,
        proof,
      }),
    );

  function stopWaiting() {
    clearInterval(clock);
    waiting = false;
    if (prospect) prospect.textContent = words.text("retry_by_hand");
    if (halt) halt.hidden = true;
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
          focusField(target);
        });
      }
      list.appendChild(el("li", {}, item));
    }
    return drawBox("summary", "problem", [list]);
  }

  /**
   * A box over the heading that takes the focus and is read at once.
   * @param {string} look
   * @param {string} title
   * @param {import("./dom.js").Child[]} children
   */
  const drawBox = (look, title, children) =>
    el(
      "div",
      { class: look, part: "error-summary", role: "group", tabindex: -1, "aria-labelledby": "summary" },
      el("div", { role: "alert" }, heading(level, { id: "summary" }, words.text(title)), ...children),
    );

  /** @param {string | null | undefined} name */
  function focusField(name) {
    const control = name && /** @type {HTMLElement | null} */ (node.querySelector(`#${name}`));
    if (control) focus(control, /** @type {HTMLElement} */ (control.parentNode));
  }

  /**
   * Draws the step at hand and takes the focus there.
   * @param {Fault[]} [faults]
   * @param {HTMLElement} [above] drawn over the heading, and focused
   */
  function draw(faults = [], above) {
    const { way, step, from } = place;
    words = way === "easy" ? few : full;
    const steps = stepsOf(way, find);
    const at = steps.indexOf(step);
    const fields = fieldsAt(step);
    // One question alone is the heading.
    const [first] = fields;
    const alone = fields.length === 1 && first.kind === "one";
    if (alone) fields[0] = { ...first, heads: true };
    clear(node);
    clear(keep);
    /** @type {Record<string, string>} */
    const errors = {};
    for (const { field, text } of faults) if (field) errors[field] = text;
    const summary = faults.length ? drawSummary(faults) : above;
    const bar = el("div", { class: "bar", "aria-hidden": "true" });
    for (let i = 0; i < steps.length; i++) bar.appendChild(el("i", { class: i <= at && "past" }));
    const title = words.text(alone ? `${first.name}_label` : `step_${step}`);
    const question = heading(
      level,
      { class: "question", tabindex: -1 },
      at >= 0 && el("span", { class: "step" }, words.text("step", { step: at + 1, steps: steps.length })),
      first && first.heads && first.kind === "long" ? el("label", { for: first.name }, title) : title,
    );
    put(node, [bar, summary, question]);
    const lead = `step_${step}_lead`;
    if (words.has(lead)) node.appendChild(el("p", { class: "lead" }, words.text(lead)));
    for (const field of fields) node.appendChild(drawField(field, errors[field.name], drawing()));
    if (step === "ways") drawFirst();
    if (step === "check") drawAnswers();
    let act = "continue";
    if (step === "check") act = "send";
    else if (from === "check" || steps[at + 1] === "check") act = "to_check";
    put(node, [
      el(
        "div",
        { class: "acts" },
        way || from ? button("main", words.text(act), onward) : null,
        way || from ? el("br") : null,
        button("plain", words.text("back"), backward),
      ),
    ]);
    if (step === "ways" || at === 0) {
      node.appendChild(el("p", { class: "note" }, words.text("urgent")));
      // Northern Ireland has no 111.
      if (context.nation && context.nation !== "northern_ireland")
        node.appendChild(el("p", { class: "note" }, words.text("urgent_advice")));
      const { now, opens } = context.staffed;
      if (!now && opens)
        node.appendChild(
          el("p", { class: "note" }, words.text("unstaffed", { day: full.day(opens), time: opens.slice(11) })),
        );
    }
    drawKeep();
    if (step !== "ways") node.appendChild(keep);
    node.appendChild(
      el(
        "div",
        { class: "unseen", "aria-hidden": true },
        el("label", { for: "subject" }, words.text("leave_empty")),
        unseen,
      ),
    );
    focus(summary || question, bar);
  }

  /** The first page, and what comes before it: the browser's own language, a draft of before. */
  function drawFirst() {
    const { offer, speak } = options;
    if (offer) {
      const change = button("quiet", offer.text, () => speak(offer.tag));
      put(node, [el("p", { class: "offer", lang: offer.tag, dir: directionOf(offer.tag) }, change)]);
    }
    put(node, [
      keep,
      drawWays({ words, complaints: () => context.complaints, choose: (way) => go(choose(way, find)) }),
      el(
        "p",
        {},
        button("plain", words.text("services_change"), () => go(aside(place, "services"))),
      ),
    ]);
  }

  /** Whether a draft is kept on this device, and how to have one or be rid of it. */
  function drawKeep() {
    clear(keep);
    const found = device.read();
    const other = found && found.draft.key !== draft.key;
    if (found && other) {
      const day = full.day(found.since.toISOString());
      put(keep, [
        el("p", {}, words.text("draft_found", { day })),
        button("quiet", words.text("draft_carry_on"), take),
        button("plain", words.text("draft_wipe"), wipe),
      ]);
    } else if (place.step !== "ways") {
      const ends = new Date(Date.now() + DAYS * 86400000).toISOString();
      const pick = {
        id: "keep-draft",
        name: "keep-draft",
        text: words.text("draft_label"),
        hint: draft.stored ? "" : words.text("draft_hint"),
        checked: draft.stored,
      };
      put(keep, [
        el(
          "p",
          { class: "note" },
          draft.stored ? words.text("draft_kept", { day: full.day(ends) }) : words.text("note"),
        ),
        drawPick("checkbox", pick, (wanted) => {
          notice = "";
          draft.stored = wanted;
          if (!wanted) return wipe();
          save();
          drawKeep();
          focusField("keep-draft");
        }),
        draft.stored && button("plain", words.text("draft_wipe"), wipe),
      ]);
    }
    if (notice) put(keep, [el("p", { class: "notice" }, words.text(notice))]);
    if (notice === "draft_newer" && found) put(keep, [button("quiet", words.text("draft_show"), take)]);
  }

  function wipe() {
    device.wipe();
    draft.stored = false;
    notice = "draft_wiped";
    drawKeep();
    say(words.text(notice));
    focusField("keep-draft");
  }

  /** Goes on with the draft on this device, as it is now. */
  function take() {
    const found = device.read();
    if (!found) return drawKeep();
    for (const name of Object.keys(answers)) delete answers[name];
    Object.assign(answers, found.draft.answers);
    Object.assign(draft, found.draft, { answers });
    opened = "";
    ({ place } = draft);
    notice = "";
    draw();
  }

  /** Every answer with a way to change it; what was not asked may be added. */
  function drawAnswers() {
    const { way } = place;
    const rows = el("dl", { class: "rows" });
    const more = el("div", { class: "more" });
    const at = drawing();
    let all = "";
    /** @param {string} label @param {() => void} act */
    const add = (label, act) => {
      const adding = button("quiet", label, act);
      adding.setAttribute("aria-label", words.text("add", { label }));
      more.appendChild(adding);
    };
    for (const step of ["services", ...WAYS[way], ...ADDED[way]]) {
      const fields = fieldsAt(step, "check");
      const added = ADDED[way].indexOf(step) >= 0;
      if (added && !fields.some((field) => readBack(field, at))) {
        add(words.text(`step_${step}`), () => go(aside(place, step)));
        continue;
      }
      for (const field of fields) {
        const { name, kind } = field;
        const label = words.text(`${name}_label`);
        const answer = readBack(field, at);
        const change = () => {
          go(aside(place, step));
          focusField(name);
        };
        if (!answer) {
          add(label, change);
          continue;
        }
        const changing = button("plain", "", change);
        put(changing, words.mixed("change", { label: el("span", { class: "vh" }, label) }));
        const dd = el("dd", { dir: "auto" }, answer);
        if (kind === "long" || kind === "line") {
          all += `${answer}\n`;
          adviseOn(answer, at, (said) => said && put(dd, [el("p", { class: "flagged" }, said)]));
        }
        rows.appendChild(el("div", {}, el("dt", {}, label), dd, el("dd", { class: "act" }, changing)));
      }
    }
    const caution = el("div", {}, drawCaution(at));
    rows.appendChild(
      drawLanguage(() => {
        clear(caution);
        caution.appendChild(drawCaution(at));
      }),
    );
    put(node, [rows, caution]);
    adviseOn(
      all,
      at,
      (_, distress) => distress && canCheck(({ crisis }) => crisis && caution.appendChild(drawSupport(at))),
    );
    if (more.firstChild) put(node, [el("details", {}, el("summary", {}, words.text("add_heading")), more)]);
  }

  /** The language of the story, which may be another than the form's. @param {() => void} onChange */
  function drawLanguage(onChange) {
    const select = el("select", { id: "lang" });
    for (const { tag, name } of context.languages)
      select.appendChild(el("option", { value: tag, lang: tag }, name));
    select.appendChild(el("option", { value: "und" }, words.text("lang_other")));
    select.value = lang();
    select.addEventListener("change", () => {
      answers.lang = select.value;
      onChange();
    });
    return el(
      "div",
      {},
      el("dt", {}, el("label", { for: "lang" }, words.text("lang_label"))),
      el("dd", {}, select),
    );
  }

  /** @param {Place} next */
  function go(next) {
    stopWaiting();
    draft.place = place = next;
    save();
    draw();
  }

  function backward() {
    if (sending) return;
    const previous = back(place, find);
    if (previous) go(previous);
    else close();
  }

  /** Hears the line come back and other tabs; again, when the form has been away from the page. */
  function listen() {
    window.addEventListener("storage", onStorage);
    window.addEventListener("online", onOnline);
    if (navigator.onLine) onOnline();
  }

  function stop() {
    const unsent = waiting;
    stopWaiting();
    waiting = unsent;
    window.removeEventListener("storage", onStorage);
    window.removeEventListener("online", onOnline);
  }

  function close() {
    stop();
    onClose();
  }

  /** What is wrong in a step, in words. @param {string} step @returns {Fault[]} */
  function faultsOf(step) {
    const faults = [];
    const given = { ...answers, services: places() };
    for (const { field, key, count } of complaints(fieldsAt(step, "check"), given, new Date())) {
      faults.push({ field, text: count === undefined ? words.text(key) : words.counted(key, count) });
    }
    return faults;
  }

  function onward() {
    const { way, step } = place;
    if (sending) return;
    const checked = step === "check" ? [...stepsOf(way, find), ...ADDED[way]] : [step];
    for (const each of checked) {
      const faults = faultsOf(each);
      if (!faults.length) continue;
      if (each !== step) place = aside(place, each);
      return draw(faults);
    }
    if (step === "check") {
      deliverNow();
      return;
    }
    if (step === "services") {
      // Whom to complain to, who helps and what names are its own depend on the service.
      contextIn(full.tag).then(
        (learnt) => Object.assign(context, learnt),
        () => {},
      );
    }
    go(forward(place, find));
  }

  async function deliverNow() {
    sending = true;
    stopWaiting();
    say(words.text("sending"));
    const sendButton = /** @type {HTMLElement} */ (node.querySelector(".main"));
    const below = /** @type {HTMLElement} */ (sendButton.parentNode);
    // Not disabled: a disabled button loses the focus.
    sendButton.setAttribute("aria-disabled", "true");
    sendButton.textContent = words.text("sending");
    tries++;
    /** @type {Answers} */
    const sent = { ...answers, services: places() };
    // Pictures speak where nobody wrote.
    if (place.way === "easy" && !`${sent.body || ""}`.trim()) sent.body = told(drawing());
    let outcome = await deliver(sent);
    for (let asked = 0; outcome.kind === "prove" && asked < PROOFS; asked++) {
      try {
        const { prove } = await fetchProof();
        const proof = await prove(outcome.challenge, { at: below, words, say, el, button });
        if (!proof) {
          sending = false;
          say("");
          return draw();
        }
        outcome = await deliver(sent, proof);
      } catch {
        outcome = { kind: "lost", status: 0 };
      }
    }
    let earlier = false;
    if (outcome.kind === "refused" && outcome.type === "idempotency-key-reused" && draft.uncertain) {
      // The try that got no answer had arrived, and the words were changed since: ask for its link.
      outcome = await deliver(draft.uncertain);
      earlier = outcome.kind === "kept";
    }
    if (outcome.kind === "prove") outcome = { ...outcome, kind: "refused" };
    if (outcome.kind === "lost" && !draft.uncertain) {
      draft.uncertain = sent;
      save();
    }
    sending = false;
    say("");
    if (outcome.kind !== "kept") return failed(outcome);
    if (draft.stored) device.wipe();
    draft.stored = false;
    onKept();
    clear(node);
    const { link, qr, changed } = outcome;
    const email = answers.contact_email;
    focus(
      drawSent(node, {
        words,
        level,
        about: about(),
        keeper,
        link,
        qr,
        changed,
        email,
        earlier,
        say,
        onDone: close,
      }),
    );
  }

  /** @param {Exclude<Outcome, { kind: "kept" | "prove" }>} outcome */
  function failed(outcome) {
    onFailed(outcome.kind === "refused" ? outcome.type : outcome.kind, outcome.status);
    if (outcome.kind === "refused") {
      const faults = faultsFrom(outcome.errors);
      if (faults.length && faults[0].field) {
        place = aside({ ...place, step: "check" }, stepOf(place.way, faults[0].field));
        return draw(faults);
      }
    }
    const seconds = retryIn(outcome, tries);
    until = seconds && Date.now() + seconds * 1000;
    waiting = outcome.kind === "lost";
    draw([], drawNotSent(outcome));
  }

  /**
   * The service's complaints: those of the first step that has any; of no step, all of them.
   * @param {Record<string, string[]>} errors
   */
  function faultsFrom(errors) {
    const order = ["services", ...WAYS[place.way], ...ADDED[place.way]];
    let first = "check";
    for (const key of Object.keys(errors)) {
      const step = stepOf(place.way, OUR_NAME[key] || key);
      if (step !== "check" && (first === "check" || order.indexOf(step) < order.indexOf(first))) first = step;
    }
    /** @type {Fault[]} */
    const faults = [];
    for (const key of Object.keys(errors)) {
      const field = OUR_NAME[key] || key;
      if (stepOf(place.way, field) !== first) continue;
      for (const text of errors[key]) faults.push({ field: first === "check" ? null : field, text });
    }
    return faults;
  }

  /**
   * Why it was not sent, that nothing is lost, and what happens now.
   * @param {Exclude<Outcome, { kind: "kept" | "prove" }>} outcome
   */
  function drawNotSent(outcome) {
    const { kind } = outcome;
    const offline = kind === "lost" && navigator.onLine === false;
    let why = outcome.kind !== "lost" && outcome.detail;
    if (!why)
      why = words.text(offline ? "offline" : { lost: "lost", wait: "busy", refused: "refused" }[kind]);
    const then = (prospect = el("p", {}, words.text(offline ? "retry_online" : "retry_by_hand")));
    const also = el("ul");
    if (outcome.kind === "refused") {
      for (const { text } of faultsFrom(outcome.errors)) also.appendChild(el("li", {}, text));
    }
    const tell = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) return deliverNow();
      const text =
        left < 90
          ? words.counted("retry_seconds", left)
          : words.counted("retry_minutes", Math.ceil(left / 60));
      // Not live: read out as it begins and as it ends, not each second.
      if (then.textContent !== text) then.textContent = text;
    };
    const box = drawBox("summary wait", "not_sent", [
      el("p", {}, why),
      also.firstChild && also,
      el("p", {}, words.text("kept_here")),
    ]);
    box.appendChild(then);
    if (until && !offline) {
      tell();
      say(then.textContent || "");
      // By the clock: pages that are hidden, asleep or put away get no tick for minutes.
      clock = setInterval(tell, 1000);
      box.appendChild(
        (halt = button("plain", words.text("retry_stop"), () => {
          stopWaiting();
          say(then.textContent || "");
          focus(box);
        })),
      );
    }
    return box;
  }

  return { node, open: () => draw(), listen, stop };
}
