/**
 * What stands inside one <patient-stories>: fetches, draws the box, opens the form. The element itself only says when
 * it comes, goes and changes.
 * @typedef {object} Settings
 * @property {string | null} service
 * @property {string | null} topic
 * @property {string | null} siteKey
 * @property {boolean} form
 * @property {boolean} stories
 * @property {boolean} summary
 * @property {boolean} changes
 * @property {string} lang
 * @property {number} level
 * @property {"light" | "dark" | "auto" | "page"} theme
 * @property {number} limit
 * @typedef {ReturnType<typeof makeEmbed>} Embed
 */
import ground from "./style/ground.css";
import reading from "./style/reading.css";
import { VERSION, base } from "./origin.js";
import { button, clear, el, focus, heading, link, pause, put } from "./dom.js";
import { LANGUAGES, directionOf, languageOf, makeWords } from "./words.js";
import { drawChanges } from "./changes.js";
import { drawList } from "./list.js";
import { drawSummary } from "./summary.js";
import { mark } from "./mark.js";
import { fetchForm } from "./forms.js";
import { read, readOnce } from "./net.js";
import { wear } from "./theme.js";

/** How near the viewport the element comes before anything is fetched. */
const NEAR = "400px";

/** A page that comes back out of the browser's memory older than this asks for its stories again. */
const STALE_MS = 300000;

/** Sheets by their text, one of each for all embeds of the page. @type {Record<string, CSSStyleSheet>} */
const sheets = {};

/**
 * A constructed sheet is not subject to the page's style-src; engines without them get a style element.
 * @param {ShadowRoot} root
 * @param {string[]} styles what a later one says wins over an earlier one
 */
function style(root, styles) {
  try {
    const worn = [];
    for (const css of styles) {
      if (!sheets[css]) (sheets[css] = new CSSStyleSheet()).replaceSync(css);
      worn.push(sheets[css]);
    }
    root.adoptedStyleSheets = worn;
  } catch {
    root.appendChild(el("style", {}, styles[styles.length - 1]));
  }
}

/** The page's own keyboard shortcuts must not fire while somebody writes. @param {Event} event */
function keepTyping(event) {
  const { tagName } = /** @type {Element} */ (event.target);
  if (tagName === "INPUT" || tagName === "TEXTAREA" || tagName === "SELECT") event.stopPropagation();
}

/** Height in pixels beyond which room in the tag is no mere padding. */
const KEPT = 100;

/**
 * The height that the page keeps for the box, which what stands in it first shall not outgrow; 0 where it keeps none:
 * the tag is as high as the link inside it.
 * @param {HTMLElement} host
 */
function roomOf(host) {
  const range = document.createRange();
  range.selectNodeContents(host);
  if (host.clientHeight - range.getBoundingClientRect().height < KEPT) return 0;
  const { paddingTop, paddingBottom } = getComputedStyle(host);
  return host.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
}

/** What the embed is about, as the path of an address. @param {Settings} settings */
const placeOf = ({ service, topic }) =>
  service ? `services/${encodeURIComponent(service)}` : `topics/${encodeURIComponent(`${topic}`)}`;

/**
 * Where stories are read.
 * @param {Settings} settings
 * @param {Record<string, string>} asked language, and what the reader asked for: a cursor, an order, words to find
 */
function addressOf({ service, topic, stories, limit }, asked) {
  const query = new URLSearchParams();
  // A topic never narrows the list of a service: that would be a way to hide stories.
  if (service) query.append("service", service);
  else if (topic) query.append("topic", topic);
  query.append("limit", `${stories ? limit : 1}`);
  for (const name of Object.keys(asked)) if (asked[name]) query.append(name, asked[name]);
  return `${base}/api/v1/stories?${query}`;
}

/** The service's own page to tell a story on. @param {Settings} settings */
const tellingPage = ({ service, topic }) => {
  const query = new URLSearchParams(service ? { service } : { topic: `${topic}` });
  return `${base}/tell?${query}`;
};

/**
 * The words of a part in a language, as data.
 * @param {string} tag one of LANGUAGES
 * @param {"reading" | "telling"} part
 * @returns {Promise<import("./words.js").Catalogue>} rejected when they cannot be fetched
 */
const fetchWords = (tag, part) =>
  readOnce(`${base}/${VERSION}/words/${tag}/${part}.json`).then(({ words }) => words);

