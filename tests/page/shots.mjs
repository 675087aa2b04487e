// Pictures of pages for the eye: every section at three widths, light and dark, and in print, and
// how long each page takes until it answers.
// npm run shots -- FOLDER PAGE…; options: --widths 400,900 --themes light --sections says,books
// --russian --no-scripts; the browser is `chromium`, or the one named by BROWSER.
import { mkdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const SECTIONS = "top,says,timeline,charts,evidence,assumed,books,why,equations,data";
const START = process.env.INIT_CWD ?? process.cwd();
const given = { widths: "400,900,1600", themes: "light,dark,print", sections: SECTIONS };
const plain = [];
const words = process.argv.slice(2);
while (words.length) {
  const word = words.shift();
  if (word === "--russian" || word === "--no-scripts") given[word.slice(2)] = true;
  else if (word.startsWith("--")) given[word.slice(2)] = words.shift();
  else plain.push(resolve(START, word));
}
const [folder, ...pages] = plain;
const list = (name) => given[name].split(",");
const scripts = !given["no-scripts"];
mkdirSync(folder, { recursive: true });
const executablePath = process.env.BROWSER ?? execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"]).toString().trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

async function open(file, width, theme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme === "dark" ? "dark" : "light", javaScriptEnabled: scripts });
  const page = await context.newPage();
  page.on("console", (it) => console.log(basename(file), it.type(), it.text()));
  page.on("pageerror", (error) => console.log(basename(file), String(error)));
  if (theme === "print") await page.emulateMedia({ media: "print" });
  await page.addInitScript(() => new MutationObserver(() => { if (document.documentElement?.dataset.ready !== undefined) window.readyAt ??= performance.now(); }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] }));
  await page.goto(pathToFileURL(file).href);
  if (scripts) await page.waitForSelector("html[data-ready]", { state: "attached" });
  return { context, page, ready: scripts ? await page.evaluate(() => window.readyAt) : 0 };
}
// Walks through the page, so that everything that waits to be seen is drawn.
async function unroll(page) {
  await page.addStyleTag({ content: "nav, .slider { position: static !important } section { content-visibility: visible !important }" });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 700) {
    await page.evaluate((to) => scrollTo(0, to), y);
    await page.waitForTimeout(30);
  }
  if (given.russian) await page.click("#language");
  await page.waitForTimeout(150);
  await page.evaluate(() => scrollTo(0, 0));
}
async function take(page, name) {
  for (const section of list("sections")) {
    const path = join(folder, `${name}-${section}.png`);
    if (section === "top") await page.screenshot({ path });
    else await page.locator("#" + section).screenshot({ path });
  }
}
for (const file of pages) {
  const waits = [];
  for (const theme of list("themes")) for (const width of theme === "print" ? [800] : list("widths").map(Number)) {
    const { context, page, ready } = await open(file, width, theme);
    waits.push(ready);
    if (scripts) await unroll(page);
    await take(page, `${basename(file, ".html")}-${theme}-${width}`);
    await context.close();
  }
  console.log(`${basename(file)}: ready after ${waits.map(Math.round).sort((a, b) => a - b).join(", ")} ms`);
}
await browser.close();
