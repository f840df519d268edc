/**
 * What stands inside one <patient-stories>: fetches, draws the box, opens the form. The element itself only says when
 * it comes, goes and changes.
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
 * @typedef {ReturnType<typeof makeEmbed>} Embed
 */
import ground from "./style/ground.css";
import reading from "./style/reading.css";
import telling from "./style/telling.css";
import { base } from "./origin.js";
import { button, clear, el, focus, heading, link, put } from "./dom.js";
import { chooseLanguage, directionOf, makeWords } from "./words.js";
import { drawList } from "./list.js";
import { encode } from "./encode.js";
import { mark } from "./mark.js";
import { newDraft, openForm } from "./form.js";
import { read, send } from "./net.js";

/** How near the viewport the element comes before anything is fetched. */
const NEAR = "400px";

/** What a later file says wins over an earlier one. */
const css = ground + reading + telling;

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

/** The page's own keyboard shortcuts must not fire while somebody writes. @param {Event} event */
function keepTyping(event) {
  const { tagName } = /** @type {Element} */ (event.target);
  if (tagName === "INPUT" || tagName === "TEXTAREA" || tagName === "SELECT") event.stopPropagation();
}

/**
 * Where stories are read and sent.
 * @param {Settings} settings
 * @param {string} [cursor]
 */
function addressOf({ service, topic, stories, limit }, cursor) {
  const query = new URLSearchParams();
  // A topic never narrows the list of a service: that would be a way to hide stories.
  if (service) query.append("service", service);
  else if (topic) query.append("topic", topic);
  query.append("limit", `${stories ? limit : 1}`);
  if (cursor) query.append("cursor", cursor);
  return `${base}/api/v1/stories?${query}`;
}

/** The service's own page to tell a story on. @param {Settings} settings */
const tellingPage = ({ service, topic }) => {
  const query = new URLSearchParams(service ? { service } : { topic: `${topic}` });
  return `${base}/tell?${query}`;
};

/** The service's own page of a service or topic. @param {string} code @param {"services" | "topics"} kind */
const pageOf = (kind, code) => `${base}/${kind}/${encodeURIComponent(code)}`;

/**
 * @param {HTMLElement} host
 * @param {() => Settings} settingsOf reads the attributes
 */
