// Opens a page of Saldo from the disk in a real browser and looks at everything a reader can do.
// node check.mjs BROWSER PAGE RESULTS.csv [MARKUP-PAGE]; the exit code is the number of failures.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [browserPath, page_, results, markup] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SECTIONS = ["says", "timeline", "charts", "evidence", "assumed", "books", "why", "equations", "data"];
let failures = 0;
function check(what, holds, seen = "") {
  if (!holds) failures += 1;
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : ": " + JSON.stringify(seen)}`);
}

// results.csv: quantity -> period -> value.
function table(path) {
  const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = head.match(/("[^"]*"|[^,]+)/g).map((name) => name.replaceAll('"', ""));
  const rows = lines.map((line) => line.split(","));
  return (name, period) => { const at = names.indexOf(name), row = rows.find((it) => it[0] === period); return at < 0 || !row || row[at] === "" ? null : Number(row[at]); };
}
const near = (a, b) => a === b || Math.abs(a - b) <= 6e-3 * Math.abs(b) + 1e-9;
const number = (text) => {
  const plain = text.replaceAll("\u202f", "").replaceAll("−", "-");
  const power = plain.match(/^(.*) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
  if (!power) return parseFloat(plain);
  return parseFloat(power[1]) * 10 ** Number([...power[2]].map((it) => it === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(it)).join(""));
};

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage(), told = [], asked = [];
  page.on("console", (it) => ["error", "warning"].includes(it.type()) && told.push(it.text()));
  page.on("pageerror", (error) => told.push(String(error)));
  page.on("request", (it) => asked.push(it.url()));
  await page.goto(pathToFileURL(path).href);
  return { page, told, asked, context };
}

async function withScripts() {
  const value = table(results);
  const { page, told, asked, context } = await open(page_);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  for (const id of SECTIONS) check(`section ${id} is there`, await page.locator(`section#${id} h2`).count() === 1);
  const data = JSON.parse(await page.locator("#saldo-data").textContent());

  // Numbers: the data to the last digit, the text as it is rounded.
  let compared = 0, unequal = [];
  for (const chart of data.charts) chart.lines[0].values.forEach((own, row) => {
    const there = value(chart.name, data.labels[row]);
    if (there === null || own === null) return;
    compared += 1;
    if (there !== own) unequal.push([chart.name, data.labels[row], own, there]);
  });
  check(`chart data equal the result file (${compared} values)`, compared > 0 && unequal.length === 0, unequal.slice(0, 3));
  const named = data.charts.find((chart) => value(chart.name, data.labels.at(-1)) !== null);
  const cells = await page.locator(`#${named.id} tbody tr`).evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[1].textContent]));
  const wrong = cells.filter(([period, text]) => { const there = value(named.name, period); return there !== null && !near(number(text), there); });
  check(`numbers in the table of ${named.name} equal the result file`, cells.length > 3 && wrong.length === 0, wrong.slice(0, 3));

  // Hover, keyboard, toggle.
  const plot = page.locator(`#${data.charts[0].id} .u-over`);
  await plot.scrollIntoViewIfNeeded();
  await plot.waitFor();
  const tip = page.locator(`#${data.charts[0].id} .tip`);
  await plot.hover();
  await tip.waitFor();
  const level = await tip.textContent();
  check("hover names the period", data.labels.some((label) => level.startsWith(label)), level);
  check("hover shows every run", data.scenes.every((scene) => level.includes(scene.title)), level);
  if (data.scenes.length > 1) {
    await page.locator("[data-view=percent]").first().click();
    check("the toggle is pressed", await page.locator("[data-view=percent]").first().getAttribute("aria-pressed") === "true");
    await plot.scrollIntoViewIfNeeded();
    await plot.hover({ position: { x: 60, y: 60 } });
    await plot.hover();
    await tip.waitFor();
    const percent = await tip.textContent();
    check("percent is shown in percent", percent.includes("%") && percent !== level, percent);
    await page.locator("[data-view=level]").first().click();
  }
  const group = page.locator(`#${data.charts[0].id} .plot`);
  await page.mouse.move(2, 2);
  await group.focus();
  await page.keyboard.press("End");
  check("the End key reads the last period", (await tip.textContent()).startsWith(data.labels.at(-1)), await tip.textContent());

  // The slider moves every table and picture of the books.
  const before = await page.locator("#balance tbody").textContent();
  const ribbons = await page.locator("#sankey").innerHTML();
  await page.locator("#slider input").fill("1");
  const label = data.labels[data.books.dates[1]];
  check("the slider moves the date", (await page.locator("#books .date").first().textContent()) === label);
  check("the slider moves the balance sheet", (await page.locator("#balance tbody").textContent()) !== before);
  check("the slider moves the picture of flows", (await page.locator("#sankey").innerHTML()) !== ribbons);
  const sums = await page.locator("#flows tbody tr.total td").allTextContents();
  check("columns of flows sum to zero", sums.slice(0, -1).every((text) => text === "0" || text === ""), sums);

  // A step of the walk.
  const first = await page.locator("#walk-now figcaption").textContent();
  await page.locator(".movers button").first().click();
  check("the walk goes on", (await page.locator("#walk-now figcaption").textContent()) !== first);

  // Downloads.
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-file=charts]").click()]);
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
  check("the download has a head", lines[0] === "period,quantity,unit,run,value", lines[0]);
  const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((it) => it[1].replace(/^"|"$/g, ""));
  const full = lines.slice(1).map(fields).filter((it) => it[3] === "baseline");
  const last = full.filter((it) => it[1] === named.title).at(-1);
  check("the download has full precision", last && Number(last[4]) === value(named.name, last[0]), last);
  for (const file of ["books", "influences", "evidence", "parameters"]) {
    const [it] = await Promise.all([page.waitForEvent("download"), page.locator(`[data-file=${file}]`).click()]);
    check(`${file} can be taken away`, readFileSync(await it.path(), "utf8").split("\n").length > 1);
  }

  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator("details").evaluateAll((all) => all.forEach((it) => { it.open = !it.classList.contains("code"); }));
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((it) => ["serious", "critical"].includes(it.impact)).map((it) => [it.id, it.nodes.length, it.nodes[0].html.slice(0, 120), it.nodes[0].failureSummary?.slice(0, 200)]);
    check(`no serious finding of axe, ${theme}`, serious.length === 0, serious);
  }
  await page.setViewportSize({ width: 400, height: 800 });
  check("a narrow screen does not scroll sideways", await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), await page.evaluate(() => document.documentElement.scrollWidth));
  check("nothing on the console", told.length === 0, told);
  check("no request but the file itself", asked.every((url) => url.startsWith("file:") || url.startsWith("blob:") || url.startsWith("data:")) && asked.filter((url) => url.startsWith("file:")).length === 1, asked);
  await context.close();
}

async function withoutScripts() {
  const { page, context } = await open(page_, { javaScriptEnabled: false });
  for (const id of SECTIONS) check(`without scripts: section ${id}`, (await page.locator(`section#${id}`).innerText()).length > 60);
  check("without scripts: pictures", await page.locator("figure.chart .still svg").first().isVisible());
  check("without scripts: the books", await page.locator("#flows tbody tr").count() > 2);
  await context.close();
}

// Titles that are markup appear as text and do nothing.
async function withMarkup() {
  const { page, told, context } = await open(markup);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  check("markup in a title is text", (await page.locator("h1").textContent()).includes("<script>"), await page.locator("h1").textContent());
  check("markup in a title does nothing", await page.evaluate(() => window.taken === undefined && !document.querySelector("img")));
  check("markup breaks nothing", told.length === 0, told);
  await context.close();
}

await withScripts();
await withoutScripts();
if (markup) await withMarkup();
await browser.close();
process.exit(Math.min(failures, 100));
