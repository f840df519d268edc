// The desk by keys. Without this script everything on it works by Tab, Enter and mouse alike.
//
// `data-key` names the key of a control: a button or link is pressed, a choice is chosen, a field takes the focus,
// a summary opens and hands the focus to the first field in it. `data-row` marks what j and k go through, and
// `data-row-key` a control that stands in each: its key means that of the row one is at.
//
// Single keys act nowhere but on the page itself: never in a field, never with Ctrl, Alt or Cmd, and not at all for
// somebody who switched them off (WCAG 2.2, 2.1.4), which their account remembers.

const keys = document.getElementById("keys");
const said = document.getElementById("keys-said");
let at = null;
let sending = false;

const isShown = (element) => element.getClientRects().length > 0;
const shown = (selector, within = document) => [...within.querySelectorAll(selector)].filter(isShown);

function isField(element) {
  return element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

function row() {
  return document.activeElement.closest("[data-row]") ?? (at?.isConnected ? at : null);
}

function step(by) {
  const rows = shown("[data-row]");
  const here = rows.indexOf(row());
  at = rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)];
  const goal = at?.querySelector("[data-row-link]") ?? at;
  goal?.focus();
  goal?.scrollIntoView({ block: "nearest" });
}

function press(control) {
  if (control.matches("input[type=radio]")) {
    control.checked = true;
    control.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = nameOf(control);
  } else if (control.matches("summary")) {
    control.parentElement.open = true;
    (shown("input:not([type=hidden]), select, textarea", control.parentElement)[0] ?? control).focus();
  } else if (isField(control)) {
    control.focus();
    control.select?.();
  } else {
    control.click();
  }
}

// What a control is called, without what tells it from its like in other rows.
function nameOf(control) {
  const label = (control.labels?.[0] ?? control).cloneNode(true);
  if (control.dataset.rowKey) for (const hidden of label.querySelectorAll(".nhsuk-u-visually-hidden")) hidden.remove();
  return label.textContent.trim().replace(/\s+/g, " ");
}

function meant(key) {
  const name = CSS.escape(key);
  const inRow = row();
  return (inRow && shown(`[data-row-key="${name}"]`, inRow)[0]) ?? shown(`[data-key="${name}"]`)[0];
}

function list() {
  const found = keys.querySelector("dl");
  for (const old of found.querySelectorAll("[data-found]")) old.remove();
  keys.querySelector("[data-of-rows]").hidden = shown("[data-row]").length === 0;
  const named = new Set();
  for (const control of shown("[data-key], [data-row-key]")) {
    const key = control.dataset.key ?? control.dataset.rowKey;
    if (named.has(key)) continue;
    named.add(key);
    const line = document.createElement("div");
    line.dataset.found = "";
    const name = document.createElement("dt");
    name.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    line.append(name, Object.assign(document.createElement("dd"), { textContent: nameOf(control) }));
    found.append(line);
  }
}

function pressed(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (sending || keys.open || key.length !== 1 || isField(target)) return;
  if (key === "j" || key === "k") {
    if (shown("[data-row]").length === 0) return;
    step(key === "j" ? 1 : -1);
  } else if (key === "?") {
    list();
    keys.showModal();
  } else {
    const control = event.repeat ? undefined : meant(key);
    if (!control) return;
    press(control);
  }
  event.preventDefault();
}

if (document.body.dataset.byKeys === "yes") {
  document.addEventListener("keydown", pressed);
  // What was sent is sent once: a key that is pressed twice decides nothing twice.
  addEventListener("submit", (event) => (sending = event.target.method !== "dialog"));
  addEventListener("pageshow", () => (sending = false));
  for (const control of document.querySelectorAll("[data-key], [data-row-key]"))
    control.setAttribute("aria-keyshortcuts", control.dataset.key ?? control.dataset.rowKey);
  for (const opener of document.querySelectorAll("[data-opens-keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => (list(), keys.showModal()));
  }
}

for (const button of document.querySelectorAll("[data-ticks]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const tick of document.querySelectorAll(`input[type=checkbox][form="${button.dataset.ticks}"]`)) tick.checked = true;
  });
}
