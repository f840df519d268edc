/**
 * The page's side of a frame of ours (<iframe src="…/embed?service=RXH01">): it grows as its stories do. The other side
 * is backend/tellback/static/pages/embed.js.
 */
import { base } from "./origin.js";

/** Pixels: room enough to read in, and no page without an end, whatever is said. */
const LEAST = 320;
const MOST = 20000;

/** Listens for the life of the page, so frames put in later grow too. */
export function growFrames() {
  if (!base) return;
  const ours = new URL(base).origin;
  window.addEventListener("message", ({ data, origin, source }) => {
    if (origin !== ours || !data || data.type !== "patient-stories-height" || !(data.value > 0)) return;
    const height = Math.min(Math.max(data.value, LEAST), MOST);
    const frames = document.querySelectorAll("iframe");
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      if (frame.contentWindow !== source) continue;
      // Under border-box the border would be taken from the inside, and a scroll bar come for a pixel or two.
      const border = frame.offsetHeight - frame.clientHeight;
      frame.style.setProperty("height", `${height + border}px`, "important");
    }
  });
  // Those that came before this file have said their height to nobody.
  const earlier = document.querySelectorAll("iframe");
  for (let i = 0; i < earlier.length; i++) {
    const { contentWindow, src } = earlier[i];
    if (contentWindow && src.indexOf(`${base}/embed?`) === 0)
      contentWindow.postMessage({ type: "patient-stories-ready" }, "*");
  }
}
