/**
 * Telling by pictures: each theme has its own, and is put on a face. By a press on the face under the picture, by the
 * keyboard (each picture is one group of radio buttons), or by dragging the picture up to a face.
 * @typedef {import("./controls.js").Drawing} Drawing
 */
import { VERSION, base } from "./origin.js";
import { clear, el, svg } from "./dom.js";
import { bare } from "./fields.js";
import { drawPick } from "./pick.js";
import { readOnce } from "./net.js";

const POLARITIES = ["positive", "neutral", "negative"];

/** Mouths, on the grid of the pictures. @type {Record<string, string>} */
const MOUTHS = { positive: "M15 28q9 9 18 0", neutral: "M16 31h16", negative: "M15 34q9-9 18 0" };

/** A picture of 48 by 48, in the colour of the text around it. @param {string[]} paths */
export function drawPicture(paths) {
  const node = svg("svg", {
    viewBox: "0 0 48 48",
    class: "picture",
    "aria-hidden": "true",
    focusable: "false",
  });
  for (const d of paths) node.appendChild(svg("path", { d }));
  return node;
}

/** @param {string} polarity */
export const drawFace = (polarity) =>
  drawPicture(["M24 5a19 19 0 1 0 0 38a19 19 0 0 0 0-38z", "M17 18v2M31 18v2", MOUTHS[polarity]]);

/**
 * What the pictures say, in words: a sentence for each face.
 * @param {Pick<Drawing, "words" | "answers" | "context">} drawing
 */
export function told({ words, answers, context }) {
  const sentences = [];
  for (const polarity of POLARITIES) {
    const chosen = [];
    for (const { slug, name } of context.themes)
      if ((answers.topics || []).indexOf(`${polarity}:${slug}`) >= 0) chosen.push(name);
    if (chosen.length) sentences.push(words.text(`told_${polarity}`, { list: words.list(chosen) }));
  }
  return sentences.join("\n");
}

/**
 * @param {Drawing} drawing
 */
export function drawTiles(drawing) {
  const { words, answers, context, say, changed } = drawing;
  /** @type {Record<string, { place: HTMLElement, got: HTMLElement }>} */
  const faces = {};
  /** Draws again where a theme lies. @type {(() => void)[]} */
  const redraws = [];
  /** @type {Record<string, string[]>} */
  let pictures = {};

  /** Where a theme lies; "" for nowhere. @param {string} slug */
  function faceOf(slug) {
    for (const topic of answers.topics || [])
      if (bare(topic) === slug && topic !== slug) return topic.slice(0, topic.indexOf(":"));
    return "";
  }

  function redraw() {
    for (const polarity of POLARITIES) clear(faces[polarity].got);
    for (const again of redraws) again();
    for (const { slug } of context.themes) {
      const polarity = faceOf(slug);
      if (polarity) faces[polarity].got.appendChild(drawPicture(pictures[slug] || []));
    }
  }

  /** @param {{ slug: string, name: string }} theme @param {string} polarity "" takes it back */
  function lay({ slug, name }, polarity) {
    const topics = [];
    for (const topic of answers.topics || []) if (bare(topic) !== slug) topics.push(topic);
    answers.topics = polarity ? [...topics, `${polarity}:${slug}`] : topics;
    redraw();
    changed();
    say(words.text(`placed_${polarity || "back"}`, { name }));
  }

  /** The face at a point. @param {PointerEvent} event */
  function faceAt({ clientX: x, clientY: y }) {
    for (const polarity of POLARITIES) {
      const { left, right, top, bottom } = faces[polarity].place.getBoundingClientRect();
      if (x > left && x < right && y > top && y < bottom) return polarity;
    }
    return "";
  }

  /** @param {HTMLElement} handle @param {{ slug: string, name: string }} theme */
  function letDrag(handle, theme) {
    /** @type {PointerEvent | null} */
    let from = null;
    /** @param {string} over */
    const show = (over) => {
      for (const polarity of POLARITIES)
        faces[polarity].place.className = over === polarity ? "place over" : "place";
    };
    const end = () => {
      from = null;
      handle.className = "handle";
      handle.style.transform = "";
      show("");
    };
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = event;
      handle.className = "handle held";
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!from) return;
      handle.style.transform = `translate(${event.clientX - from.clientX}px,${event.clientY - from.clientY}px)`;
      show(faceAt(event));
    });
    handle.addEventListener("pointerup", (event) => {
      const polarity = from && faceAt(event);
      end();
      if (polarity) lay(theme, polarity);
    });
    handle.addEventListener("pointercancel", end);
  }

  const row = el("div", { class: "places", "aria-hidden": "true" });
  for (const polarity of POLARITIES) {
    const got = el("span", { class: "got" });
    const place = el("div", { class: "place" }, drawFace(polarity), words.text(`face_${polarity}`), got);
    faces[polarity] = { place, got };
    row.appendChild(place);
  }
  const tiles = el("div", { class: "tiles" });
  for (const theme of context.themes) {
    const { slug, name } = theme;
    const handle = el("span", { class: "handle" });
    const choices = el("div", { class: "faces" });
    /** @type {HTMLInputElement[]} */
    const inputs = [];
    for (const polarity of POLARITIES) {
      const about = {
        id: `${slug}-${polarity}`,
        name: slug,
        text: words.text(`face_${polarity}`),
        checked: false,
      };
      const pick = drawPick("radio", { ...about, icon: drawFace(polarity) }, () => {});
      const input = /** @type {HTMLInputElement} */ (pick.firstChild);
      // A click comes by pointer, by arrow keys and by Space alike; on the face chosen before it takes it back.
      input.addEventListener("click", () => lay(theme, faceOf(slug) === polarity ? "" : polarity));
      inputs.push(input);
      choices.appendChild(pick);
    }
    redraws.push(() => {
      clear(handle);
      handle.appendChild(drawPicture(pictures[slug] || []));
      const polarity = faceOf(slug);
      for (let at = 0; at < POLARITIES.length; at++) inputs[at].checked = POLARITIES[at] === polarity;
    });
    letDrag(handle, theme);
    tiles.appendChild(
      el(
        "div",
        { class: "tile", role: "radiogroup", "aria-labelledby": `tile-${slug}` },
        handle,
        el("p", { id: `tile-${slug}` }, name),
        choices,
      ),
    );
  }
  redraw();
  readOnce(`${base}/${VERSION}/tiles.json`).then(
    (all) => {
      pictures = all;
      redraw();
    },
    // The names do without pictures.
    () => {},
  );
  return el(
    "div",
    { class: "field", id: "topics", tabindex: -1 },
    el("p", { class: "hint" }, words.text("tiles_hint")),
    row,
    tiles,
  );
}
