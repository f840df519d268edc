import { svg } from "./dom.js";

/** The path of backend/tellback/static/brand/mark.svg: a speech bubble whose tail turns round and comes back. */
const PATH =
  "M7.6 16.4h7.6a6.7 6.7 0 0 0 0-13.4H8.8a6.7 6.7 0 0 0-6.7 6.7c0 4.7 1.7 8.3 4.7 10.9 2 1.8 5 .8 5-1.6 0-1.8-1.5-2.6-4.2-2.6Z";

/** The mark of Tellback, in the colour of the text around it. */
export const mark = () =>
  svg(
    "svg",
    { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true", focusable: "false" },
    svg("path", {
      d: PATH,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2.6,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
  );
