import assert from "node:assert/strict";
import test from "node:test";
import { CHECK, STEPS } from "../../widget/src/fields.js";
import { back, change, forward, start, stepOf } from "../../widget/src/steps.js";

test("telling goes through every step to the check, and no further", () => {
  let place = start();
  const seen = [STEPS[place.at].name];
  for (let i = 0; i < 9; i++) {
    place = forward(place);
    seen.push(STEPS[place.at].name);
  }
  assert.deepEqual(seen.slice(0, 6), ["story", "better", "about", "contact", "agree", "check"]);
  assert.equal(place.at, CHECK);
});

test("Back goes one step back, and out of the form from the first", () => {
  assert.deepEqual(back({ at: 2, checking: false }), { at: 1, checking: false });
  assert.equal(back(start()), null);
});

test("Change goes to the step that asks, and returns to the check from there, on or back", () => {
  const place = change("display_name");
  assert.equal(STEPS[place.at].name, "about");
  assert.deepEqual(forward(place), { at: CHECK, checking: false });
  assert.deepEqual(back(place), { at: CHECK, checking: false });
});

test("a field that no step asks for belongs to the check", () => {
  assert.equal(stepOf("website_path"), CHECK);
  assert.equal(stepOf("body"), 0);
});
