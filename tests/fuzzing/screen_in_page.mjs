// Screens the texts that it is given (JSON on its input) as a page does that has the whole book.
import { readFileSync } from "node:fs";
import { makeScreen } from "../../widget/src/screening/screen.js";

const rules = new URL("../../backend/tellback/screening/rules.json", import.meta.url);
const screen = makeScreen(JSON.parse(readFileSync(rules, "utf8")));
const found = (text) =>
  screen(text, [])
    .filter(({ rule }) => rule !== "loud_words")
    .map(({ rule, start, end, certainty }) => [rule, text.slice(start, end), certainty]);
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(found)));
