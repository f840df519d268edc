/**
 * The first page: a story the short way, the longer way, with pictures; or a complaint, and who takes it.
 * @typedef {import("./words.js").Words} Words
 */
import { button, clear, el, link, put } from "./dom.js";

/**
 * Ways to reach somebody, one a line.
 * @param {(Node | string | false | null)[]} ways
 */
function lines(ways) {
  const list = el("ul");
  for (const way of ways) if (way) list.appendChild(el("li", {}, way));
  return list;
}

/** @param {string} number */
export const dial = (number, scheme = "tel", text = number) =>
  el("a", { href: `${scheme}:${number.replace(/\s/g, "")}` }, text);

/**
 * Who takes a complaint about the service.
 * @param {Words} words
 * @param {any} contact complaints of GET /api/v1/telling; null where no service is known yet
 */
function drawComplaint(words, contact) {
  if (!contact) return [el("p", {}, words.text("complaint_unknown"))];
  const { own, name, text, phone, email, url } = contact;
  return [
    el("p", {}, words.text(own === false ? "complaint_national" : "complaint_own")),
    name && el("p", {}, el("strong", {}, name)),
    text && el("p", {}, text),
    lines([
      phone && dial(phone, "tel", words.text("complaint_call", { number: phone })),
      email && el("a", { href: `mailto:${email}` }, words.text("complaint_write", { email })),
      url && link(url, {}, words.text("complaint_read")),
    ]),
    el("p", {}, words.text("complaint_too")),
  ];
}

/**
 * @param {object} options
 * @param {Words} options.words
 * @param {() => any} options.complaints the contact as it is known when it is asked for
 * @param {(way: string) => void} options.choose
 */
export function drawWays({ words, complaints, choose }) {
  const ways = el("div", { class: "ways" });
  /** @param {string} way @param {() => void} act */
  const add = (way, act) => {
    const opener = button("way", words.text(`way_${way}`), act);
    opener.setAttribute("aria-describedby", `way-${way}`);
    const hint = el("p", { class: "hint", id: `way-${way}` }, words.text(`way_${way}_hint`));
    const card = el("div", { class: "card" }, opener, hint);
    ways.appendChild(card);
    return { opener, card };
  };
  for (const way of ["short", "long", "easy"]) add(way, () => choose(way));
  const panel = el("div", { class: "complaint", hidden: true });
  const { opener, card } = add("complaint", () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", `${!panel.hidden}`);
    clear(panel);
    put(panel, drawComplaint(words, complaints()));
  });
  opener.setAttribute("aria-expanded", "false");
  card.appendChild(panel);
  return ways;
}
