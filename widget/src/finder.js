/**
 * Which services a story is about: found by name, town or postcode, and ticked.
 * @typedef {import("./controls.js").Drawing} Drawing
 */
import { button, clear, el } from "./dom.js";
import { codeOf, nameOf, placeOf } from "./places.js";
import { base } from "./origin.js";
import { drawPick } from "./pick.js";
import { read } from "./net.js";

/**
 * @param {Drawing} drawing
 * @param {boolean | undefined} required
 * @param {HTMLElement | false} message what is wrong, in words
 */
export function drawFinder({ words, answers, places, say }, required, message) {
  const input = el("input", { id: "services", autocomplete: "off", enterkeyhint: "search" });
  const told = el("p", { class: "hint" });
  const picks = el("div", { class: "picks" });
  /** What was found last, as places with a line on each. @type {{ place: string, detail: string }[]} */
  let found = [];

  function show() {
    clear(picks);
    const chosen = places();
    const listed = [];
    for (const place of chosen) listed.push({ place, detail: "" });
    for (const one of found) {
      let known = false;
      for (const place of chosen) known = known || codeOf(place) === codeOf(one.place);
      if (!known) listed.push(one);
    }
    for (const { place, detail } of listed) {
      const code = codeOf(place);
      const checked = chosen.indexOf(place) >= 0;
      const about = { id: `service-${code}`, name: "service", text: nameOf(place), checked, hint: detail };
      const pick = drawPick("checkbox", about, (ticked) => {
        const kept = [];
        for (const other of places()) if (codeOf(other) !== code) kept.push(other);
        answers.services = ticked ? [...kept, place] : kept;
      });
      picks.appendChild(pick);
    }
  }

  async function find() {
    const asked = input.value.trim();
    if (!asked) return;
    say(words.text("services_finding"));
    let text;
    try {
      const { items, total } = await read(`${base}/api/v1/services?${new URLSearchParams({ q: asked })}`);
      found = [];
      for (const item of items) {
        const kind = words.text(words.has(`kind_${item.kind}`) ? `kind_${item.kind}` : "kind_other");
        const town = item.town || item.organisation.name;
        found.push({ place: placeOf(item), detail: words.text("services_detail", { kind, town }) });
      }
      text = words.counted(total > items.length ? "services_first" : "services_found", total);
      if (!total) text = words.text("services_none", { asked });
      show();
    } catch {
      text = words.text("services_failed");
    }
    told.textContent = text;
    say(text);
  }

  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    // Not on to the next step.
    event.preventDefault();
    event.stopPropagation();
    find();
  });
  show();
  return el(
    "div",
    { class: message ? "field wrong" : "field" },
    message,
    el("label", { for: "services" }, words.text("services_find_label")),
    el("div", { class: "seek" }, input, button("quiet", words.text("services_find"), find)),
    el(
      "fieldset",
      { class: "found" },
      el("legend", { class: "vh" }, words.text("services_label")),
      el("p", { class: "hint" }, words.text(required ? "services_hint" : "services_hint_topic")),
      told,
      picks,
    ),
  );
}
