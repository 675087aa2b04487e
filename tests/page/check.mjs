// Opens pages of Saldo from the disk in a real browser and looks at everything a reader can do.
// node check.mjs BROWSER KIND=FILE…; the exit code is the number of failures. Kinds: page (with
// results), markup, fans (with draws), scenarios (with runs), russian.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [browserPath, ...rest] = process.argv.slice(2);
const files = Object.fromEntries(rest.map((it) => it.split("=")));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SECTIONS = ["says", "timeline", "charts", "evidence", "assumed", "books", "why", "equations", "data"];
let failures = 0;
function check(what, holds, seen = "") {
  if (!holds) failures += 1;
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : ": " + JSON.stringify(seen)}`);
}

// A table of results: its columns by name, its rows as texts.
function read(path) {
  const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = head.match(/("[^"]*"|[^,]+)/g).map((name) => name.replaceAll('"', ""));
  return { at: (name) => names.indexOf(name), rows: lines.map((line) => line.split(",")) };
}
// quantity, period -> value; of one run where there are several.
function values(path, key, which) {
  const table = read(path), own = table.rows.filter((row) => key === undefined || row[table.at(key)] === which);
  const periods = new Map(own.map((row) => [row[table.at("period")], row]));
  return (name, period) => { const at = table.at(name), row = periods.get(period); return at < 0 || !row || row[at] === "" ? null : Number(row[at]); };
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
  if (options.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]", { state: "attached" });
  return { page, told, asked, context };
}
async function dataOf(page) {
  const packed = await page.evaluate(() => document.getElementById("saldo-data").textContent);
  return JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString("utf8"));
}
// Brings a section into view and waits for what it makes then.
async function see(page, section, what) {
  await page.locator("#" + section).scrollIntoViewIfNeeded();
  await page.locator(what).first().waitFor();
}
// Chart data against the result file, to the last digit.
function equal(what, data, scene, value) {
  let compared = 0, unequal = [];
  for (const chart of data.charts) chart.lines.find((line) => line.scene === scene)?.values.forEach((own, row) => {
    const there = value(chart.name, data.labels[row]);
    if (there === null || own === null) return;
    compared += 1;
    if (there !== own) unequal.push([chart.name, data.labels[row], own, there]);
  });
  check(`${what} (${compared} values)`, compared > 0 && unequal.length === 0, unequal.slice(0, 3));
}
async function point(page, chart) {
  const plot = page.locator(`#${chart.id} .u-over`), tip = page.locator(`#${chart.id} .tip`);
  await page.locator(`#${chart.id}`).scrollIntoViewIfNeeded();
  await plot.waitFor();
  await page.mouse.move(2, 2);
  await plot.hover();
  await tip.waitFor();
  return tip.textContent();
}

async function withScripts() {
  const value = values(files.results);
  const { page, told, asked, context } = await open(files.page);
  for (const id of SECTIONS) check(`section ${id} is there`, await page.locator(`section#${id} h2`).count() === 1);
  const data = await dataOf(page);

  // Numbers: the data to the last digit, the text as it is rounded.
  equal("chart data equal the result file", data, 0, value);
  const named = data.charts.find((chart) => value(chart.name, data.labels.at(-1)) !== null);
  const cells = await page.locator(`#${named.id} tbody tr`).evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[1].textContent]));
  const wrong = cells.filter(([period, text]) => { const there = value(named.name, period); return there !== null && !near(number(text), there); });
  check(`numbers in the table of ${named.name} equal the result file`, cells.length > 3 && wrong.length === 0, wrong.slice(0, 3));

  // Hover, keyboard, toggle.
  const level = await point(page, data.charts[0]);
  check("hover names the period", data.labels.some((label) => level.startsWith(label)), level);
  check("hover shows every run", data.scenes.every((scene) => level.includes(scene.title)), level);
  if (data.scenes.length > 1) {
    await page.locator("[data-view=percent]").first().click();
    check("the toggle is pressed", await page.locator("[data-view=percent]").first().getAttribute("aria-pressed") === "true");
    const percent = await point(page, data.charts[0]);
    check("percent is shown in percent", percent.includes("%") && percent !== level, percent);
    check("the chart says that it shows percent", (await page.locator(`#${data.charts[0].id} .viewed`).textContent()).includes("percent"));
    await page.locator("[data-view=level]").first().click();
  }
  const group = page.locator(`#${data.charts[0].id} .plot`), tip = page.locator(`#${data.charts[0].id} .tip`);
  await page.mouse.move(2, 2);
  await group.focus();
  await page.keyboard.press("End");
  check("the End key reads the last period", (await tip.textContent()).startsWith(data.labels.at(-1)), await tip.textContent());

  // The slider moves every table and picture of the books.
  await see(page, "books", "#slider input");
  const before = await page.locator("#balance tbody").textContent();
  const ribbons = await page.locator(".sankey-now").innerHTML();
  await page.locator("#slider input").fill("1");
  const label = data.labels[data.books[0].dates[1]];
  check("the slider moves the date", (await page.locator("#books .date").first().textContent()) === label);
  check("the slider moves the balance sheet", (await page.locator("#balance tbody").textContent()) !== before);
  check("the slider moves the picture of flows", (await page.locator(".sankey-now").innerHTML()) !== ribbons);
  const sums = await page.locator("#flows tbody tr.total td").allTextContents();
  check("columns of flows sum to zero", sums.length > 1 && sums.slice(0, -1).every((text) => text === "0" || text === ""), sums);

  // A step of the walk.
  await see(page, "why", ".movers button");
  const first = await page.locator("#walk-now figcaption").textContent();
  await page.locator(".movers button").first().click();
  check("the walk goes on", (await page.locator("#walk-now figcaption").textContent()) !== first);

  // Downloads.
  await see(page, "data", "[data-file=charts]");
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

  await audit(page);
  await page.setViewportSize({ width: 400, height: 800 });
  check("a narrow screen does not scroll sideways", await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), await page.evaluate(() => document.documentElement.scrollWidth));
  check("nothing on the console", told.length === 0, told);
  check("no request but the file itself", asked.every((url) => url.startsWith("file:") || url.startsWith("blob:") || url.startsWith("data:")) && asked.filter((url) => url.startsWith("file:")).length === 1, asked);
  await context.close();
}

