/** Prints the weight of the embed's files, part by part, and fails above a ceiling. */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { SCRIPTS, bundle, words } from "./bundle.js";

/** Bytes in brotli: what is aimed at, and what may not be passed. @type {Record<string, { aim: number, ceiling: number }>} */
const BUDGET = {
  "stories.js": { aim: 12500, ceiling: 15000 },
  "telling.js": { aim: 13500, ceiling: 15000 },
  "proof.js": { aim: 1500, ceiling: 2000 },
  "whole.js": { aim: 25000, ceiling: 27000 },
};

/** The first that fits a file counts it. @type {[string, RegExp][]} */
const PARTS = [
  ["styles", /\.css$/],
  ["check of the words in the page", /(advice|screening\/\w+)\.js$/],
  ["element, dom, net, languages, themes", /(stories|element|embed|forms|held|frames|origin|dom|net|mark|theme|words|outcome)\.js$/],
  ["proof of work", /proofs?\.js$/],
  ["list, find, summary, changes", /(list|story|find|act|text|summary|changes|verdicts)\.js$/],
  ["form: steps, controls, pictures, draft, sent", /./],
];

const columns = (/** @type {(string | number)[]} */ ...cells) =>
  console.log(cells.map((cell, at) => (at ? String(cell).padStart(10) : String(cell).padEnd(46))).join(""));
const pressed = (/** @type {Uint8Array} */ bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

columns("", "minified", "gzip", "brotli");
let over = false;
for (const name of Object.keys(SCRIPTS)) {
  const { code, metafile } = await bundle(name);
  const { inputs } = Object.values(metafile.outputs)[0];
  const all = Object.values(inputs).reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0);
  const whole = pressed(code);
  columns(name, code.length, gzipSync(code, { level: 9 }).length, whole);
  /** @type {Map<string, number>} */
  const shares = new Map();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [part] = PARTS.find(([, pattern]) => pattern.test(path)) || [path];
    shares.set(part, (shares.get(part) || 0) + bytesInOutput);
  }
  for (const [part, bytes] of shares)
    columns(`  ${part}, by share`, "", "", Math.round((bytes / all) * whole));
  const { aim, ceiling } = BUDGET[name];
  columns(`  aim ${aim}, ceiling ${ceiling}`);
  if (whole > ceiling) {
    console.error(`${name} is over its ceiling.`);
    over = true;
  }
}
const parts = JSON.parse(new TextDecoder().decode(await words()));
for (const part of Object.keys(parts)) {
  const bytes = Buffer.from(JSON.stringify(parts[part]));
  columns(`words of ${part}, in English`, bytes.length, gzipSync(bytes, { level: 9 }).length, pressed(bytes));
}
process.exit(over ? 1 : 0);
