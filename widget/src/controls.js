/**
 * One field of the form as DOM: label, hint, error, control, count. All ids live in the embed's own shadow root.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {object} Drawing
 * @property {Words} words
 * @property {number} level of the step's heading
 * @property {Answers} answers written to as the person types
 * @property {any} context of GET /api/v1/telling
 * @property {() => string[]} places the services it is about
 * @property {() => string} about the name of the first of them, or of the topic
 * @property {() => string} lang the story's language
 * @property {(tell: (able: { names: boolean, crisis: boolean }) => void) => void} canCheck what can be found in it
 * @property {() => void} changed an answer changed by no control of its own
 * @property {(text: string) => void} say announces to screen readers
 */
import { YEARS_BACK, bare, choiceKey } from "./fields.js";
import { button, el, put } from "./dom.js";
import { drawAdvice, drawCaution } from "./advice.js";
import { drawFinder } from "./finder.js";
import { drawPick } from "./pick.js";
import { drawTiles, told } from "./tiles.js";
import { leftOf } from "./count.js";
import { nameOf } from "./places.js";

/** Screen readers hear the count when typing has stopped this long, as govuk-frontend does it. */
const PAUSE_MS = 1000;

/**
 * The live count under a text: what is left, or how much is too much. Nothing typed is ever cut.
 * @param {HTMLInputElement | HTMLTextAreaElement} control
 * @param {number} max
 * @param {Drawing} drawing
 */
function drawCount(control, max, { words, say }) {
  const node = el("p", { class: "left", "aria-hidden": "true" });
  let timer = 0;
  const sentence = () => {
    const left = leftOf(control.value, max);
    return words.counted(left < 0 ? "count_over" : "count_left", Math.abs(left));
  };
  const show = () => {
    node.textContent = sentence();
    node.className = leftOf(control.value, max) < 0 ? "left over" : "left";
  };
  control.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(() => say(sentence()), PAUSE_MS);
  });
  show();
  return node;
}

/** A choice in words; a theme is named by the service. @param {string} name @param {string} value @param {Drawing} drawing */
function labelOf(name, value, { words, context }) {
  if (name !== "topics") return words.text(choiceKey(name, value));
  for (const theme of context.themes) if (theme.slug === bare(value)) return theme.name;
  return bare(value);
}

/**
 * Choices in one fieldset; the first bears the field's name as id, so that an error link finds it.
 * @param {Field} field
 * @param {Drawing} drawing
 */
function drawPicks({ name, kind, options = [] }, drawing) {
  const { answers, context } = drawing;
  const picks = el("div", { class: "picks" });
  const values = [];
  if (name === "topics") for (const { slug } of context.themes) values.push(slug);
  else values.push(...options);
  /** How it was may have been said with a picture. @param {string} value */
  const others = (value) => {
    const kept = [];
    for (const other of answers[name] || []) if (bare(other) !== bare(value)) kept.push(other);
    return kept;
  };
  for (const value of values) {
    const id = value === values[0] ? name : `${name}-${value.replace(":", "-")}`;
    const one = kind === "one";
    const checked = one ? answers[name] === value : others(value).length < (answers[name] || []).length;
    const about = { id, name, text: labelOf(name, value, drawing), checked };
    picks.appendChild(
      drawPick(one ? "radio" : "checkbox", about, (ticked) => {
        if (one) answers[name] = value;
        else answers[name] = ticked ? [...others(value), value] : others(value);
      }),
    );
  }
  return picks;
}

/**
 * Month and year as two lists: nothing to mistype.
 * @param {Field} field
 * @param {Drawing} drawing
 */
function drawMonth({ name }, { words, answers }) {
  const [chosenYear, chosenMonth] = `${answers[name] || "-"}`.split("-");
  const months = el("select", { id: name }, el("option", { value: "" }, words.text("choose")));
  for (let month = 1; month <= 12; month++) {
    months.appendChild(el("option", { value: (month < 10 ? "0" : "") + month }, words.monthName(month)));
  }
  const years = el("select", { id: `${name}-year` }, el("option", { value: "" }, words.text("choose")));
  const now = new Date().getFullYear();
  for (let year = now; year >= now - YEARS_BACK; year--)
    years.appendChild(el("option", { value: year }, `${year}`));
  months.value = chosenMonth;
  years.value = chosenYear;
  for (const select of [months, years]) {
    select.addEventListener("change", () => {
      answers[name] = `${years.value}-${months.value}`;
    });
  }
  return el(
    "div",
    { class: "pair" },
    el("label", { for: name }, words.text("month"), months),
    el("label", { for: `${name}-year` }, words.text("year"), years),
  );
}

