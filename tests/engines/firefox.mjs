/** Walks the journey in Firefox by WebDriver BiDi: `node firefox.mjs FIREFOX ADDRESS STORY`; prints what was seen. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const widget = createRequire(new URL("../../widget/package.json", import.meta.url));
const { default: puppeteer } = await import(widget.resolve("puppeteer-core"));
const [executablePath, address, story] = process.argv.slice(2);
const journey = readFileSync(new URL("journey.js", import.meta.url), "utf8").trim().replace(/;$/, "");

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(address);
  const seen = await page.evaluate(`(${journey})(${JSON.stringify(story)})`);
  console.log(JSON.stringify({ ...seen, errors }));
} finally {
  await browser.close();
}
