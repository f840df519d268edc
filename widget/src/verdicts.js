/**
 * What several authors say of what came back. Knows no DOM.
 * @typedef {"yes" | "partly" | "no"} Verdict
 * @typedef {Record<Verdict, number>} Said how many say which
 */

/**
 * A sentence; "" where none has said anything.
 * @param {"answered" | "changed"} of
 * @param {Said | undefined} said
 * @param {import("./words.js").Words} words
 */
export const sums = (of, said, words) =>
  said && said.yes + said.partly + said.no ? words.text(`said_${of}`, said) : "";
