import assert from "node:assert/strict";
import test from "node:test";
import { STEPS, WAYS, fieldsOf } from "../../widget/src/fields.js";
import { aside, back, choose, forward, start, stepOf, stepsOf } from "../../widget/src/steps.js";

/** Every step from the first to the check, and one press more. */
function walk(way, find) {
  let place = choose(way, find);
  const seen = [place.step];
  for (let i = 0; i < 9; i++) {
    place = forward(place, find);
    if (place.step !== seen[seen.length - 1]) seen.push(place.step);
  }
  return seen;
}

test("each way goes through its own steps to the check, and no further", () => {
  assert.deepEqual(walk("short", false), ["story", "about", "agree", "check"]);
  assert.deepEqual(walk("long", false), [
    "story",
    "better",
    "topics",
    "about",
    "felt",
    "contact",
    "agree",
    "check",
  ]);
  assert.deepEqual(walk("easy", false), ["tiles", "more", "about", "agree", "check"]);
});

test("where the tag names no service, each way asks for it first", () => {
  for (const way of Object.keys(WAYS)) assert.deepEqual(walk(way, true), ["services", ...walk(way, false)]);
});

test("Back goes one step back, from the first step to the ways, and from there out of the form", () => {
  const about = { way: "short", step: "about", from: "" };
  assert.deepEqual(back(about, false), { way: "short", step: "story", from: "" });
  assert.deepEqual(back(choose("short", false), false), start());
  assert.equal(back(start(), false), null);
});

test("a step aside returns to where it was left, on or back", () => {
  const check = { way: "short", step: "check", from: "" };
  const place = aside(check, "better");
  assert.deepEqual(forward(place, false), check);
  assert.deepEqual(back(place, false), check);
  assert.deepEqual(forward(aside(start(), "services"), false), start());
});

test("a field belongs to the step of the way at hand that asks for it, or else to the first that does", () => {
  assert.equal(stepOf("long", "body"), "story");
  assert.equal(stepOf("easy", "body"), "more");
  assert.equal(stepOf("long", "topics"), "topics");
  assert.equal(stepOf("easy", "topics"), "tiles");
  assert.equal(stepOf("short", "contact_email"), "contact");
  assert.equal(stepOf("short", "website_path"), "check");
});

/** @param {string} way @param {string} step @param {string} from @param {object} [changes] */
const names = (way, step, from, changes) =>
  fieldsOf({ way, step, from }, { answers: {}, anywhere: false, experience: true, ...changes }).map(
    ({ name }) => name,
  );

test("the short way asks for the least, and for the rest when somebody comes from the check", () => {
  assert.deepEqual(names("short", "story", ""), ["body"]);
  assert.deepEqual(names("short", "story", "check"), ["body", "title"]);
  assert.deepEqual(names("long", "story", ""), ["body", "title"]);
  assert.deepEqual(names("easy", "about", "check"), ["author_role"]);
});

test("the Friends and Family question is for those who were cared for and who speaks for them, where it is asked", () => {
  const asks = (author_role, experience = true) =>
    names("long", "felt", "", { answers: { author_role }, experience }).includes("overall_experience");
  assert.deepEqual(
    ["patient", "parent", "carer", "staff_on_behalf", "volunteer"].map((role) => asks(role)),
    [true, true, true, false, false],
  );
  assert.equal(asks("patient", false), false);
});

test("pictures speak where nobody writes, and a topic may be about no one service", () => {
  const required = (way, step, changes) =>
    fieldsOf({ way, step, from: "" }, { answers: {}, anywhere: false, experience: false, ...changes })[0]
      .required;
  assert.equal(required("easy", "more", {}), true);
  assert.equal(required("easy", "more", { answers: { topics: ["positive:food"] } }), false);
  assert.equal(required("short", "services", {}), true);
  assert.equal(required("short", "services", { anywhere: true }), false);
});

test("every step of every way is a step that asks something", () => {
  for (const way of Object.keys(WAYS))
    for (const step of stepsOf(way, true)) assert.ok(step === "check" || STEPS[step].length, step);
});
