/** Builds the embed, its words and pictures, and the style sheets of pages; with --compare, fails when a committed file is not what the sources make. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  BUILT,
  FRAMED_SHEET,
  SAMPLES_SHEET,
  SCRIPTS,
  SHEET,
  TILES,
  WALL_SHEET,
  WEBMASTERS_SHEET,
  WORDS,
  bundle,
  sheet,
  tiles,
  words,
} from "./bundle.js";

/** @type {[string, Uint8Array][]} */
const files = [
  [SHEET, await sheet("tellback")],
  [FRAMED_SHEET, await sheet("embed")],
  [WEBMASTERS_SHEET, await sheet("websites")],
  [SAMPLES_SHEET, await sheet("sample")],
  [WALL_SHEET, await sheet("wall")],
  [WORDS, await words()],
  [TILES, await tiles()],
];
for (const name of Object.keys(SCRIPTS)) files.push([BUILT + name, (await bundle(name)).code]);
for (const [path, made] of files) {
  if (process.argv.includes("--compare")) {
    const kept = await readFile(path).catch(() => Buffer.alloc(0));
    if (!kept.equals(made)) {
      console.error(
        `The committed ${basename(path)} is not what its sources make: run \`npm --prefix widget run build\`.`,
      );
      process.exit(1);
    }
    console.log(`The committed ${basename(path)} is what its sources make.`);
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, made);
  }
}
