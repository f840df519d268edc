import assert from "node:assert/strict";
import test from "node:test";
import { STEPS, choiceKey } from "../../widget/src/fields.js";
import { faultsOf, unusedKeys } from "../../widget/scripts/parity.js";
import { chooseLanguage, directionOf, makeWords } from "../../widget/src/words.js";
import { countOf, leftOf } from "../../widget/src/count.js";
import english from "../../widget/src/i18n/en.js";

const words = makeWords(chooseLanguage("en"));

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

test("a language we do not speak yet falls back to English, and Urdu runs from right to left", () => {
  assert.equal(chooseLanguage("xx").tag, "en");
  assert.equal(chooseLanguage("en-US").locale, "en-GB");
  assert.equal(chooseLanguage("constructor").tag, "en");
  assert.equal(directionOf("ur-PK"), "rtl");
  assert.equal(directionOf("cy"), "ltr");
});

test("every step, field and choice has its words", () => {
  for (const { name, fields } of STEPS) {
    assert.ok(words.has(`step_${name}`), name);
    for (const { name: field, kind, required, options = [] } of fields) {
      assert.ok(words.has(`${field}_label`), field);
      if (required) assert.ok(words.has(`error_${field}_empty`), field);
      if (kind === "one" || kind === "some")
        for (const value of options) assert.ok(words.has(choiceKey(field, value)), value);
    }
  }
});

test("a catalogue is equal to English, with the plural forms of its own language", () => {
  assert.deepEqual(faultsOf(english, english), []);
  const twice = { ...english, count_left_few: "{count} x", count_left_many: "{count} x" };
  assert.deepEqual(faultsOf(twice, english), []);
});

test("a missing key, a strange key and a lost placeholder are told", () => {
  const { tell, ...rest } = english;
  assert.deepEqual(faultsOf(rest, english), ["tell is missing"]);
  assert.deepEqual(faultsOf({ ...english, odd: "x" }, english), ["odd is not in English"]);
  assert.deepEqual(faultsOf({ ...english, named: "{name}" }, english), [
    "named has {name}, English has {name} {role}",
  ]);
});

test("a key that nothing says is found", () => {
  assert.deepEqual(unusedKeys({ tell: "x", left_over: "x" }, 'words.text("tell")'), ["left_over"]);
});

test("characters are counted as the service counts: code points after NFC", () => {
  assert.equal(countOf("e\u0301"), 1);
  assert.equal(countOf("😀"), 1);
  assert.equal(leftOf("abc", 2), -1);
});
