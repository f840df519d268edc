import assert from "node:assert/strict";
import test from "node:test";
import { encode, newKey } from "../../widget/src/encode.js";

const CONTEXT = {
  service: "RXH01",
  topic: null,
  siteKey: null,
  path: "/ward-5",
  lang: "en",
  key: "k".repeat(32),
};

test("answers become the fields of POST /api/v1/stories, lists by repeating their key", () => {
  const answers = {
    body: "It went well.",
    feelings: ["positive:calm", "negative:worried"],
    author_role: "patient",
    visited_on: "2026-10",
    consent_publish: true,
    consent_licence: false,
  };
  assert.equal(
    encode(answers, CONTEXT).toString(),
    "service=RXH01&body=It+went+well.&feelings=positive%3Acalm&feelings=negative%3Aworried&author_role=patient" +
      `&visited_on=2026-10&consent_publish=true&lang=en&website_path=%2Fward-5&idempotency_key=${"k".repeat(32)}`,
  );
});

test("what was not answered is not sent", () => {
  const sent = encode({ body: "x", title: "", visited_on: "-", feelings: [] }, CONTEXT);
  assert.deepEqual([...sent.keys()], ["service", "body", "lang", "website_path", "idempotency_key"]);
});

test("a text is sent trimmed and in NFC, so that both sides count alike", () => {
  assert.equal(encode({ body: " Cafe\u0301\n" }, CONTEXT).get("body"), "Caf\u00e9");
});

test("a topic and a site key are sent where the tag gives them", () => {
  const sent = encode(
    { body: "x" },
    { ...CONTEXT, service: null, topic: "multiple-sclerosis", siteKey: "site_1" },
  );
  assert.equal(sent.get("topic"), "multiple-sclerosis");
  assert.equal(sent.get("site_key"), "site_1");
  assert.equal(sent.has("service"), false);
});

test("every story gets a key of its own, of 32 hexadecimal digits", () => {
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});
