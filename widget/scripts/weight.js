/** Prints the weight of the embed, part by part, and fails above the ceiling of the whole. */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundle } from "./bundle.js";

/** Bytes in brotli: what is aimed at, and what may not be passed. */
const AIM = 12500;
const CEILING = 15000;

/** @type {[string, RegExp][]} */
const PARTS = [
  ["element, dom, net, language", /(stories|element|embed|frames|origin|dom|net|mark|theme|words)\.js$/],
  ["list", /(list|story|text|find|act|summary|changes)\.js$/],
  [
    "form: steps, controls, pictures, draft, sent",
    /(form|fields|steps|ways|controls|count|validate|encode|outcome|sent|finder|tiles|draft)\.js$/,
  ],
  ["check of the words in the page", /(advice|screening\/\w+)\.js$/],
  ["styles of reading", /\.css$/],
];

const { code, metafile } = await bundle();
const whole = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const { inputs } = Object.values(metafile.outputs)[0];

console.log(`${"part".padEnd(42)}${"minified".padStart(9)}${"brotli, by share".padStart(18)}`);
const all = Object.values(inputs).reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0);
for (const [name, pattern] of PARTS) {
  let bytes = 0;
  for (const [path, { bytesInOutput }] of Object.entries(inputs))
    if (pattern.test(path)) bytes += bytesInOutput;
  console.log(
    `${name.padEnd(42)}${String(bytes).padStart(9)}${String(Math.round((bytes / all) * whole)).padStart(18)}`,
  );
}
console.log(`${"stories.js".padEnd(42)}${String(code.length).padStart(9)}${String(whole).padStart(18)}`);
console.log(`gzip ${gzipSync(code, { level: 9 }).length}; aim ${AIM}, ceiling ${CEILING}`);
if (whole > CEILING) {
  console.error("stories.js is over its ceiling.");
  process.exit(1);
}
