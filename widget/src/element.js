/**
 * <patient-stories>: the public contract, nothing else. The attribute is the truth; a property reads it, falls back
 * where it makes no sense, and writes it.
 */
import { makeEmbed } from "./embed.js";
import { VERSION } from "./origin.js";

export const TAG = "patient-stories";

/** Attributes, and the properties that mirror them. `lang` is every element's own. */
const PROPERTIES = {
  service: "service",
  topic: "topic",
  siteKey: "site-key",
  show: "show",
  headingLevel: "heading-level",
  theme: "theme",
  limit: "limit",
};

export const ATTRIBUTES = ["lang"];
for (const name of /** @type {(keyof typeof PROPERTIES)[]} */ (Object.keys(PROPERTIES)))
  ATTRIBUTES.push(PROPERTIES[name]);

/** Out of reach of page scripts, and not on the element for them to trip over. @type {WeakMap<HTMLElement, import("./embed.js").Embed>} */
const embeds = new WeakMap();

/** @param {string | null} text @param {number} least @param {number} most @param {number} otherwise */
function numberIn(text, least, most, otherwise) {
  const number = Math.round(Number(text));
  return text && number >= least && number <= most ? number : otherwise;
}

export class PatientStories extends HTMLElement {
  static get version() {
    return VERSION;
  }

  static get observedAttributes() {
    return ATTRIBUTES;
  }

  constructor() {
    super();
    embeds.set(
      this,
      makeEmbed(this, () => this.settings()),
    );
  }

  /** Code of the service the stories are about. */
  get service() {
    return this.getAttribute("service");
  }

  /** Slug of a topic, across services. */
  get topic() {
    return this.getAttribute("topic");
  }

  /** Which website this is, where an origin carries several. */
  get siteKey() {
    return this.getAttribute("site-key");
  }

  /** What to show: any of "form stories summary changes"; the first two where it says none of them. */
  get show() {
    const show = this.getAttribute("show") || "";
    return /\b(form|stories|summary|changes)\b/.test(show) ? show : "form stories";
  }

  /** Level of the box's heading, 1 to 6. */
  get headingLevel() {
    return numberIn(this.getAttribute("heading-level"), 1, 6, 2);
  }

  /**
   * "light", "dark", "page" (the page's own font and link colour), or "auto" as the person's device says.
   * @returns {"light" | "dark" | "page" | "auto"}
   */
  get theme() {
    const theme = this.getAttribute("theme");
    return theme === "light" || theme === "dark" || theme === "page" ? theme : "auto";
  }

  /** Stories at a time, 1 to 50. */
  get limit() {
    return numberIn(this.getAttribute("limit"), 1, 50, 5);
  }

  /** @returns {import("./embed.js").Settings} */
  settings() {
    const { service, topic, siteKey, show, theme, limit } = this;
    return {
      service,
      topic,
      siteKey,
      theme,
      limit,
      form: /\bform\b/.test(show),
      stories: /\bstories\b/.test(show),
      summary: /\bsummary\b/.test(show),
      changes: /\bchanges\b/.test(show),
      level: this.headingLevel,
      lang: this.getAttribute("lang") || document.documentElement.lang,
    };
  }

  connectedCallback() {
    for (const name of Object.keys(PROPERTIES)) keepEarly(this, name);
    embedOf(this).connect();
  }

  /** A move leaves and comes back within one task: only who is still away then has gone. */
  disconnectedCallback() {
    Promise.resolve().then(() => {
      if (!this.isConnected) embedOf(this).disconnect();
    });
  }

  /** @param {string} _name @param {string | null} was @param {string | null} now */
  attributeChangedCallback(_name, was, now) {
    if (was !== now) embedOf(this).changed();
  }
}

/** @param {HTMLElement} element */
const embedOf = (element) => /** @type {import("./embed.js").Embed} */ (embeds.get(element));

/**
 * A property set before the script came shadows the class's own: take it off and set it again.
 * @param {any} element
 * @param {string} name
 */
function keepEarly(element, name) {
  if (!Object.prototype.hasOwnProperty.call(element, name)) return;
  const value = element[name];
  delete element[name];
  element[name] = value;
}

for (const name of /** @type {(keyof typeof PROPERTIES)[]} */ (Object.keys(PROPERTIES))) {
  const property = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(PatientStories.prototype, name)
  );
  /** @this {HTMLElement} @param {string | number | null | undefined} value */
  property.set = function (value) {
    if (value === null || value === undefined) this.removeAttribute(PROPERTIES[name]);
    else this.setAttribute(PROPERTIES[name], `${value}`);
  };
  Object.defineProperty(PatientStories.prototype, name, property);
}