/** The language of ours that the person's browser prefers. */
const preferred = () => languageOf((navigator.languages || [])[0] || navigator.language);

/**
 * Marks by which recorders of sessions leave out what they stand on: nobody's analytics shall hold what a patient
 * reads and writes here. They stand in here because most recorders do not look past a shadow root: the same marks on
 * the tag let typed words through (tried with rrweb and PostHog; docs/webmasters.md names the recorders).
 */
const UNSEEN_CLASSES = "ph-no-capture fs-exclude sentry-block rr-block";
const UNSEEN = { "data-private": true, "data-clarity-mask": "True", "data-hj-suppress": true, "data-cs-mask": true };

/**
 * @param {HTMLElement} host
 * @param {() => Settings} settingsOf reads the attributes
 */
export function makeEmbed(host, settingsOf) {
  const root = host.attachShadow({ mode: "open" });
  // The live region stands before its text changes: screen readers miss one that comes with its text.
  const live = el("p", { class: "vh", role: "status", "aria-live": "polite" });
  const box = el("div", { class: "box", part: "box" });
  const room = el("div", { class: `room ${UNSEEN_CLASSES}`, ...UNSEEN }, box, live);
  const wrapper = el("div", { hidden: true }, room);
  const slot = el("slot");
  let settings = settingsOf();
  /** In the language at hand, since the first load. @type {import("./words.js").Words} */
  let words;
  /** The language the person chose here, over the page's. @type {string | undefined} */
  let chosen;
  /** Aborted when the element leaves the page. @type {AbortController | null} */
  let connection = null;
  /** What was fetched: the first page of stories, the summary, the changes; where from and when. @type {any} */
  let data = null;
  let source = "";
  let since = 0;
  /** How often the box was drawn, and how many stories the latest shows, once it has them. */
  let draws = 0;
  let grown = Promise.resolve(0);
  /** What was typed so far; outlives the closed form. @type {import("./form.js").Draft | undefined} */
  let draft;
  /** @type {ReturnType<import("./forms.js").Telling["openForm"]> | null} */
  let form = null;

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

  const language = () => chosen || languageOf(settings.lang) || "en";

  /** Where stories are read in the language at hand. @param {Record<string, string>} [asked] by the reader */
  const listAt = (asked) => addressOf(settings, { lang: language(), ...asked });

  /** Where changes are read. @param {string} [cursor] of the page that follows */
  const changesAt = (cursor = "") => {
    const query = new URLSearchParams({ limit: `${settings.limit}`, lang: language() });
    if (cursor) query.append("cursor", cursor);
    return `${base}/api/v1/${placeOf(settings)}/changes?${query}`;
  };

  /** The addresses of all that is shown: what a draw depends on. */
  const sourceOf = () => {
    const { stories, summary, changes } = settings;
    return [listAt(), stories, summary, changes].join(" ");
  };

  /** The element is on the page: fetch when it comes near the viewport, and again when the line comes back. */
  function connect() {
    if (connection) return;
    const { signal } = (connection = new AbortController());
    if (form) form.listen();
    const back = (/** @type {Event} */ event) => {
      const stale = /** @type {PageTransitionEvent} */ (event).persisted && Date.now() - since > STALE_MS;
      if (!form && (data ? stale : event.type === "online")) load();
    };
    for (const type of ["online", "pageshow"]) {
      window.addEventListener(type, back);
      signal.addEventListener("abort", () => window.removeEventListener(type, back));
    }
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
    if (form) wear(host, wrapper, theme);
    else {
      settings = settingsOf();
      if (data && source === sourceOf()) draw();
      else if (data) load();
    }
  }

  async function load() {
    const { service, topic, summary, changes } = settings;
    if (!base || (!service && !topic)) {
      console.warn('patient-stories: say which service (or topic) this is about, as in service="RXH01".');
      return;
    }
    const asked = sourceOf();
    const asking = connection;
    const about = `${base}/api/v1/${placeOf(settings)}`;
    const tag = language();
    if (!words) style(root, [ground + reading]);
    try {
      const [page, gist, made, catalogue] = await Promise.all([
        read(listAt()),
        summary && read(`${about}/summary?lang=${tag}`),
        changes && read(changesAt()),
        fetchWords(tag, "reading"),
      ]);
      await pause();
      if (!asking || asking.signal.aborted || form || asked !== sourceOf()) return;
      data = { page, gist, made };
      source = asked;
      since = Date.now();
      words = makeWords(tag, catalogue);
      const held = root.activeElement;
      draw();
      if (held) rest();
      emit("stories-loaded", { total: page.total, shown: await grown });
    } catch (error) {
      // The link inside the tag stays: it is the way to the stories now. A tag without one gets ours.
      if (!data) {
        clear(slot);
        slot.appendChild(link(`${base}/${placeOf(settings)}`, {}, "Patients' stories"));
      }
      const { problem = "lost", status = 0 } = /** @type {any} */ (error);
      console.warn(`patient-stories: could not read ${listAt()} (${status || "no answer"}).`);
      emit("story-error", { problem, status });
    }
  }

  /** What the stories are about: its name, and its page at the service. */
  const subject = () => data.page.about.service || data.page.about.topic;

  /** The box speaks a language, in its direction. */
  function speak() {
    wrapper.setAttribute("lang", words.tag);
    wrapper.setAttribute("dir", directionOf(words.tag));
  }

  /** The box at rest: its name, the invitation to tell, what there is to read, and who keeps it. */
  function draw() {
    const { level, theme, stories, service, topic } = settings;
    const { page, gist, made } = data;
    wear(host, wrapper, theme);
    speak();
    clear(box);
    /** @type {ReturnType<typeof drawList> | undefined} */
    let list;
    const parts = [
      () => drawHead(words.text("heading"), subject().name),
      settings.form && drawInvitation,
      gist && (() => drawSummary(gist, { words, level: level + 1 })),
      made &&
        (() =>
          drawChanges(made, {
            words,
            level: level + 1,
            more: (cursor) => read(changesAt(cursor)),
          })),
      () => {
        if (!stories) return drawCount(page.total);
        list = drawList(page, {
          words,
          level: level + 1,
          service,
          topic,
          place: `${base}/api/v1/${placeOf(settings)}`,
          say,
          invitation: !settings.form && link(tellingPage(settings), {}, words.text("tell")),
          more: (asked) => read(listAt(asked)),
        });
        return list.node;
      },
      () => drawFoot(page.keeper),
    ];
    const mine = ++draws;
    if (wrapper.hidden) grown = appear(parts, () => list, () => mine === draws);
    else {
      for (const part of parts) if (part) put(box, [part()]);
      grown = list ? list.grow(() => true) : Promise.resolve(0);
    }
  }

  /**
   * The box comes for the first time. It fills out of sight, so nothing moves in the room that is kept; and a part at
   * a time, each drawn and laid out in its own task, because code is compiled and fonts are looked up then: all at
   * once is long on a slow device. Where no room is kept, it shows with its first story.
   * @param {(false | null | undefined | (() => Node))[]} parts
   * @param {() => ReturnType<typeof drawList> | undefined} listOf what the parts drew
   * @param {() => boolean} isLatest false once something else is drawn in the box
   * @returns {Promise<number>} how many stories are shown
   */
  async function appear(parts, listOf, isLatest) {
    const room = roomOf(host);
    wrapper.className += " filling";
    wrapper.hidden = false;
    const shows = () => {
      if (slot.parentNode) root.removeChild(slot);
      wrapper.className = wrapper.className.replace(" filling", "");
    };
    try {
      for (const part of parts) {
        if (!part) continue;
        await pause();
        if (form) return 0;
        if (!isLatest()) return grown;
        put(box, [part()]);
        box.getBoundingClientRect();
      }
      await pause();
      const list = listOf();
      if (!list) return 0;
      return await list.grow((shown) => {
        const height = wrapper.scrollHeight;
        if (!room) shows();
        return shown < 2 || !room || height <= room;
      });
    } finally {
      // Also when a story could not be drawn: what there is can be read.
      shows();
    }
  }

  /** @param {string} title @param {string} about */
  const drawHead = (title, about) => {
    const mine = preferred();
    return el(
      "header",
      {},
      el(
        "div",
        {},
        heading(settings.level, { class: "name", part: "heading" }, title),
        el("p", { class: "of" }, about),
      ),
      mine && mine !== words.tag && !chosen && drawLanguage(mine),
    );
  };

  /** A button that says a language's own name and changes to it. @param {string} tag */
  const drawLanguage = (tag) => {
    const node = button("plain tongue", LANGUAGES[tag], () => changeLanguage(tag));
    node.setAttribute("lang", tag);
    return node;
  };

  /** Who keeps the stories, and the other languages. @param {any} keeper */
  function drawFoot(keeper) {
    const others = el("ul", { class: "tongues" });
    for (const tag of Object.keys(LANGUAGES))
      if (tag !== words.tag) others.appendChild(el("li", {}, drawLanguage(tag)));
    return el(
      "footer",
      { class: "foot", part: "foot" },
      el(
        "p",
        {},
        mark(),
        ...words.mixed(keeper.independent ? "kept_independent" : "kept_part", {
          keeper: keeper.name,
          how: link(keeper.url, {}, words.text("how_it_works")),
        }),
      ),
      el("details", {}, el("summary", {}, words.text("language", { name: LANGUAGES[words.tag] })), others),
    );
  }

  /**
   * Another language in the same place; what was typed stays.
   * @param {string} tag
   */
  async function changeLanguage(tag) {
    chosen = tag;
    if (!form) {
      await load();
      rest();
      return;
    }
    form.stop();
    form = null;
    await tell();
  }

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

  function drawInvitation() {
    const failed = el("p", { class: "error", role: "alert" });
    const opener = button("main", words.text(draft && Object.keys(draft.answers).length ? "carry_on" : "tell"), async () => {
      clear(failed);
      opener.setAttribute("aria-busy", "true");
      if (!(await tell()))
        put(
          failed,
          words.mixed("tell_failed", { page: link(tellingPage(settings), {}, words.text("tell_page")) }),
        );
      opener.removeAttribute("aria-busy");
    });
    // What the form needs comes while the hand is on its way to the button.
    for (const type of ["pointerenter", "focus"])
      opener.addEventListener(type, () => fetchTelling().catch(() => {}), { once: true });
    return el(
      "section",
      { class: "invite", part: "invitation" },
      el(
        "div",
        {},
        heading(settings.level + 1, { class: "ask" }, words.text("invite")),
        el("p", {}, words.text("invite_text")),
        el("p", { class: "small" }, words.text("invite_small")),
        failed,
      ),
      opener,
    );
  }

  /** The form, its words, what it must know of the service; and words in the browser's own language. */
  function fetchTelling() {
    const { service, topic } = settings;
    const tag = language();
    const query = new URLSearchParams({ lang: tag });
    if (service) query.append("service", service);
    if (topic) query.append("topic", topic);
    const mine = preferred();
    return Promise.all([
      fetchWords(tag, "reading"),
      fetchWords(tag, "telling"),
      readOnce(`${base}/api/v1/telling?${query}`),
      fetchForm(),
      mine && mine !== tag ? fetchWords(mine, "telling").catch(() => null) : null,
    ]);
  }

  /**
   * Opens the form in the place of everything but the foot: one thing per page.
   * @returns {Promise<boolean>} false when what it needs could not be fetched: then the box stays as it was
   */
  async function tell() {
    let fetched;
    try {
      fetched = await fetchTelling();
    } catch {
      return false;
    }
    const [seen, told, context, { css, newDraft, openForm }, offered] = fetched;
    style(root, [ground + reading, css]);
    draft = draft || newDraft();
    words = makeWords(language(), { ...seen, ...told });
    speak();
    const { name } = subject();
    const { service, topic, siteKey, level } = settings;
    const { protocol, pathname } = location;
    form = openForm({
      words,
      level: level + 1,
      about: name,
      context,
      service,
      topic,
      siteKey,
      path: protocol.indexOf("http") === 0 ? pathname : null,
      offer: offered && { tag: `${preferred()}`, text: offered.offer },
      draft,
      say,
      speak: changeLanguage,
      onFailed: (problem, status) => emit("story-error", { problem, status }),
      onKept: () => {
        draft = undefined;
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
      drawFoot(data.page.keeper),
    ]);
    form.open();
    return true;
  }

  function close() {
    form = null;
    settings = settingsOf();
    if (source === sourceOf()) draw();
    else load();
    rest();
  }

  /** The focus goes where telling begins: what had it is gone. */
  function rest() {
    const opener = /** @type {HTMLElement | null} */ (box.querySelector(".main"));
    if (opener) focus(opener, box);
  }

  return { connect, disconnect, changed };
}
