import { svg } from "./dom.js";

/** A speech bubble whose tail turns round and comes back to its own start: told, and told back. */
const PATH = "M9.5 19H7a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4h10a4 4 0 0 1 4 4v7a4 4 0 0 1-4 4h-2.5c0 2.5-4.5 4-5 1s4-2.500 5-1";

/** The mark of Tellback, in the colour of the text around it. */
export const mark = () =>
  svg(
    "svg",
    { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true", focusable: "false" },
    svg("path", {
      d: PATH,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    })
  );
