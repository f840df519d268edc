/**
 * One field of the form as DOM: label, hint, error, control, count. All ids live in the embed's own shadow root.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {object} Drawing
 * @property {Words} words
 * @property {Answers} answers written to as the person types
 * @property {string} about name of the service or topic
 * @property {(text: string) => void} say announces to screen readers
 */
import { el } from "./dom.js";
import { YEARS_BACK, choiceKey } from "./fields.js";
import { leftOf } from "./count.js";

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

/**
 * A radio or checkbox with its label as one large target.
 * @param {"radio" | "checkbox"} type
 * @param {string} id
 * @param {string} name
 * @param {string} text
 * @param {string | null} hint
 * @param {boolean} checked
 * @param {Record<string, string | undefined>} more attributes
 * @param {(checked: boolean) => void} choose
 */
function drawPick(type, id, name, text, hint, checked, more, choose) {
  const input = el("input", { type, id, name, ...more });
  input.checked = checked;
  input.addEventListener("change", () => choose(input.checked));
  return el(
    "div",
    { class: "pick" },
    input,
    el(
      "div",
      { class: "card" },
      el("label", { for: id }, el("span", {}, text)),
      hint && el("p", { class: "hint", id: `${id}-hint` }, hint),
    ),
  );
}

/**
 * Choices in one fieldset; the first bears the field's name as id, so that an error link finds it.
 * @param {Field} field
 * @param {Drawing} drawing
 */
function drawPicks({ name, kind, options = [] }, { words, answers }) {
  const picks = el("div", { class: "picks" });
  /** @type {string[]} */
  const chosen = kind === "some" ? answers[name] || [] : [answers[name]];
  for (const value of options) {
    const id = value === options[0] ? name : `${name}-${value.replace(":", "-")}`;
    picks.appendChild(
      drawPick(
        kind === "some" ? "checkbox" : "radio",
        id,
        name,
        words.text(choiceKey(name, value)),
        null,
        chosen.indexOf(value) >= 0,
        {},
        (checked) => {
          if (kind === "one") {
            answers[name] = value;
            return;
          }
          const kept = [];
          for (const other of answers[name] || []) if (other !== value) kept.push(other);
          answers[name] = checked ? [...kept, value] : kept;
        },
      ),
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
  const hint = words.has(hintKey) ? words.text(hintKey, { name: about }) : null;
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
    error &&
    el(
      "p",
      { class: "error", id: `${name}-error` },
      el("span", { class: "vh" }, `${words.text("error_prefix")} `),
      error,
    );

  if (kind === "agree") {
    return el(
      "div",
      { class: place },
      message,
      drawPick("checkbox", name, name, label, hint, !!answers[name], aria, (checked) => {
        answers[name] = checked;
      }),
    );
  }
  const hintNode = hint && el("p", { class: "hint", id: `${name}-hint` }, hint);
  if (kind === "one" || kind === "some" || kind === "month") {
    return el(
      "fieldset",
      { class: pairs ? `${place} two` : place, ...aria, "aria-invalid": undefined },
      el("legend", {}, label),
      hintNode,
      message,
      kind === "month" ? drawMonth(field, drawing) : drawPicks(field, drawing),
    );
  }
  const control = drawText(field, drawing, aria);
  return el(
    "div",
    { class: kind === "long" ? place : `${place} short` },
    !heads && el("label", { for: name }, label),
    hintNode,
    limited && el("p", { class: "vh", id: `${name}-limit` }, words.text("count_limit", { max })),
    message,
    control,
    limited && drawCount(control, max, drawing),
  );
}

/**
 * An answer as one reads it back; "" where nothing was answered.
 * @param {Field} field
 * @param {Drawing} drawing
 * @returns {string}
 */
export function readBack({ name, kind }, { words, answers }) {
  const answer = answers[name];
  if (kind === "agree") return words.text(answer ? "yes" : "no");
  if (!answer || answer === "-") return "";
  if (kind === "month") return words.month(answer);
  if (kind === "one") return words.text(choiceKey(name, answer));
  if (kind !== "some") return answer.trim();
  let list = "";
  for (const value of answer) list += (list && ", ") + words.text(choiceKey(name, value));
  return list;
}