/**
 * A name that nobody is called by, offered anew each time it is used.
 * @param {HTMLInputElement | HTMLTextAreaElement} control
 * @param {Drawing} drawing
 */
function drawSuggestion(control, { words }) {
  const names = words.text("names").split(/\s*[,،、，]\s*/);
  let at = Math.floor(Math.random() * names.length);
  const sentence = () => words.text("display_name_use", { name: names[at] });
  const node = button("quiet", sentence(), () => {
    control.value = names[at];
    control.dispatchEvent(new Event("input", { bubbles: true }));
    at = (at + 1) % names.length;
    node.textContent = sentence();
  });
  return node;
}

/**
 * A text control.
 * @param {Field} field
 * @param {Drawing} drawing
 * @param {Record<string, string | undefined>} aria
 */
function drawText({ name, kind, rows }, { answers }, aria) {
  const control =
    kind === "long"
      ? el("textarea", { id: name, rows, ...aria })
      : el("input", {
          id: name,
          type: kind === "email" ? "email" : "text",
          autocomplete: kind === "email" ? "email" : "off",
          ...aria,
        });
  control.value = answers[name] || "";
  control.addEventListener("input", () => {
    answers[name] = control.value;
  });
  return control;
}

/**
 * A field with everything that belongs to it.
 * @param {Field} field
 * @param {string | undefined} error what is wrong with it, in words
 * @param {Drawing} drawing
 */
export function drawField(field, error, drawing) {
  const { name, kind, max, required, heads, pairs } = field;
  const { words, answers, about } = drawing;
  const hintKey = `${name}_hint`;
  const hint = words.has(hintKey) ? words.text(hintKey, { name: about() }) : null;
  const limited = max !== undefined && kind !== "email";
  let described = hint ? `${name}-hint` : "";
  if (limited) described += ` ${name}-limit`;
  if (error) described += ` ${name}-error`;
  const aria = { "aria-describedby": described.trim() || undefined, "aria-invalid": error && "true" };
  const label =
    required || kind === "agree"
      ? words.text(`${name}_label`)
      : words.text("optional", { label: words.text(`${name}_label`) });
  const place = error ? "field wrong" : "field";
  const message =
    !!error &&
    el(
      "p",
      { class: "error", id: `${name}-error` },
      el("span", { class: "vh" }, `${words.text("error_prefix")} `),
      error,
    );

  if (kind === "services") return drawFinder(drawing, required, message);
  if (kind === "tiles") return drawTiles(drawing);
  if (kind === "agree") {
    const pick = drawPick(
      "checkbox",
      { id: name, name, text: label, hint, checked: !!answers[name], aria },
      (given) => {
        answers[name] = given;
      },
    );
    return el("div", { class: place }, message, pick);
  }
  const hintNode = hint && el("p", { class: "hint", id: `${name}-hint` }, hint);
  if (kind === "one" || kind === "some" || kind === "month") {
    return el(
      "fieldset",
      { class: pairs ? `${place} two` : place, ...aria, "aria-invalid": undefined },
      el("legend", { class: heads && "vh" }, label),
      hintNode,
      message,
      kind === "month" ? drawMonth(field, drawing) : drawPicks(field, drawing),
    );
  }
  const control = drawText(field, drawing, aria);
  const node = el(
    "div",
    { class: kind === "long" ? place : `${place} short` },
    !heads && el("label", { for: name }, label),
    hintNode,
    limited && el("p", { class: "vh", id: `${name}-limit` }, words.text("count_limit", { max })),
    message,
    control,
    limited && drawCount(control, max, drawing),
  );
  if (name === "display_name") put(node, [drawSuggestion(control, drawing)]);
  if (kind === "long")
    put(node, [
      drawAdvice(/** @type {HTMLTextAreaElement} */ (control), drawing),
      name === "body" && drawCaution(drawing),
    ]);
  return node;
}

/**
 * An answer as one reads it back; "" where nothing was answered.
 * @param {Field} field
 * @param {Drawing} drawing
 * @returns {string}
 */
export function readBack({ name, kind }, drawing) {
  const { words, answers } = drawing;
  const answer = answers[name];
  if (kind === "agree") return words.text(answer ? "yes" : "no");
  if (kind === "tiles") return told(drawing);
  if (kind !== "services" && (!answer || answer === "-")) return "";
  if (kind === "month") return words.month(answer);
  if (kind === "one") return labelOf(name, answer, drawing);
  if (kind !== "some" && kind !== "services") return answer.trim();
  const said = [];
  for (const value of kind === "some" ? answer : drawing.places())
    said.push(kind === "some" ? labelOf(name, value, drawing) : nameOf(value));
  return words.list(said);
}
