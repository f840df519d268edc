/** The bundles, made in memory: the one way the embed's files come about, for build, comparison and weight alike. */
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { minify } from "terser";

/**
 * The floor of the embed is Safari 13, Chrome 80, Firefox 78: es2019 is what all three speak (named themselves, esbuild
 * refuses destructuring for a bug of Safari 13 that only exotic patterns meet). Older ones keep the link inside the tag.
 */
const TARGET = "es2019";
const CSS_TARGET = ["safari13", "chrome80", "firefox78"];

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The files by name, each with its entry: the light one, the form that it fetches, the proof of work, and the whole that can be pinned.
 * @type {Record<string, { entry: string, format: "iife" | "esm" }>}
 */
export const SCRIPTS = {
  "stories.js": { entry: "../src/stories.js", format: "iife" },
  "telling.js": { entry: "../src/telling.js", format: "esm" },
  "proof.js": { entry: "../src/proof.js", format: "esm" },
  "whole.js": { entry: "../src/whole.js", format: "iife" },
};

/** Where built files are kept, committed, so that installing the service needs no Node. */
export const BUILT = here("../../backend/tellback/static/embed/");

/** Style sheets are bundled as minified text. @type {import("esbuild").Plugin} */
const cssAsText = {
  name: "css-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
        target: CSS_TARGET,
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Where the English words are kept, committed likewise: the catalogue of translators and the service begin with them. */
export const WORDS = `${BUILT}words.json`;

/** The English words, by part. @returns {Promise<Uint8Array>} */
export async function words() {
  const [{ default: reading }, { default: telling }] = await Promise.all([
    import("../src/i18n/reading.js"),
    import("../src/i18n/telling.js"),
  ]);
  return Buffer.from(`${JSON.stringify({ reading, telling }, null, 1)}\n`);
}

/** Where the pictures of the easy-read way are kept, committed likewise. */
export const TILES = `${BUILT}tiles.json`;

/** The pictures: by the slug of their theme, the paths of widget/tiles/{slug}.svg. @returns {Promise<Uint8Array>} */
export async function tiles() {
  const folder = here("../tiles/");
  /** @type {Record<string, string[]>} */
  const pictures = {};
  for (const file of (await readdir(folder)).sort()) {
    const drawn = await readFile(folder + file, "utf8");
    pictures[file.replace(".svg", "")] = [...drawn.matchAll(/ d="([^"]+)"/g)].map(([, path]) => path);
  }
  return Buffer.from(`${JSON.stringify(pictures, null, 1)}\n`);
}

/** Where the style sheet of the hosted pages and staff screens is kept, committed likewise. */
export const SHEET = here("../../backend/tellback/static/pages/tellback.css");

/** Where the style sheet of our pages in frames is kept, committed likewise. */
export const FRAMED_SHEET = here("../../backend/tellback/static/pages/embed.css");

/** Where the style sheets of the pages for webmasters are kept, and of the sample pages in them, committed likewise. */
export const WEBMASTERS_SHEET = here("../../backend/tellback/static/pages/websites.css");
export const SAMPLES_SHEET = here("../../backend/tellback/static/pages/sample.css");

/** Where the style sheet of what is printed for a wall is kept, committed likewise. */
export const WALL_SHEET = here("../../backend/tellback/static/pages/wall.css");

/** A style sheet, made of widget/pages. @param {"tellback" | "embed" | "websites" | "sample"} name @returns {Promise<Uint8Array>} */
export async function sheet(name) {
  const { outputFiles } = await build({
    entryPoints: [here(`../pages/${name}.css`)],
    absWorkingDir: here(".."),
    bundle: true,
    minify: true,
    target: ["chrome88", "firefox78", "safari14.1"],
    banner: { css: "/* Built from widget/pages by `npm --prefix widget run build`; change it there. */" },
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0].contents;
}

/**
 * @param {string} name one of SCRIPTS
 * @returns {Promise<{ code: Uint8Array, metafile: import("esbuild").Metafile }>}
 */
export async function bundle(name) {
  const { entry, format } = SCRIPTS[name];
  const { outputFiles, metafile } = await build({
    entryPoints: [here(entry)],
    absWorkingDir: here(".."),
    bundle: true,
    minify: true,
    format,
    target: TARGET,
    // All three of the floor have it, two years before the rest of es2020.
    supported: { "dynamic-import": true },
    // No charset: escapes keep the file right on pages that are not UTF-8.
    charset: "ascii",
    legalComments: "none",
    banner: { js: "/*! Tellback embed, MIT licence. Built from widget/src: change it there. */" },
    plugins: [cssAsText],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  // A second press over the bundle: esbuild leaves 3 % that terser takes.
  const { code = "" } = await minify(outputFiles[0].text, {
    ecma: 2019,
    toplevel: true,
    module: format === "esm",
    compress: { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false },
    format: { ascii_only: true, comments: /^!/ },
  });
  return { code: Buffer.from(`${code}\n`), metafile };
}
