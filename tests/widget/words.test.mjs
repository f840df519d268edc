import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { STEPS, WAYS, choiceKey } from "../../widget/src/fields.js";
import { unusedKeys } from "../../widget/scripts/unused.js";
import { LANGUAGES, categoryOf, directionOf, languageOf, makeWords, numberIn } from "../../widget/src/words.js";
import { countOf, leftOf } from "../../widget/src/count.js";
import reading from "../../widget/src/i18n/reading.js";
import telling from "../../widget/src/i18n/telling.js";

// The service adds the months, from the catalogue of each language.
const months = { date_day: "{day} {month} {year}", date_month: "{month} {year}", month_3: "March" };
const english = { ...reading, ...telling, ...months, in_date_11: "November", month_10: "October" };
const words = makeWords("en", english);

test("a sentence has its placeholders filled, numbers written as the language writes them", () => {
  assert.equal(words.text("count_limit", { max: 8000 }), "You can write up to 8,000 characters.");
});

test("a plural form is chosen by the number", () => {
  assert.equal(words.counted("count_left", 1), "1 character left");
  assert.equal(words.counted("count_left", 1200), "1,200 characters left");
});

test("a sentence can hold a link where its language puts it", () => {
  assert.deepEqual(words.mixed("kept_part", { keeper: "Us", how: 7 }), [
    "Kept by ",
    "Us",
    ", part of this service · ",
    7,
    "",
  ]);
});

test("days and months are written out, whatever the zone of the reader", () => {
  assert.equal(words.day("2026-11-20"), "20 November 2026");
  assert.equal(words.month("2026-10"), "October 2026");
  assert.equal(words.monthName(3), "March");
});

test("a page's language is met by ours, whatever country it names", () => {
  assert.equal(languageOf("pl-PL"), "pl");
  assert.equal(languageOf("zh-CN"), "zh-Hans");
  assert.equal(languageOf("zh_TW"), "zh-Hans");
  assert.equal(languageOf("fr"), undefined);
  assert.equal(languageOf("constructor"), undefined);
  assert.equal(languageOf(null), undefined);
});

test("Urdu runs from right to left, Welsh does not", () => {
  assert.equal(directionOf("ur-PK"), "rtl");
  assert.equal(directionOf("cy"), "ltr");
});

test("Welsh counts in its own six ways", () => {
  const cattle = { cow_zero: "dim buwch", cow_one: "1 fuwch", cow_two: "2 fuwch", cow_many: "{count} o wartheg" };
  const welsh = makeWords("cy", { ...cattle, cow_few: "3 buwch", cow_other: "{count} buwch" });
  assert.deepEqual([0, 1, 2, 3, 6, 7].map((n) => welsh.counted("cow", n)), [
    "dim buwch", "1 fuwch", "2 fuwch", "3 buwch", "6 o wartheg", "7 buwch",
  ]);
});

test("every language counts and writes numbers as the browser's own rules do", () => {
  const numbers = [1e4, 12345, 99999, 1e5, 123456, 1e6, 1234567, 12345678];
  for (let n = 0; n <= 2222; n++) numbers.push(n);
  for (const tag of Object.keys(LANGUAGES)) {
    const locale = `${tag}-u-nu-latn`;
    const [rules, written] = [new Intl.PluralRules(locale), new Intl.NumberFormat(locale)];
    for (const n of numbers) {
      assert.equal(numberIn(tag, n), written.format(n), tag);
      assert.equal(categoryOf(tag, n), rules.select(n), `${tag} ${n}`);
    }
  }
});

test("every step, field and choice has its words", () => {
  for (const step of Object.keys(STEPS)) {
    assert.ok(words.has(`step_${step}`), step);
    for (const { name: field, kind, required, options = [] } of STEPS[step]) {
      assert.ok(words.has(`${field}_label`) || kind === "tiles", field);
      if (required) assert.ok(words.has(`error_${field}_empty`), field);
      for (const value of options) assert.ok(words.has(choiceKey(field, value)), value);
    }
  }
});

test("every way has its words, and the rule book's reasons and offers have theirs", () => {
  for (const way of [...Object.keys(WAYS), "complaint"])
    assert.ok(words.has(`way_${way}`) && words.has(`way_${way}_hint`), way);
  const url = new URL("../../backend/tellback/screening/rules.json", import.meta.url);
  const book = JSON.parse(readFileSync(url, "utf8"));
  for (const { kind, reason } of book.rules)
    if (kind === "personal_data") assert.ok(words.has(`why_${reason}`), reason);
  // An offer that the book has no words for (an age, a ward) offers nothing.
  for (const offer of Object.keys(book.offers)) assert.ok(words.has(`instead_${offer}`), offer);
});

test("a key that nothing says is found", () => {
  assert.deepEqual(unusedKeys({ tell: "x", left_over: "x" }, 'words.text("tell")'), ["left_over"]);
});

test("characters are counted as the service counts: code points after NFC", () => {
  assert.equal(countOf("e\u0301"), 1);
  assert.equal(countOf("😀"), 1);
  assert.equal(leftOf("abc", 2), -1);
});
