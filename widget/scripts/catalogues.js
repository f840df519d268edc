/** Every English key is said somewhere, and every part has its own keys. (Other languages: backend/catalogues.py.) */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import reading from "../src/i18n/reading.js";
import telling from "../src/i18n/telling.js";
import { unusedKeys } from "./unused.js";

const source = fileURLToPath(new URL("../src/", import.meta.url));
let code = "";
for (const file of readdirSync(source, { recursive: true }))
  if (`${file}`.endsWith(".js") && !`${file}`.startsWith("i18n")) code += readFileSync(source + file, "utf8");

const faults = [];
for (const key of unusedKeys({ ...reading, ...telling }, code)) faults.push(`${key} is never said`);
for (const key of Object.keys(reading)) if (key in telling) faults.push(`${key} is in both parts`);

for (const fault of faults) console.error(fault);
console.log(`${Object.keys(reading).length} keys of reading, ${Object.keys(telling).length} of telling, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
