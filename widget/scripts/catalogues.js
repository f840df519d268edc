/** Every catalogue holds the keys and placeholders of English; every key is used; every key used is there. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { faultsOf, unusedKeys } from "./parity.js";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const { default: english } = await import("../src/i18n/en.js");

const faults = [];
for (const file of readdirSync(`${source}i18n`)) {
  const { default: catalogue } = await import(`../src/i18n/${file}`);
  for (const fault of faultsOf(catalogue, english)) faults.push(`${file}: ${fault}`);
}
let code = "";
for (const file of readdirSync(source)) if (file.endsWith(".js")) code += readFileSync(source + file, "utf8");
for (const key of unusedKeys(english, code)) faults.push(`en.js: ${key} is never said`);

for (const fault of faults) console.error(fault);
console.log(`${Object.keys(english).length} keys in English, ${faults.length} faults in all catalogues`);
process.exit(faults.length ? 1 : 0);
