import assert from "node:assert/strict";
import test from "node:test";
import { encode, newKey } from "../../widget/src/encode.js";
import { placeOf } from "../../widget/src/places.js";

const CONTEXT = { topic: null, siteKey: null, path: "/ward-5", lang: "en", key: "k".repeat(32) };
const HOSPITAL = placeOf({ code: "RXH01", name: "St Elsewhere" });

test("answers become the fields of POST /api/v1/stories, lists by repeating their key", () => {
  const answers = {
    services: [HOSPITAL],
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

test("a story of several services names each by its code alone", () => {
  const surgery = placeOf({ code: "G81001", name: "Elm Surgery" });
  const sent = encode({ body: "x", services: [HOSPITAL, surgery] }, CONTEXT);
  assert.deepEqual(sent.getAll("service"), ["RXH01", "G81001"]);
});

test("topics go with how it was, or without; those of two steps go once", () => {
  const sent = encode({ body: "x", topics: ["positive:food", "pain"] }, CONTEXT);
  assert.deepEqual(sent.getAll("topics"), ["positive:food", "pain"]);
  assert.deepEqual(sent.getAll("body"), ["x"]);
});

test("what was not answered is not sent", () => {
  const sent = encode({ body: "x", title: "", visited_on: "-", feelings: [] }, CONTEXT);
  assert.deepEqual([...sent.keys()], ["body", "lang", "website_path", "idempotency_key"]);
});

test("a text is sent trimmed and in NFC, so that both sides count alike", () => {
  assert.equal(encode({ body: " Cafe\u0301\n" }, CONTEXT).get("body"), "Caf\u00e9");
});

test("the language is that of the form until the author names another", () => {
  assert.equal(encode({ body: "x" }, CONTEXT).get("lang"), "en");
  assert.equal(encode({ body: "x", lang: "pl" }, CONTEXT).get("lang"), "pl");
});

test("a topic and a site key are sent where the tag gives them", () => {
  const sent = encode({ body: "x" }, { ...CONTEXT, topic: "multiple-sclerosis", siteKey: "site_1" });
  assert.equal(sent.get("topic"), "multiple-sclerosis");
  assert.equal(sent.get("site_key"), "site_1");
  assert.equal(sent.has("service"), false);
});

test("every story gets a key of its own, of 32 hexadecimal digits", () => {
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});
