import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const built = (name) =>
  readFileSync(new URL(`../../backend/tellback/static/embed/${name}`, import.meta.url), "utf8");
const FILES = ["stories.js", "telling.js", "proof.js", "whole.js"];

/** Younger than Safari 13, Chrome 80 or Firefox 78 (caniuse.com, MDN): no transpiling brings them. */
const TOO_YOUNG =
  /\b(replaceChildren|structuredClone|randomUUID|globalThis|BigInt)\b|AbortSignal\.(timeout|any)|(?<!\.\.)\.(at|replaceAll|findLast)\(|Object\.hasOwn\(|Intl\.(ListFormat|DisplayNames|Segmenter)|\?\.[a-z(]|\?\?/;

/** What Prototype.js and MooTools put their own in the place of. */
const CLOBBERED = /Array\.from\(|JSON\.stringify\(|\.(find|reduce|closest|remove)\(/;

/** What a strict policy or Trusted Types forbid. */
const FORBIDDEN = /\b(innerHTML|outerHTML|insertAdjacentHTML|DOMParser|eval|document\.write)\b|new Function/;

for (const name of FILES) {
  test(`${name} calls nothing that the oldest browsers it is for have not`, () => {
    assert.equal(TOO_YOUNG.exec(built(name)), null);
  });

  test(`${name} calls nothing that old scripts on a page have replaced`, () => {
    assert.equal(CLOBBERED.exec(built(name)), null);
  });

  test(`${name} holds nothing that a strict policy forbids`, () => {
    assert.equal(FORBIDDEN.exec(built(name)), null);
  });
}
