/**
 * The stories told here: an honest count, the stories, and more of them when asked.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./story.js").ShownStory} ShownStory
 * @typedef {{ items: ShownStory[], next: string | null, total: number }} Page of GET /api/v1/stories
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
import { button, clear, el, focus, put } from "./dom.js";
import { drawStory } from "./story.js";

/**
 * @param {Page} first
 * @param {ListOptions} options
 */
export function drawList(first, { words, level, service, invitation, more, say }) {
  let shown = 0;
  let { next, total } = first;
  const count = el("p", { class: "count", part: "count" });
  const stories = el("div", { class: "stories" });
  const foot = el("div", { class: "after" });

  const counted = () => words.text(words.plural("showing", total), { shown, total });

  /**
   * Adds a page at the end.
   * @param {ShownStory[]} items
   * @returns {HTMLElement | null} the first story added
   */
  function add(items) {
    let top = null;
    for (const item of items) {
      const node = drawStory(item, words, level, service);
      stories.appendChild(node);
      top = top || node;
    }
    shown += items.length;
    count.textContent = counted();
    return top;
  }

  const moreButton = button("quiet", words.text("more"), async () => {
    if (!next || moreButton.getAttribute("aria-disabled")) return;
    moreButton.setAttribute("aria-disabled", "true");
    clear(foot);
    say(words.text("loading"));
    try {
      const page = await more({ cursor: next });
      ({ next, total } = page);
      const top = add(page.items);
      // A story's title can take the focus; a tombstone has none, so its link does.
      const target = top && /** @type {HTMLElement | null} */ (top.querySelector("[tabindex],a"));
      if (target) focus(target);
      say(counted());
    } catch {
      say("");
      put(foot, [el("p", { class: "error", role: "alert" }, words.text("more_failed"))]);
    }
    moreButton.removeAttribute("aria-disabled");
    moreButton.hidden = !next;
  });

  add(first.items);
  moreButton.hidden = !next;
  const empty = !first.items.length && [
    el("p", { class: "lead" }, words.text("none_yet")),
    el("p", {}, words.text("none_yet_invite")),
    invitation && el("p", {}, invitation),
  ];
  return {
    node: el("section", { class: "list", part: "stories" }, ...(empty || [count, stories, moreButton, foot])),
    /** Leaves out the last story shown, to be asked for with the next; false when but one is left. */
    trim() {
      return false;
    },
  };
}
