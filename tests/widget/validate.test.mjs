import assert from "node:assert/strict";
import test from "node:test";
import { STEPS } from "../../widget/src/fields.js";
import { stepOf } from "../../widget/src/steps.js";
import { complaints } from "../../widget/src/validate.js";

const NOW = new Date("2026-11-20T10:00:00Z");
/** @param {string} field @param {Record<string, any>} answers */
const about = (field, answers) =>
  complaints(STEPS[stepOf("long", field)], { author_role: "patient", body: "x", ...answers }, NOW);

test("a step that is answered has no complaint", () => {
  const answers = {
    body: "It went well.",
    author_role: "carer",
    visited_on: "2026-11",
    consent_publish: true,
  };
  for (const field of ["body", "what_was_good", "author_role", "contact_email", "consent_publish"]) {
    assert.deepEqual(about(field, answers), []);
  }
});

test("story, author role and consent to publish may not be empty", () => {
  assert.deepEqual(about("body", { body: " \n " }), [{ field: "body", key: "error_body_empty" }]);
  assert.deepEqual(about("author_role", { author_role: "" }), [
    { field: "author_role", key: "error_author_role_empty" },
  ]);
  assert.deepEqual(about("consent_publish", {}), [
    { field: "consent_publish", key: "error_consent_publish_empty" },
  ]);
});

test("a list may not be empty where one of it is needed", () => {
  assert.deepEqual(about("services", { services: [] }), [{ field: "services", key: "error_services_empty" }]);
  assert.deepEqual(about("services", { services: ["RXH01"] }), []);
});

test("the other two agreements may be left out", () => {
  assert.deepEqual(about("consent_publish", { consent_publish: true, consent_licence: false }), []);
});

test("a text that is too long is told by how much", () => {
  assert.deepEqual(about("title", { title: "x".repeat(103) }), [
    { field: "title", key: "error_long", count: 3 },
  ]);
  assert.deepEqual(about("body", { body: "😀".repeat(8000) }), []);
});

test("several complaints come in the order of the fields", () => {
  const found = complaints(STEPS.about, { display_name: "x".repeat(41), visited_on: "2026-" }, NOW);
  assert.deepEqual(
    found.map(({ field }) => field),
    ["author_role", "display_name", "visited_on"],
  );
});

test("a month without its year, or in the future, is refused; no month is fine", () => {
  assert.deepEqual(about("visited_on", { visited_on: "-10" }), [
    { field: "visited_on", key: "error_visited_on_half" },
  ]);
  assert.deepEqual(about("visited_on", { visited_on: "2026-12" }), [
    { field: "visited_on", key: "error_visited_on_future" },
  ]);
  assert.deepEqual(about("visited_on", { visited_on: "-" }), []);
});

test("an email address has somebody, an at sign and a host", () => {
  for (const contact_email of ["a@b.org", "first.last+x@nhs.example.uk", " a@b.org "]) {
    assert.deepEqual(about("contact_email", { contact_email }), []);
  }
  for (const contact_email of ["a", "a@b", "a b@c.org", "@b.org", "a@b..org"]) {
    assert.equal(about("contact_email", { contact_email })[0].key, "error_contact_email_shape");
  }
});

test("the name to show is not an email address", () => {
  assert.equal(about("display_name", { display_name: "a@b.org" })[0].key, "error_display_name_address");
});
