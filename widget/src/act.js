/**
 * What a reader can do with a story: say that it happened to them too, pass it on, report it.
 * @typedef {import("./words.js").Words} Words
 */
import { button, clear, el, link, put } from "./dom.js";
import { base } from "./origin.js";
import { post } from "./net.js";

/**
 * A button whose work may fail: pressed again while it works it does nothing, and a failure is said beside it, by the
 * service where it answered.
 * @param {string} name class
 * @param {string} text
 * @param {string} failure
 * @param {() => Promise<boolean | void>} work true: done for good
 * @returns {[HTMLButtonElement, HTMLElement]} the button, and the place of the failure
 */
export function trying(name, text, failure, work) {
  const failed = el("p", { class: "error", role: "alert" });
  const node = button(name, text, async () => {
    if (node.getAttribute("aria-disabled")) return;
    node.setAttribute("aria-disabled", "true");
    clear(failed);
    let done;
    try {
      done = await work();
    } catch (error) {
      const { problem, message } = /** @type {any} */ (error);
      put(failed, [(problem && message) || failure]);
    }
    if (!done) node.removeAttribute("aria-disabled");
  });
  return [node, failed];
}

/**
 * @param {{ id: string, url: string, title: string, me_too: number }} story
 * @param {{ words: Words, say: (text: string) => void }} options
 */
export function drawActs({ id, url, title, me_too: count }, { words, say }) {
  const which = () => el("span", { class: "vh" }, `: ${title}`);
  const counted = () => (count ? words.counted("me_too_count", count) : "");
  const others = el("span", { class: "soft" }, counted());
  const [meToo, failed] = trying("quiet", words.text("me_too"), words.text("me_too_failed"), async () => {
    ({ me_too: count } = await post(`${base}/api/v1/stories/${id}/me-too?lang=${words.tag}`, new URLSearchParams()));
    others.textContent = `${words.text("me_too_thanks")} ${counted()}`;
    say(others.textContent);
    return true;
  });
  const passed = el("p", { class: "soft" });
  const passOn = button("plain", words.text("pass_on"), async () => {
    let key = "link_copied";
    try {
      if (navigator.share) return await navigator.share({ title, url });
    } catch (error) {
      // Who closes the sheet of the device has thought better of it; a frame that may not open it copies.
      if (/** @type {Error} */ (error).name === "AbortError") return;
    }
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      key = "link_not_copied";
    }
    passed.textContent = words.text(key);
    say(words.text(key));
  });
  meToo.appendChild(which());
  passOn.appendChild(which());
  return el(
    "div",
    { class: "does" },
    el("div", {}, meToo, others),
    failed,
    el(
      "div",
      { class: "small" },
      link(url, { class: "permalink" }, words.text("permalink"), which()),
      passOn,
      link(
        `${base}/stories/${id}/report?lang=${words.tag}`,
        { target: "_blank", rel: "noopener" },
        words.text("report"),
        el("span", { class: "vh" }, `: ${title} ${words.text("new_tab")}`),
      ),
    ),
    passed,
  );
}
