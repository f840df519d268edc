import assert from "node:assert/strict";
import test from "node:test";
import { outcomeOf, retryIn, secondsOf } from "../../widget/src/outcome.js";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const TYPE = "https://stories.example/problems/";

test("201 with a private link means kept, and brings its code for a phone", () => {
  const qr = { size: 33, path: "M4 4h7" };
  assert.deepEqual(outcomeOf(201, null, { private_link: "https://stories.example/my-story#t", qr }, NOW), {
    kind: "kept",
    link: "https://stories.example/my-story#t",
    qr,
    changed: [],
  });
  const changed = ["We took out 1 character."];
  const kept = outcomeOf(201, null, { private_link: "https://stories.example/my-story#t", changed }, NOW);
  assert.deepEqual("changed" in kept && kept.changed, changed);
});

test("a 2xx without a private link is not taken for kept: a proxy may have answered", () => {
  assert.equal(outcomeOf(200, null, null, NOW).kind, "lost");
});

test("429 and 503 mean wait, as long as the problem or the header says", () => {
  assert.deepEqual(outcomeOf(429, "9", { detail: "Slowly.", retry_after: 30 }, NOW), {
    kind: "wait",
    status: 429,
    detail: "Slowly.",
    seconds: 30,
  });
  const outcome = outcomeOf(503, "9", null, NOW);
  assert.equal(outcome.kind === "wait" && outcome.seconds, 9);
});

test("Retry-After may be a date, or nonsense", () => {
  assert.equal(secondsOf("Fri, 20 Nov 2026 10:01:00 GMT", NOW), 60);
  for (const header of [null, "", "soon", "Fri, 20 Nov 2026 09:00:00 GMT"])
    assert.equal(secondsOf(header, NOW), 20);
});

test("a problem with a challenge means that it is welcome with a proof", () => {
  const challenge = { parameters: {}, signature: "s" };
  assert.deepEqual(outcomeOf(403, null, { type: `${TYPE}proof-needed`, detail: "Work.", challenge }, NOW), {
    kind: "prove",
    status: 403,
    type: "proof-needed",
    detail: "Work.",
    errors: {},
    challenge,
  });
});

test("other 4xx mean refused, with the slug of the problem and its errors", () => {
  const errors = { display_name: ["Choose another name."] };
  assert.deepEqual(
    outcomeOf(422, null, { type: `${TYPE}invalid-input`, detail: "Look again.", errors }, NOW),
    {
      kind: "refused",
      status: 422,
      type: "invalid-input",
      detail: "Look again.",
      errors,
    },
  );
});

test("a broken service leaves it unknown whether the story was kept", () => {
  for (const status of [500, 502, 504, 408])
    assert.deepEqual(outcomeOf(status, null, null, NOW), { kind: "lost", status });
});

test("the form tries again by itself a few times, then leaves it to the person; a refusal is never repeated", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((tries) => retryIn({ kind: "lost", status: 0 }, tries)),
    [20, 40, 80, 160, 0],
  );
  assert.equal(retryIn({ kind: "wait", status: 429, seconds: 7, detail: "" }, 1, 0), 7);
  assert.equal(retryIn({ kind: "wait", status: 429, seconds: 7, detail: "" }, 5, 0), 0);
  assert.equal(retryIn({ kind: "refused", status: 403, type: "", detail: "", errors: {} }, 1), 0);
});

test("told to wait again and again, it waits longer each time, and never less than it was told", () => {
  const told = (/** @type {number} */ seconds) => ({ kind: "wait", status: 429, seconds, detail: "" });
  assert.deepEqual(
    [1, 2, 3, 4].map((tries) => retryIn(told(7), tries, 0)),
    [7, 20, 40, 80],
  );
  assert.equal(retryIn(told(3601), 4, 0), 3601);
});

test("those who were told the same second do not send in the same second", () => {
  const told = { kind: "wait", status: 429, seconds: 300, detail: "" };
  assert.deepEqual(
    [0, 0.5, 1].map((chance) => retryIn(told, 1, chance)),
    [300, 315, 330],
  );
  assert.equal(retryIn({ ...told, seconds: 3601 }, 1, 1), 3661);
});
