/** Builds stories.js; with --compare, fails when the committed file is not what the sources make. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { OUTPUT, bundle } from "./bundle.js";

const { code } = await bundle();
if (process.argv.includes("--compare")) {
  const kept = await readFile(OUTPUT).catch(() => Buffer.alloc(0));
  if (!kept.equals(code)) {
    console.error(
      "The committed stories.js is not what widget/src makes: run `npm --prefix widget run build`.",
    );
    process.exit(1);
  }
  console.log("The committed stories.js is what widget/src makes.");
} else {
  await mkdir(dirname(OUTPUT), { recursive: true });
  await writeFile(OUTPUT, code);
}
