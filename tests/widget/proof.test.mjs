import assert from "node:assert/strict";
import test from "node:test";
import { solve } from "../../widget/src/proof.js";

/** Made and solved by ALTCHA's own library for Python. */
const CHALLENGE = {
  parameters: {
    algorithm: "PBKDF2/SHA-256",
    cost: 200,
    keyLength: 32,
    keyPrefix: "e3bcd0cb0556268e1d549f8a4c01b61b",
    nonce: "9d0926bcf13a3b310731be3b2c22cb38",
    salt: "2a5e1286c019cab9dc2ab659181c7748",
    data: { for: "story", many: 20, until: 1 },
  },
  signature: "2e1f7378508d73b95cb80a44d331e754ca17de2bd22cbb3735467254bfd76f67",
};
const SOLUTION = {
  counter: 13,
  derivedKey: "e3bcd0cb0556268e1d549f8a4c01b61be38fa009762a8cefe57c812e3aa8a3d2",
};

for (const byHand of [false, true]) {
  const how = byHand ? "by hand, as on a page that was not fetched safely" : "by the browser's own code";

  test(`a challenge is solved ${how}, and told as ALTCHA tells it`, async () => {
    const foreseen = [];
    const told = await solve(CHALLENGE, (seconds) => foreseen.push(seconds), () => false, byHand);
    assert.deepEqual(JSON.parse(atob(told)), { challenge: CHALLENGE, solution: SOLUTION });
    assert.equal(foreseen.length, 1);
    assert.ok(foreseen[0] > 0);
  });

  test(`whoever stops it ${how} sends nothing`, async () => {
    let asked = 0;
    assert.equal(await solve(CHALLENGE, () => {}, () => ++asked > 1, byHand), "");
  });
}

test("by hand the page gets its turn after each slice, however quick a number is", async (t) => {
  let now = 1000;
  let turns = 0;
  t.mock.method(performance, "now", () => now++);
  t.mock.method(globalThis, "setTimeout", (go) => (turns++, queueMicrotask(go)));
  await solve(CHALLENGE, () => {}, () => false, true);
  // Thirteen numbers and the next, each with three looks at a clock that goes on by a millisecond a look.
  assert.ok(turns >= 3, `${turns} turns`);
});

test("a challenge that no number solves ends", async () => {
  const parameters = { ...CHALLENGE.parameters, data: { many: 4 } };
  assert.equal(await solve({ ...CHALLENGE, parameters }, () => {}, () => false), "");
});
