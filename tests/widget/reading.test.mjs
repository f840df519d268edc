import assert from "node:assert/strict";
import test from "node:test";
import { sums } from "../../widget/src/verdicts.js";
import { dirOf, foldAt } from "../../widget/src/text.js";
import { makeWords } from "../../widget/src/words.js";
import reading from "../../widget/src/i18n/reading.js";

const words = makeWords("en", reading);
const SENTENCE = "The chairs were hard, and nobody told us how long it would be. ";

test("a story of some lines is shown whole", () => {
  assert.equal(foldAt(SENTENCE.repeat(4)), 0);
});

test("a story just over what is shown is not folded: that would be worth nobody's press", () => {
  assert.equal(foldAt(SENTENCE.repeat(15)), 0);
});

test("a long story is folded between two words, after about twelve lines", () => {
  const story = SENTENCE.repeat(40);
  const cut = foldAt(story);
  assert.ok(cut > 11 * 60 && cut < 13 * 60, `${cut}`);
  assert.match(story.slice(cut - 2, cut), /\S\s/);
});

test("short lines count as lines", () => {
  const poem = "Night.\n".repeat(30);
  assert.equal(foldAt(poem), 12 * "Night.\n".length);
});

test("a long story in Chinese, which has no spaces and wide signs, is folded after a sentence", () => {
  const story = "护士一直陪着我，直到我女儿来。".repeat(60);
  const cut = foldAt(story);
  assert.ok(cut > 0 && cut < 13 * 30, `${cut}`);
  assert.match(story[cut - 1], /[，。]/);
});

test("Arabic runs from right to left whatever it begins with, and what nobody named shows its own direction", () => {
  assert.equal(dirOf("ar"), "rtl");
  assert.equal(dirOf("en"), "auto");
});

test("an answer says how soon it came", () => {
  assert.equal(
    words.text(words.plural("replied", 1), { count: 1, day: "21 November" }),
    "answered in 1 day, on 21 November",
  );
});

test("what authors say is summed in a sentence, and nothing is said where they said nothing", () => {
  assert.equal(
    sums("changed", { yes: 1200, partly: 0, no: 3 }, words),
    "Has it really changed? Authors say: 1,200 yes, 0 in part, 3 no.",
  );
  assert.equal(sums("answered", { yes: 0, partly: 0, no: 0 }, words), "");
  assert.equal(sums("answered", undefined, words), "");
});

test("the head says how many of how many, in which order", () => {
  const head = (shown, total) => words.text(words.plural("showing", total), { shown, total, order: words.text("order_newest") });
  assert.equal(head(1, 1), "Showing 1 of 1 story told here · newest first");
  assert.equal(head(5, 1240), "Showing 5 of 1,240 stories told here · newest first");
});

test("every order that the service knows has its words, for the head and to choose it by", () => {
  for (const order of ["newest", "relevant", "waiting", "changed"]) {
    assert.ok(words.has(`order_${order}`), order);
    assert.ok(words.has(`sort_${order}`), order);
  }
});
