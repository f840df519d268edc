import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { makeScreen } from "../../widget/src/screening/screen.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const screen = makeScreen(read("../../backend/tellback/screening/rules.json"));
const { vectors } = read("../screening/vectors.json");

for (const { text, own_names: ownNames, findings, only } of vectors) {
  if (only === "python") continue;
  test(`the page finds what the service finds in ${JSON.stringify(text).slice(0, 60)}`, () => {
    const found = screen(text, ownNames).map(({ rule, start, end, certainty }) => ({
      rule,
      words: text.slice(start, end),
      certainty,
    }));
    assert.deepEqual(found, findings);
  });
}
