/**
 * Making DOM by hand: no markup is ever parsed, so Trusted Types and a strict CSP have nothing to object to.
 * Only methods that no page script is known to clobber are called (Prototype.js and MooTools replace many).
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes
 */

/**
 * @param {Element} node
 * @param {Attributes} attributes
 */
function dress(node, attributes) {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : `${value}`);
  }
}

/**
 * Puts children at the end of a node; nothing is put for null, undefined, false and "".
 * @param {Node} node
 * @param {Child[]} children
 */
export function put(node, children) {
  for (const child of children) {
    if (child) node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

/**
 * An element with its attributes and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  dress(node, attributes);
  put(node, children);
  return node;
}

/**
 * A heading of a level that depends on the page: h1 to h6.
 * @param {number} level
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export const heading = (level, attributes, ...children) =>
  el(/** @type {"h2"} */ (`h${Math.min(level, 6)}`), attributes, ...children);

/**
 * An SVG element.
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {Node[]} children
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  dress(node, attributes);
  put(node, children);
  return node;
}

/**
 * A link, or its bare text where the address is not one of the web.
 * @param {string} href
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export function link(href, attributes, ...children) {
  return el("a", { ...attributes, href: /^https?:/i.test(href) ? href : null }, ...children);
}

/**
 * A button that never submits anything by itself.
 * @param {string} name class
 * @param {string} text
 * @param {() => void} act
 */
export function button(name, text, act) {
  const node = el("button", { type: "button", class: name, part: `button ${name}` }, text);
  node.addEventListener("click", act);
  return node;
}

/** @param {Node} node */
export function clear(node) {
  while (node.firstChild) node.removeChild(node.firstChild);
}

/** The next task: the page answers people in between. */
export const pause = () => new Promise((done) => setTimeout(done));

/**
 * Moves the focus, and the page only when the place (or the label above it) is out of sight.
 * The sheet's scroll-margin keeps it clear of a page's sticky header.
 * @param {HTMLElement} node gets the focus
 * @param {HTMLElement} [seen] is to be seen
 */
export function focus(node, seen = node) {
  node.focus({ preventScroll: true });
  const { top, bottom } = seen.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) seen.scrollIntoView({ block: "start" });
}
