/**
 * What the page says of words while they are written: what could show who someone is, and who helps at once. It
 * advises; nothing waits for it.
 * @typedef {import("./controls.js").Drawing} Drawing
 * @typedef {import("./screening/screen.js").Finding} Finding
 */
import { VERSION, base } from "./origin.js";
import { button, clear, el, heading, link, put } from "./dom.js";
import { dial } from "./ways.js";
import { DISTRESS } from "./screening/own_names.js";
import { makeScreen } from "./screening/screen.js";
import { readOnce } from "./net.js";

/** A person pauses this long before we speak, and the count of characters has been said. */
const PAUSE_MS = 1500;

/** Characters of the text around marked words. */
const AROUND = 24;

/** What the rule book offers where the words can simply go. */
const NOTHING = "nothing";

/** @type {ReturnType<typeof makeScreen> | undefined} */
let screen;

/** The rule book, fetched when the first words are written. Without it the service alone looks. */
const bringRules = () =>
  readOnce(`${base}/${VERSION}/rules.json`).then((book) => (screen = screen || makeScreen(book)));

/** What may be written instead, in the language of the form; "" where nothing is offered. @param {Finding} finding @param {Drawing} drawing */
function insteadOf({ offer }, { words, lang }) {
  const key = `instead_${offer}`;
  if (offer === NOTHING) return NOTHING;
  return lang() === words.tag && words.has(key) ? words.text(key) : "";
}

/**
 * Lines of help, drawn once a person may need them.
 * @param {Drawing} drawing
 */
export function drawSupport({ words, level, context }) {
  const list = el("ul");
  for (const { name, call, text, url, when } of context.support) {
    const line = el("li", {}, el("strong", {}, name));
    if (call) put(line, [" ", dial(call, "tel", words.text("support_call", { number: call }))]);
    if (text) put(line, [" ", dial(text, "sms", words.text("support_write", { number: text }))]);
    if (!call && !text && url) put(line, [" ", link(url, {}, words.text("support_read", { name }))]);
    if (when) put(line, [" ", el("span", { class: "soft" }, when)]);
    list.appendChild(line);
  }
  return el(
    "section",
    { class: "support", "aria-label": words.text("support") },
    heading(level + 1, { class: "sub" }, words.text("support")),
    el("p", {}, words.text("support_text")),
    list,
    el("p", {}, words.text("support_send")),
  );
}

/**
 * Where a language cannot be checked the page says so, and shows who helps without waiting for a word.
 * @param {Drawing} drawing
 */
export function drawCaution(drawing) {
  const node = el("div");
  drawing.canCheck((able) => {
    clear(node);
    if (!able.names) node.appendChild(el("p", { class: "note" }, drawing.words.text("cannot_check")));
    if (!able.crisis) node.appendChild(drawSupport(drawing));
  });
  return node;
}

/**
 * Watches a text: under it stand, when the person pauses, the places that could show who someone is.
 * @param {HTMLTextAreaElement} control
 * @param {Drawing} drawing
 */
export function drawAdvice(control, drawing) {
  const { words, say, lang, context } = drawing;
  const places = el("div");
  const support = el("div");
  const node = el("div", {}, places, support);
  let timer = 0;
  let last = "";

  /** @param {Finding} finding @param {string} offered */
  function replace({ start, end }, offered) {
    const before = control.value.slice(0, start);
    const begins = /(^|[.!?\n])\s*$/.test(before);
    let text = begins ? offered.charAt(0).toLocaleUpperCase(words.tag) + offered.slice(1) : offered;
    if (offered === NOTHING) text = "";
    control.focus();
    control.setSelectionRange(text ? start : before.replace(/[,\s]+$/, "").length, end);
    // The old command is the only one that the person can undo.
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      control.setRangeText(text);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    look();
    say(text ? words.text("advice_changed", { words: text }) : words.text("advice_removed"));
  }

  function look() {
    clearTimeout(timer);
    if (!screen) return;
    const { value } = control;
    const found = [];
    let distress = false;
    for (const finding of screen(value, context.own_names)) {
      if (DISTRESS.indexOf(finding.kind) >= 0) distress = true;
      else found.push(finding);
    }
    const root = /** @type {ShadowRoot} */ (control.getRootNode());
    // It may stand there already: under another text, or because the language cannot be checked.
    if (distress && !root.querySelector(".support")) {
      support.appendChild(drawSupport(drawing));
      say(support.innerText);
    }
    const seen = found.map(({ start, end }) => value.slice(start - AROUND, end + AROUND)).join("\n");
    if (seen === last) return;
    last = seen;
    clear(places);
    if (!found.length) return;
    const list = el("ul");
    for (const finding of found) {
      const { start, end, reason } = finding;
      const offered = insteadOf(finding, drawing);
      const why = words.text(words.has(`why_${reason}`) ? `why_${reason}` : "why_other_identifying_detail");
      const id = `${control.id}-place-${start}`;
      const offer =
        offered === NOTHING ? words.text("advice_remove") : words.text("advice_change", { words: offered });
      const change = offered ? button("quiet", offer, () => replace(finding, offered)) : null;
      if (change) change.setAttribute("aria-describedby", id);
      list.appendChild(
        el(
          "li",
          {},
          el(
            "p",
            { id, dir: "auto", lang: lang() },
            start > AROUND && "…",
            value.slice(Math.max(0, start - AROUND), start),
            el("mark", {}, value.slice(start, end)),
            value.slice(end, end + AROUND),
            end + AROUND < value.length && "…",
          ),
          el("p", {}, why),
          change,
        ),
      );
    }
    const counted = words.counted("advice", found.length);
    put(places, [
      el(
        "div",
        { class: "advice", role: "group", "aria-label": counted },
        el("p", {}, el("strong", {}, counted)),
        el("p", {}, words.text("advice_text")),
        list,
      ),
    ]);
    if (!distress) say(counted);
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => bringRules().then(look, () => {}), PAUSE_MS);
  };
  control.addEventListener("input", later);
  // Words that came back with a step, a draft or a language.
  if (control.value) later();
  return node;
}

/**
 * Counts, for the page of answers, what could show who someone is.
 * @param {string} text
 * @param {Drawing} drawing
 * @param {(said: string, distress: boolean) => void} tell called only where there is something
 */
export function adviseOn(text, { words, context }, tell) {
  bringRules().then(
    (look) => {
      let count = 0;
      let distress = false;
      for (const { kind } of look(text, context.own_names)) {
        if (DISTRESS.indexOf(kind) >= 0) distress = true;
        else count++;
      }
      if (count || distress) tell(count ? words.counted("advice", count) : "", distress);
    },
    () => {},
  );
}
