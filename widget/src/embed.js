/**
 * What stands inside one <patient-stories>: fetches, draws the box, opens the form. The element itself only tells it
 * when it comes, goes and changes.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./fields.js").Answers} Answers
 * @typedef {object} Settings
 * @property {string | null} service
 * @property {string | null} topic
 * @property {string | null} siteKey
 * @property {boolean} form
 * @property {boolean} stories
 * @property {string} lang
 * @property {number} level
 * @property {"light" | "dark" | "auto"} theme
 * @property {number} limit
 */
import css from "./style.css";
import { base } from "./origin.js";
import { button, clear, el, focus, heading, link, put } from "./dom.js";
import { chooseLanguage, directionOf, makeWords } from "./words.js";
import { drawList } from "./list.js";
import { encode } from "./encode.js";
import { mark } from "./mark.js";
import { openForm } from "./form.js";
import { read, send } from "./net.js";

/** How near the viewport the element comes before anything is fetched. */
const NEAR = "400px";

/** One sheet for all embeds of the page. @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * A constructed sheet is not subject to the page's style-src; engines without them get a style element.
 * @param {ShadowRoot} root
 */
function style(root) {
  try {
    if (!sheet) {
      const made = new CSSStyleSheet();
      made.replaceSync(css);
      sheet = made;
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.appendChild(el("style", {}, css));
  }
}

/** The host's own keyboard shortcuts must not fire while somebody writes. @param {Event} event */
function keepTyping(event) {
  const { tagName } = /** @type {Element} */ (event.target);
  if (tagName === "INPUT" || tagName === "TEXTAREA" || tagName === "SELECT") event.stopPropagation();
}

export class Embed {
  /**
   * @param {HTMLElement} host
   * @param {() => Settings} settingsOf reads the attributes
   */
  constructor(host, settingsOf) {
    this.host = host;
    this.settingsOf = settingsOf;
    this.settings = settingsOf();
    this.root = host.attachShadow({ mode: "open" });
    this.live = el("p", { class: "vh", role: "status", "aria-live": "polite" });
    this.box = el("div", { class: "box", part: "box" });
    this.wrapper = el("div", { hidden: true }, this.box, this.live);
    this.slot = el("slot");
    /** @type {AbortController | null} aborted when the element leaves the page */
    this.connection = null;
    /** @type {any} the first page of stories */
    this.data = null;
    /** Address of the data shown. */
    this.address = "";
    /** @type {Answers} */
    this.answers = {};
    /** @type {ReturnType<typeof openForm> | null} */
    this.form = null;
    this.words = makeWords(chooseLanguage(""));
    this.title = el("h2");
    this.subtitle = el("p");
    /** Invitation or form. @type {HTMLElement} */
    this.tell = el("section");
    /** Hidden while somebody tells a story. @type {HTMLElement} */
    this.list = el("section");
    /** Announces to screen readers. @param {string} text */
    this.say = (text) => {
      this.live.textContent = text;
    };
    style(this.root);
    put(this.root, [this.wrapper, this.slot]);
    for (const type of ["keydown", "keypress", "keyup"]) this.wrapper.addEventListener(type, keepTyping);
  }

  /**
   * An event for the page: bubbling, composed, never cancelable, without a word of a story.
   * @param {"story-submitted" | "stories-loaded" | "story-error"} type
   * @param {Record<string, string | number | null>} detail
   */
  emit(type, detail) {
    this.host.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  connect() {
    if (this.connection) return;
    const connection = (this.connection = new AbortController());
    const load = () => {
      if (!connection.signal.aborted) this.load();
    };
    const retry = () => {
      if (!this.data) load();
    };
    window.addEventListener("online", retry);
    connection.signal.addEventListener("abort", () => window.removeEventListener("online", retry));
    if (this.data) return;
    if (!("IntersectionObserver" in window)) return load();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          observer.disconnect();
          load();
        }
      },
      { rootMargin: NEAR }
    );
    observer.observe(this.host);
    connection.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** The element left the page for good; what was typed stays with it. */
  disconnect() {
    if (this.connection) this.connection.abort();
    this.connection = null;
    if (this.form) this.form.stop();
  }

  /** An attribute changed. */
  changed() {
    this.settings = this.settingsOf();
    if (!this.data) return;
    if (this.address === this.query()) this.draw();
    else this.load();
  }

  /** @param {string} [cursor] */
  query(cursor) {
    const { service, topic, stories, limit } = this.settings;
    const query = new URLSearchParams();
    if (service) query.append("service", service);
    if (topic) query.append("topic", topic);
    query.append("limit", `${stories ? limit : 1}`);
    if (cursor) query.append("cursor", cursor);
    return `${base}/api/v1/stories?${query}`;
  }

  async load() {
    const { service, topic } = this.settings;
    if (!base || (!service && !topic)) {
      console.warn("patient-stories: say which service (or topic) this is about, as in service=\"RXH01\".");
      return;
    }
    const address = this.query();
    const { connection } = this;
    try {
      const data = await read(address);
      if (!connection || connection.signal.aborted || address !== this.query()) return;
      this.data = data;
      this.address = address;
      this.draw();
      this.emit("stories-loaded", { total: data.total, shown: this.settings.stories ? data.items.length : 0 });
    } catch (error) {
      // The link inside the tag stays: it is the way to the stories now.
      const { problem = "lost", status = 0 } = /** @type {any} */ (error);
      console.warn(`patient-stories: could not reach ${address} (${status || "no answer"}).`);
      this.emit("story-error", { problem, status });
    }
  }

  draw() {
    const { settings, data } = this;
    const { lang, level, theme, stories, service } = settings;
    const language = chooseLanguage(lang);
    const words = makeWords(language);
    const { wrapper, box } = this;
    this.words = words;
    wrapper.className = `root ${theme}`;
    wrapper.setAttribute("lang", language.tag);
    wrapper.setAttribute("dir", directionOf(language.tag));
    clear(box);
    this.title = heading(level, { class: "name", part: "heading" });
    this.subtitle = el("p", { class: "of" });
    this.tell = el("section", { class: "tell", part: "form-area" });
    this.list = stories
      ? drawList(data, {
          words,
          level: level + 1,
          service,
          more: (cursor) => read(this.query(cursor)),
          say: this.say,
        })
      : el(
          "p",
          { class: "count", part: "count" },
          ...words.mixed(words.plural("form_only", data.total), {
            shown: "0",
            total: words.number(data.total),
            read: link(this.place().url, {}, words.text("read_them")),
          })
        );
    put(box, [el("header", {}, this.title, this.subtitle), this.tell, this.list, this.drawFoot()]);
    this.rest();
    if (this.form) this.open();
    this.slot.hidden = true;
    wrapper.hidden = false;
  }

  /** What the stories are about: its name, and its page at the service. */
  place() {
    const { service, topic } = this.data.about;
    const { name, url } = service || { name: topic.name, url: `${base}/topics/${topic.slug}` };
    return { name, url };
  }

  drawFoot() {
    const { keeper } = this.data;
    const { words } = this;
    return el(
      "p",
      { class: "foot", part: "foot" },
      mark(),
      ...words.mixed(keeper.independent ? "kept_independent" : "kept_part", {
        keeper: keeper.name,
        how: link(keeper.url, {}, words.text("how_it_works")),
      })
    );
  }

  /** The box at rest: its name, and the invitation to tell. */
  rest() {
    const { words, settings, tell } = this;
    this.title.textContent = words.text("heading");
    this.subtitle.textContent = this.place().name;
    clear(tell);
    tell.hidden = !settings.form;
    this.list.hidden = false;
    if (!settings.form) return;
    const begun = Object.keys(this.answers).length > 0;
    tell.appendChild(
      el(
        "div",
        { class: "invite", part: "invitation" },
        heading(settings.level + 1, { class: "ask" }, words.text("invite")),
        el("p", {}, words.text("invite_text")),
        el("p", { class: "small" }, words.text("invite_small")),
        button("main", words.text(begun ? "carry_on" : "tell"), () => this.open())
      )
    );
  }

  /** Opens the form in the place of invitation and list. */
  open() {
    const { words, settings, tell, list } = this;
    const { name } = this.place();
    if (this.form) this.form.stop();
    this.title.textContent = words.text("telling");
    this.subtitle.textContent = words.text("telling_about", { name });
    list.hidden = true;
    clear(tell);
    this.form = openForm({
      words,
      level: settings.level + 1,
      about: name,
      keeper: this.data.keeper.name,
      answers: this.answers,
      say: this.say,
      deliver: (answers, key) => this.deliver(answers, key),
      onFailed: (problem, status) => this.emit("story-error", { problem, status }),
      onKept: () => {
        this.answers = {};
        this.emit("story-submitted", { service: settings.service, topic: settings.topic });
      },
      onClose: () => this.close(),
    });
    tell.appendChild(this.form.node);
  }

  close() {
    if (this.form) this.form.stop();
    this.form = null;
    this.rest();
    focus(/** @type {HTMLElement} */ (this.tell.querySelector("button")), this.title);
  }

  /**
   * @param {Answers} answers
   * @param {string} key
   */
  deliver(answers, key) {
    const { service, topic, siteKey } = this.settings;
    const { protocol, pathname } = location;
    const path = protocol.indexOf("http") === 0 ? pathname : null;
    return send(`${base}/api/v1/stories`, encode(answers, { service, topic, siteKey, path, key, lang: this.words.tag }));
  }
}
