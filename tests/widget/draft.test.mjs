import assert from "node:assert/strict";
import test from "node:test";
import { deviceDraft, newDraft, pack, unpack } from "../../widget/src/draft.js";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86400000;
const draft = {
  ...newDraft(),
  answers: {
    body: "It & went = well;\n😀",
    feelings: ["positive:calm", "positive:safe"],
    consent_publish: true,
  },
  place: { way: "long", step: "better", from: "" },
  uncertain: { body: "It" },
};

test("a draft comes back from the device as it was", () => {
  const { draft: kept, since } = unpack(pack(draft, NOW), NOW + DAY);
  assert.deepEqual(kept, { ...draft, stored: true });
  assert.equal(since.getTime(), NOW);
});

test("a draft is kept for seven days at most", () => {
  assert.ok(unpack(pack(draft, NOW), NOW + 7 * DAY - 1));
  assert.equal(unpack(pack(draft, NOW), NOW + 7 * DAY), null);
});

test("what is no draft of ours is none", () => {
  for (const text of [null, "", "{}", "now=soon&key=1", "key=1"]) assert.equal(unpack(text, NOW), null);
});

test("a draft of a step that is no longer asked begins with the first page", () => {
  const old = pack({ ...draft, place: { way: "long", step: "gone", from: "" } }, NOW);
  assert.deepEqual(unpack(old, NOW).draft.place, newDraft().place);
});

test("a device that forbids its storage keeps nothing, and nothing breaks", () => {
  const device = deviceDraft("RXH01");
  assert.equal(device.write(draft), false);
  assert.equal(device.read(), null);
  device.wipe();
});

test("on a device that keeps it a draft is found, wiped when asked, and wiped when it is too old", () => {
  const kept = new Map();
  globalThis.localStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
    removeItem: (name) => kept.delete(name),
  };
  const device = deviceDraft("RXH01");
  assert.equal(device.write(draft), true);
  assert.equal(device.read().draft.answers.body, draft.answers.body);
  assert.equal(deviceDraft("G81001").read(), null, "another service's");
  device.wipe();
  assert.equal(device.read(), null);
  kept.set(device.name, pack(draft, Date.now() - 8 * DAY));
  assert.equal(device.read(), null);
  assert.equal(kept.size, 0);
  delete globalThis.localStorage;
});
