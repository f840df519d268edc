/**
 * The stories told here: an honest count, the stories, and more of them when asked.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./story.js").ShownStory} ShownStory
 * @typedef {import("./find.js").Asked} Asked
 * @typedef {object} Page of GET /api/v1/stories
 * @property {ShownStory[]} items
 * @property {string | null} next
 * @property {number} total all told here, whatever the reader asked for
 * @property {number} matching what the reader asked for
 * @property {string} order
 * @typedef {object} ListOptions
 * @property {Words} words
 * @property {number} level of the stories' headings
 * @property {string | null} service code of the service the list is about
 * @property {Node | false} invitation to tell the first story, where the box has no other
 * @property {string | null} topic slug of the topic the list is about
 * @property {string} place address of the service or topic in the API
 * @property {(asked: Record<string, string>) => Promise<Page>} more fetches a page: at a cursor, in an order, of words
 * @property {(text: string) => void} say announces to screen readers
 */
import { clear, el, focus, pause, put } from "./dom.js";
import { drawFind } from "./find.js";
import { drawStory } from "./story.js";
import { trying } from "./act.js";

/**
 * @param {Page} page the first
 * @param {ListOptions} options
 */
export function drawList(page, options) {
  const { words, invitation, more, say } = options;
  /** What the reader asked for. @type {Asked} */
  let asked = {};
  let shown = 0;
  /** Fetched, but not shown yet: they come before what is fetched next. @type {ShownStory[]} */
  let held = [];
  const count = el("p", { class: "count", part: "count", tabindex: -1 });
  const stories = el("div", { class: "stories" });

  const isAll = () => !Object.keys(asked).length;

  function counted() {
    const { total, matching } = page;
    const said = { shown, total, count: matching, order: words.text(`order_${page.order}`) };
    return isAll()
      ? words.text(words.plural("showing", total), said)
      : `${words.text(words.plural("found", matching), said)} · ${words.counted("told_here", total)}`;
  }

  /** What is said of the list is true of it. */
  function settle() {
    count.textContent = counted();
    moreButton.hidden = !held.length && !page.next;
    allButton.hidden = isAll();
  }

  /** Draws stories at the end. @param {ShownStory[]} items @returns {HTMLElement[]} */
  function add(items) {
    const nodes = [];
    for (const item of items) nodes.push(drawStory(item, options));
    put(stories, nodes);
    shown += nodes.length;
    settle();
    return nodes;
  }

  /** @param {Record<string, string>} query */
  async function read(query) {
    say(words.text("loading"));
    try {
      return await more(query);
    } finally {
      say("");
    }
  }

  /** Another list in this one's place. @param {Asked} wanted */
  async function ask(wanted) {
    page = await read(wanted);
    asked = wanted;
    shown = 0;
    held = [];
    clear(stories);
    add(page.items);
    if (!shown) put(stories, [el("p", { class: "lead" }, words.text("none_found"))]);
    say(counted());
  }

  const find = drawFind(options, ask);
  const [moreButton, moreFailed] = trying("quiet", words.text("more"), words.text("fetch_failed"), async () => {
    let items = held;
    if (!items.length) {
      page = await read({ ...asked, cursor: `${page.next}` });
      items = page.items;
    }
    held = [];
    const nodes = add(items);
    // A story's title can take the focus; a tombstone has none, so its link does.
    const target = nodes.length && /** @type {HTMLElement | null} */ (nodes[0].querySelector("[tabindex],a"));
    if (target) focus(target);
    say(counted());
  });
  const [allButton, allFailed] = trying("plain", words.text("show_all"), words.text("fetch_failed"), async () => {
    await ask({});
    find.reset();
    focus(count);
  });

  held = page.items;
  settle();
  const content = held.length
    ? [count, allButton, allFailed, find.node, stories, moreButton, moreFailed]
    : [
        el("p", { class: "lead" }, words.text("none_yet")),
        el("p", {}, words.text("none_yet_invite")),
        invitation && el("p", {}, invitation),
      ];
  return {
    node: el("section", { class: "list", part: "stories" }, ...content),
    /**
     * Shows the stories that were fetched, one at once and others as long as they fit: each in a task of its own.
     * What does not fit comes first when more are asked for.
     * @param {(shown: number) => boolean} fits asked after each
     * @returns {Promise<number>} how many are shown
     */
    async grow(fits) {
      while (held.length) {
        if (shown) await pause();
        const [next, ...rest] = held;
        if (!next) break;
        held = rest;
        const [node] = add([next]);
        if (fits(shown)) continue;
        stories.removeChild(node);
        shown--;
        held = [next, ...rest];
        settle();
        break;
      }
      return shown;
    },
  };
}