export function makeEmbed(host, settingsOf) {
  const root = host.attachShadow({ mode: "open" });
  // The live region stands before its text changes: screen readers miss one that comes with its text.
  const live = el("p", { class: "vh", role: "status", "aria-live": "polite" });
  const box = el("div", { class: "box", part: "box" });
  const wrapper = el("div", { hidden: true }, el("div", { class: "room" }, box, live));
  const slot = el("slot");
  let settings = settingsOf();
  let words = makeWords(chooseLanguage(settings.lang));
  /** Aborted when the element leaves the page. @type {AbortController | null} */
  let connection = null;
  /** The first page of stories, and where it came from. @type {any} */
  let data = null;
  let address = "";
  let draft = newDraft();
  /** @type {ReturnType<typeof openForm> | null} */
  let form = null;

  style(root);
  put(root, [wrapper, slot]);
  for (const type of ["keydown", "keypress", "keyup"]) wrapper.addEventListener(type, keepTyping);

  /** @param {string} text */
  function say(text) {
    live.textContent = text;
  }

  /**
   * An event for the page: bubbling, composed, never cancelable, without a word of a story.
   * @param {"story-submitted" | "stories-loaded" | "story-error"} type
   * @param {Record<string, string | number | null>} detail
   */
  function emit(type, detail) {
    host.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  /** The element is on the page: fetch when it comes near the viewport, and again when the line comes back. */
  function connect() {
    if (connection) return;
    const { signal } = (connection = new AbortController());
    const online = () => {
      if (!data) load();
    };
    window.addEventListener("online", online);
    signal.addEventListener("abort", () => window.removeEventListener("online", online));
    if (data) return;
    if (!("IntersectionObserver" in window)) {
      load();
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting } of entries) {
          if (!isIntersecting) continue;
          observer.disconnect();
          load();
        }
      },
      { rootMargin: NEAR },
    );
    observer.observe(host);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** The element left the page; what was typed stays with it. */
  function disconnect() {
    if (connection) connection.abort();
    connection = null;
    if (form) form.stop();
  }

  /** An attribute changed. While somebody writes only the colours follow: the story stays about what it was about. */
  function changed() {
    const { theme } = settingsOf();
    if (form) dress(theme);
    else {
      settings = settingsOf();
      if (data && address === addressOf(settings)) draw();
      else if (data) load();
    }
  }

  async function load() {
    const { service, topic, stories } = settings;
    if (!base || (!service && !topic)) {
      console.warn('patient-stories: say which service (or topic) this is about, as in service="RXH01".');
      return;
    }
    const asked = addressOf(settings);
    const asking = connection;
    try {
      const answer = await read(asked);
      if (!asking || asking.signal.aborted || form || asked !== addressOf(settings)) return;
      data = answer;
      address = asked;
      const held = root.activeElement;
      draw();
      if (held) rest();
      emit("stories-loaded", { total: data.total, shown: stories ? data.items.length : 0 });
    } catch (error) {
      // The link inside the tag stays: it is the way to the stories now. A tag without one gets ours.
      clear(slot);
      slot.appendChild(
        link(service ? pageOf("services", service) : pageOf("topics", `${topic}`), {}, words.text("heading")),
      );
      const { problem = "lost", status = 0 } = /** @type {any} */ (error);
      console.warn(`patient-stories: could not read ${asked} (${status || "no answer"}).`);
      emit("story-error", { problem, status });
    }
  }

  /** A page that says nothing of dark is light, whatever the device prefers. @param {string} theme */
  function dress(theme) {
    const light = theme === "auto" && !/dark/.test(getComputedStyle(host).colorScheme);
    wrapper.className = `root ${light ? "light" : theme}`;
  }

  /** What the stories are about: its name, and its page at the service. */
  function subject() {
    return data.about.service || data.about.topic;
  }

  /** The box at rest: its name, the invitation to tell, the stories, and who keeps them. */
  function draw() {
    const { lang, level, theme, stories, service } = settings;
    const { keeper, total } = data;
    const language = chooseLanguage(lang);
    words = makeWords(language);
    dress(theme);
    wrapper.setAttribute("lang", language.tag);
    wrapper.setAttribute("dir", directionOf(language.tag));
    clear(box);
    put(box, [
      drawHead(words.text("heading"), subject().name),
      settings.form && drawInvitation(),
      stories
        ? drawList(data, {
            words,
            level: level + 1,
            service,
            say,
            invitation: !settings.form && link(tellingPage(settings), {}, words.text("tell")),
            more: (cursor) => read(addressOf(settings, cursor)),
          })
        : drawCount(total),
      el(
        "p",
        { class: "foot", part: "foot" },
        mark(),
        ...words.mixed(keeper.independent ? "kept_independent" : "kept_part", {
          keeper: keeper.name,
          how: link(keeper.url, {}, words.text("how_it_works")),
        }),
      ),
    ]);
    if (slot.parentNode) root.removeChild(slot);
    wrapper.hidden = false;
  }

  /** @param {string} title @param {string} about */
  const drawHead = (title, about) =>
    el(
      "header",
      {},
      heading(settings.level, { class: "name", part: "heading" }, title),
      el("p", { class: "of" }, about),
    );

  /** The honest count where the stories themselves are not shown. @param {number} total */
  const drawCount = (total) =>
    el(
      "p",
      { class: "count", part: "count" },
      ...words.mixed(words.plural("form_only", total), {
        shown: words.number(0),
        total: words.number(total),
        read: link(subject().url, {}, words.text("read_them")),
      }),
    );

  const drawInvitation = () =>
    el(
      "section",
      { class: "invite", part: "invitation" },
      el(
        "div",
        {},
        heading(settings.level + 1, { class: "ask" }, words.text("invite")),
        el("p", {}, words.text("invite_text")),
        el("p", { class: "small" }, words.text("invite_small")),
      ),
      button("main", words.text(Object.keys(draft.answers).length ? "carry_on" : "tell"), tell),
    );

  /** Opens the form in the place of everything but the foot: one thing per page. */
  function tell() {
    const { name } = subject();
    const { service, topic, siteKey, level } = settings;
    const { protocol, pathname } = location;
    const path = protocol.indexOf("http") === 0 ? pathname : null;
    const foot = /** @type {Node} */ (box.lastChild);
    form = openForm({
      words,
      level: level + 1,
      about: name,
      keeper: data.keeper.name,
      draft,
      say,
      deliver: (answers, key) =>
        send(
          `${base}/api/v1/stories`,
          encode(answers, { service, topic, siteKey, path, key, lang: words.tag }),
        ),
      onFailed: (problem, status) => emit("story-error", { problem, status }),
      onKept: () => {
        draft = newDraft();
        emit("story-submitted", { service, topic });
      },
      onClose: close,
    });
    clear(box);
    put(box, [
      el(
        "div",
        { class: "telling" },
        drawHead(words.text("tell"), words.text("telling_about", { name })),
        form.node,
      ),
      foot,
    ]);
    form.open();
  }

  function close() {
    form = null;
    draw();
    rest();
    changed();
  }

  /** The focus goes where telling begins: what had it is gone. */
  function rest() {
    const opener = box.querySelector("button");
    if (opener) focus(opener, box);
  }

  return { connect, disconnect, changed };
}