// Everything unfolded and drawn, in both colour schemes.
async function audit(page) {
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator("details").evaluateAll((all) => all.forEach((it) => { it.open = !it.classList.contains("code"); }));
    await page.addStyleTag({ content: "section { content-visibility: visible !important; }" });
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((it) => ["serious", "critical"].includes(it.impact)).map((it) => [it.id, it.nodes.length, it.nodes[0].html.slice(0, 120), it.nodes[0].failureSummary?.slice(0, 200)]);
    check(`no serious finding of axe, ${theme}`, serious.length === 0, serious);
  }
}

async function withoutScripts() {
  const { page, context } = await open(files.page, { javaScriptEnabled: false });
  for (const id of SECTIONS) check(`without scripts: section ${id}`, (await page.locator(`section#${id}`).textContent()).length > 60);
  check("without scripts: pictures", await page.locator("figure.chart .still svg").first().isVisible());
  check("without scripts: the books", await page.locator("#flows tbody tr").count() > 2);
  await context.close();
}

// Titles that are markup appear as text and do nothing, also in pictures that the script puts in.
async function withMarkup() {
  const { page, told, context } = await open(files.markup);
  await see(page, "books", "#slider input");
  await page.locator("#slider input").fill("1");
  check("markup in a title is text", (await page.locator("h1").textContent()).includes("<script>"), await page.locator("h1").textContent());
  check("markup in a title does nothing", await page.evaluate(() => window.taken === undefined && !document.querySelector("img")));
  check("markup breaks nothing", told.length === 0, told);
  await context.close();
}

// The bands of a page from draws are the quantiles of the draws in its result file.
async function withFans() {
  const { page, told, context } = await open(files.fans);
  const data = await dataOf(page), table = read(files.draws), last = data.labels.at(-1);
  check("every chart of a drawn quantity has its bands", data.charts.every((chart) => chart.lines[0].fan?.edges.length === 5), data.charts.map((chart) => chart.name));
  let wrong = [], spread = 0;
  for (const chart of data.charts.filter((chart) => table.at(chart.name) > 0)) {
    const drawn = table.rows.filter((row) => row[table.at("period")] === last).map((row) => Number(row[table.at(chart.name)])).sort((a, b) => a - b);
    const quantile = (share) => { const at = share * (drawn.length - 1), low = Math.floor(at); return drawn[low] + (at - low) * ((drawn[low + 1] ?? drawn[low]) - drawn[low]); };
    [0.05, 0.25, 0.5, 0.75, 0.95].forEach((share, at) => { const own = chart.lines[0].fan.edges[at].at(-1); if (!near(own, quantile(share))) wrong.push([chart.name, share, own, quantile(share)]); });
    if (drawn.at(-1) > drawn[0]) spread += 1;
  }
  check("some quantities are uncertain", spread > 0);
  check("bands are the quantiles of the draws", wrong.length === 0, wrong.slice(0, 3));
  const told_ = await point(page, data.charts[0]);
  check("hover reads the bands off", told_.includes("half of the draws") && told_.includes("nine in ten"), told_);
  check("the legend says how many draws", (await page.locator("#charts .legend").innerText()).includes(`${data.scenes[0].draws} draws`));
  check("still pictures have the bands", await page.locator("figure.chart").first().locator(".still .band").count() === 2);
  check("nothing on the console", told.length === 0, told);
  await context.close();
}

