import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { makeScreen } from "../../widget/src/screening/screen.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const book = read("../../backend/tellback/screening/rules.json");
const { vectors } = read("../screening/vectors.json");

// What a page is given (rulebook.for_pages): the kinds that authors hear of.
const forPages = {
  ...book,
  rules: book.rules.filter(({ kind }) => ["personal_data", "crisis", "safeguarding"].includes(kind)),
};
const [inPage, byTheBook] = [makeScreen(forPages), makeScreen(book)];
const found = (screen, { text, own_names: ownNames }) =>
  screen(text, ownNames).map(({ rule, start, end, certainty }) => ({
    rule,
    words: text.slice(start, end),
    certainty,
  }));
const known = vectors.filter(({ only }) => only !== "python");

test("the page finds what the service tells an author in every sentence", () => {
  for (const vector of known) assert.deepEqual(found(inPage, vector), vector.findings, vector.text);
});

test("both engines find the same by the whole book", () => {
  for (const vector of known.filter(({ desk }) => desk))
    assert.deepEqual(found(byTheBook, vector), vector.desk, vector.text);
});
