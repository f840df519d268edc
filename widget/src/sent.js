/**
 * The last page: the story is kept, what happens next, and the private link.
 * @typedef {import("./words.js").Words} Words
 */
import { EMAIL } from "./validate.js";
import { base } from "./origin.js";
import { button, el, heading, link, put, svg } from "./dom.js";
import { post } from "./net.js";

/**
 * Puts the text of a field on the clipboard; older engines, and pages not served securely, by the selection.
 * @param {HTMLInputElement} input
 */
async function copy(input) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(input.value).then(() => true);
    } catch {
      // Not allowed in this frame: the selection may be.
    }
  }
  input.focus();
  input.select();
  return document.execCommand("copy");
}

/**
 * The private link as a code for the camera of a phone: dark on light, whatever the colours around it.
 * @param {import("./outcome.js").Code} code
 * @param {Words} words
 */
function drawCode({ size, path }, words) {
  const title = words.text("qr_title");
  return el(
    "details",
    {},
    el("summary", {}, words.text("qr")),
    svg(
      "svg",
      {
        viewBox: `0 0 ${size} ${size}`,
        class: "code",
        role: "img",
        "aria-label": title,
        "shape-rendering": "crispEdges",
      },
      svg("path", { d: `M0 0h${size}v${size}H0z`, fill: "#fff" }),
      svg("path", { d: path, stroke: "#000", "stroke-width": 1 }),
    ),
    el("p", {}, title),
  );
}

/**
 * Has the private link sent to an address.
 * @param {Words} words
 * @param {string} address the private link
 * @param {string} email already given
 * @param {(text: string) => void} say
 */
function drawLetter(words, address, email, say) {
  const input = el("input", {
    id: "letter",
    type: "email",
    autocomplete: "email",
    "aria-describedby": "letter-hint letter-told",
  });
  input.value = email;
  const told = el("p", { id: "letter-told" });
  /** @param {string} look @param {string} text */
  const tell = (look, text) => {
    told.className = look;
    told.textContent = text;
    input.setAttribute("aria-invalid", `${look === "error"}`);
    say(text);
  };
  let sending = false;
  const send = async () => {
    const to = input.value.trim();
    if (sending) return;
    if (!EMAIL.test(to)) {
      tell("error", words.text(to ? "error_contact_email_shape" : "error_contact_email_empty"));
      input.focus();
      return;
    }
    sending = true;
    try {
      const token = address.slice(address.indexOf("#") + 1);
      await post(
        `${base}/api/v1/my-story/letter?lang=${words.tag}`,
        new URLSearchParams({ token, email: to }),
      );
      tell("copied", words.text("letter_sent", { email: to }));
    } catch (error) {
      const { status, message } = /** @type {any} */ (error);
      tell("error", (status && message) || words.text("letter_failed"));
    }
    sending = false;
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    send();
  });
  return [
    el(
      "div",
      { class: "field short" },
      el("label", { for: "letter" }, words.text("contact_email_label")),
      el("p", { class: "hint", id: "letter-hint" }, words.text("letter_hint")),
      el("div", { class: "seek" }, input, button("quiet", words.text("letter_send"), send)),
    ),
    told,
  ];
}

/**
 * @param {Node} node gets the page
 * @param {{ words: Words, level: number, about: string, keeper: string, link: string, earlier: boolean,
 *   changed: string[], qr: import("./outcome.js").Code | undefined, email: string | undefined,
 *   say: (text: string) => void, onDone: () => void }} options
 * @returns {HTMLElement} the heading, for the focus
 */
export function drawSent(node, options) {
  const { words, level, about, keeper, link: address, earlier, changed, qr, email = "", say, onDone } = options;
  const title = heading(level, { class: "question", tabindex: -1 }, words.text("sent"));
  const input = el("input", {
    id: "private-link",
    readonly: true,
    value: address,
    part: "private-link",
    dir: "ltr",
  });
  input.addEventListener("focus", () => input.select());
  const copied = el("span", { class: "copied" });
  const copyButton = button("main", words.text("copy"), async () => {
    const text = words.text((await copy(input)) ? "copied" : "copy_failed");
    copied.textContent = text;
    say(text);
  });
  /** @param {string} key */
  const part = (key) => heading(level + 1, { class: "sub" }, words.text(key));
  const tab = { target: "_blank", rel: "noopener noreferrer", class: "permalink" };
  put(node, [
    el("div", { class: "panel" }, title, earlier && el("p", {}, words.text("sent_earlier"))),
    // What the service changed in the words, in its own sentences.
    ...changed.map((sentence) => el("p", {}, sentence)),
    part("sent_link"),
    el("p", {}, words.text("sent_link_text")),
    el(
      "div",
      { class: "field secret" },
      el("label", { for: "private-link" }, words.text("sent_link_label")),
      input,
    ),
    el("div", { class: "acts" }, copyButton, copied),
    el("p", {}, link(address, tab, words.text("open_link"))),
    qr ? drawCode(qr, words) : null,
    part("letter_heading"),
    ...drawLetter(words, address, email, say),
    part("next_heading"),
    el(
      "ol",
      { class: "next" },
      el("li", {}, words.text("next_read", { keeper })),
      el("li", {}, words.text("next_shown", { name: about })),
      el("li", {}, words.text("next_answer")),
    ),
    el("div", { class: "acts" }, button("quiet", words.text("done"), onDone)),
  ]);
  return title;
}