// One command, several scenarios: each on the page with its own numbers, and each can be hidden.
async function withScenarios() {
  const { page, told, context } = await open(files.scenarios);
  const data = await dataOf(page);
  check("the baseline comes first", data.scenes[0].name === "baseline" && data.scenes.length === 3, data.scenes);
  data.scenes.forEach((scene, at) => equal(`${scene.name} equals the result file`, data, at, values(files.runs, "scenario", scene.name)));
  const all = await point(page, data.charts[0]);
  check("hover shows every run", data.scenes.every((scene) => all.includes(scene.title)), all);
  await page.locator('[data-run="1"]').first().click();
  const fewer = await point(page, data.charts[0]);
  check("a run can be hidden", !fewer.includes(data.scenes[1].title) && fewer.includes(data.scenes[2].title), fewer);
  await page.locator('[data-run="1"]').first().click();
  await page.locator("[data-view=deviation]").first().click();
  const apart = await point(page, data.charts[0]);
  check("differences leave the baseline out", !apart.includes(data.scenes[0].title) && apart.includes(data.scenes[1].title), apart);
  check("nothing on the console", told.length === 0, told);
  await context.close();
}

// The language button reaches everything that has a title.
async function inRussian() {
  const { page, told, context } = await open(files.russian);
  const data = await dataOf(page);
  await see(page, "books", "#slider input");
  await see(page, "why", "#walk-now figcaption");
  await page.locator("#language").click();
  const cyrillic = (text) => /[А-Яа-яЁё]/.test(text);
  const all = async (what, selector) => {
    const texts = (await page.locator(selector).allTextContents()).map((text) => text.trim()).filter((text) => /[A-Za-zА-Яа-я]{3}/.test(text));
    const english = texts.filter((text) => !cyrillic(text));
    check(`in Russian: ${what} (${texts.length})`, texts.length > 0 && english.length === 0, english.slice(0, 5));
  };
  await all("the title", "h1");
  await all("sections", "section h2, nav ul a");
  await all("chart titles", "figure.chart figcaption > span:first-child");
  await all("the legend", "#charts .runs li");
  await all("heads of tables", "#evidence thead th, .matrix thead th, #assumed thead th");
  await all("events", ".timeline strong");
  await all("rows of the books", ".matrix tbody th");
  await all("columns of the pictures", ".blocks text, .sankey text");
  await all("views", "[data-view]");
  await all("computed sentences", ".says li, .lead, section > p, .runs li");
  await all("the model's own checks", ".checks strong, .checks li > span:last-child");
  await all("verdicts", ".small figcaption small > span");
  const texts = async (selector) => (await page.locator(selector).allTextContents()).map((text) => text.trim());
  const points = (await texts("td:not(.text), .says li, .lead, svg .tick")).filter((text) => /\d\.\d/.test(text.replace(/\b\d{2}\.\d{4}\b/g, "")));
  check("in Russian: decimal commas", points.length === 0, points.slice(0, 5));
  const dates = (await texts("tbody th, time, .date, output, .says li")).filter((text) => /\b\d{4}-\d{2}\b/.test(text));
  check("in Russian: dates by month and year", dates.length === 0, dates.slice(0, 5));
  const members = data.why.nodes.filter((node) => node.title.endsWith(": Coal"));
  check("in Russian: members of a set", members.length > 0 && data.russian[members[0].title].endsWith(": Уголь"), members[0]?.title);
  check("hover is in Russian", cyrillic(await point(page, data.charts[0])));
  await page.locator("#language").click();
  check("and back", !cyrillic(await page.locator("h1").textContent()));
  const left = (await texts("td:not(.text), .says li, output, .date")).filter((text) => /\d,\d/.test(text) || /\b\d{2}\.\d{4}\b/.test(text));
  check("and numbers too", left.length === 0, left.slice(0, 5));
  check("years without a measurement have their ground and its word", data.held_to > 0 && (await page.locator("#says .legend").innerText()).includes(data.labels[data.held_to]) && await page.locator("figure.chart .still .beyond").count() > 0);
  await audit(page);
  check("nothing on the console", told.length === 0, told);
  await context.close();
}

const kinds = { page: [withScripts, withoutScripts], markup: [withMarkup], fans: [withFans], scenarios: [withScenarios], russian: [inRussian] };
for (const [kind, tests] of Object.entries(kinds)) if (files[kind]) for (const test of tests) await test();
await browser.close();
process.exit(Math.min(failures, 100));
