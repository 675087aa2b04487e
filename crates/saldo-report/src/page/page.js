// Makes the page answer: charts that can be read off, a date slider, a walk through the formulas,
// downloads. Everything it shows is in the data of this file; nothing is fetched.
"use strict";
(async () => {
  // A browser that cannot unpack the data keeps the still pictures and tables of the page.
  if (!window.DecompressionStream) return;
  const packed = Uint8Array.from(atob(document.getElementById("saldo-data").textContent), (letter) => letter.charCodeAt(0));
  const data = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);

  // --- small helpers -------------------------------------------------------------------------
  function make(tag, attributes = {}, ...children) {
    const it = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) it.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined) it.setAttribute(name, value);
    }
    it.append(...children);
    return it;
  }
  const NS = "http://www.w3.org/2000/svg";
  function draw(tag, attributes, ...children) {
    const it = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) it.setAttribute(name, value);
    it.append(...children);
    return it;
  }
  const known = (value) => value !== null && value !== undefined && Number.isFinite(value);
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  // The same form as the numbers in the page's own tables.
  const figure = (value) => local(rounded(value));
  function rounded(value) {
    if (!known(value)) return "–";
    const size = Math.abs(value), sign = value < 0 ? "−" : "";
    if (size === 0) return "0";
    if (size >= 1e12 || size < 1e-4) {
      const [digits, power] = size.toExponential(3).split("e");
      return sign + digits + " × 10" + power.replace("+", "").replace("-", "⁻").replace(/\d/g, (d) => RAISED[d]);
    }
    if (size >= 999.5) return sign + size.toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
    return sign + size.toFixed(size >= 99.95 ? 1 : size >= 9.995 ? 2 : size >= 0.1 ? 3 : 5);
  }
  function axis(value) {
    const size = Math.abs(value);
    if (size >= 1e15) return rounded(value).replace("1.000 × ", "");
    for (const [by, mark] of [[1e12, " T"], [1e9, " bn"], [1e6, " M"]]) if (size >= by) return local(plain(value / by) + mark);
    return local(plain(value));
  }
  const plain = (value) => value === 0 ? "0" : Math.abs(value) >= 1000 || Math.abs(value) < 1e-3 ? rounded(value) : String(+value.toPrecision(6)).replace("-", "−");
  const color = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  let russian = false;
  const said = (title) => (russian && data.russian[title]) || title;
  // A number or a date as the language writes it: 1.5 and 1992-01, or 1,5 and 01.1992.
  const local = (text) => russian ? text.replace(/(\d)\.(\d)/g, "$1,$2").replace(/\b(\d{4})-(\d{2})-(\d{2})\b/g, "$3.$2.$1").replace(/^period /, "период ").replace(/\b(\d{4})-(\d{2})\b/g, "$2.$1").replace(/ (T|bn|M)$/, (_, mark) => ({ T: " трлн", bn: " млрд", M: " млн" })[mark]) : text;
  // A bare number of a period needs its noun.
  const moment = (row) => (/^\d{1,3}$/.test(data.labels[row]) ? "period " : "") + (data.labels[row] ?? "");
  const dated = (row) => local(moment(row));
  // A word that the language button turns.
  const word = (text) => ({ "data-ru": data.russian[text] ?? null });
  // What is further down is made when it is about to be seen.
  function later(place, act) {
    if (!place) return;
    new IntersectionObserver((entries, self) => { if (entries.some((it) => it.isIntersecting)) { self.disconnect(); act(); } }, { rootMargin: "600px" }).observe(place);
  }

  // --- charts over time ----------------------------------------------------------------------
  const charts = new Map(data.charts.map((chart) => [chart.id, chart]));
  // What is only drawn is given at every step-th row; between two values lies their line.
  function every(step, values) {
    if (step <= 1) return values;
    return data.labels.map((_, row) => { const at = Math.floor(row / step), rest = (row % step) / step; return rest ? (known(values[at]) && known(values[at + 1]) ? values[at] * (1 - rest) + values[at + 1] * rest : null) : values[at] ?? null; });
  }
  for (const chart of data.charts) {
    for (const rival of chart.rivals) rival.values = every(rival.step, rival.values);
    for (const line of chart.lines) for (const which of ["fan", "apart", "percent"]) line[which] = line[which] ? line[which].edges.map((edge) => every(line[which].step, edge)) : [];
  }
  const hidden = new Set();
  const visible = (chart) => chart.lines.filter((line) => !hidden.has(line.scene));
  const letter = (scene) => String.fromCharCode(65 + scene % 26);
  const hue = (scene) => color("s" + scene % 8);
  const live = new Map();
  let view = data.scenes.length > 1 && data.charts.every((chart) => chart.view === data.charts[0].view) ? data.charts[0].view : "level";
  const rows = data.labels.map((_, at) => at);
  const marks = data.events.map((event, at) => ({ number: at + 1, title: event.title, used: event.used, asked: event.asked, row: event.rows && event.rows[0], end: event.rows && event.rows[1] })).filter((mark) => mark.used && known(mark.row));

  const VIEWS = { level: "Level", deviation: "Difference from baseline", percent: "Difference in percent" };
  // Past some hundred percent, how many times as much says more.
  const ratios = (chart) => chart.lines.flatMap((line) => line.values.map((value, row) => value / chart.lines[0].values[row]).filter(known));
  for (const chart of data.charts) {
    chart.most = ratios(chart).reduce((most, ratio) => Math.max(most, ratio), 0);
    chart.multiple = chart.most > 4 && chart.lines.every((line) => line.values.every((value) => !known(value) || value > 0));
  }
  const multiple = (chart) => view === "percent" && chart.multiple;
  const viewed = (chart) => multiple(chart) ? "Times as much as in the baseline" : VIEWS[view];
  const percent = (chart, share) => !chart.multiple ? share : known(share) && share > -100 ? 1 + share / 100 : null;
  function against(chart, row, value) {
    if (view === "level") return known(value) ? value : null;
    const base = chart.lines[0].values[row];
    if (!known(base) || !known(value)) return null;
    if (view === "deviation") return value - base;
    return base === 0 ? null : percent(chart, (100 * (value - base)) / Math.abs(base));
  }
  const seen = (chart, values) => rows.map((row) => against(chart, row, values[row]));
  const unitOf = (chart) => multiple(chart) ? "×" : view === "percent" ? "%" : chart.unit === "1" ? "" : chart.unit;

  // The draws of a run, in the terms of the view.
  const spread = (line, chart) => view === "level" ? line.fan : view === "deviation" ? line.apart : chart.multiple ? line.percent.map((edge) => edge.map((share) => percent(chart, share))) : line.percent;
  function columns(chart) {
    const series = [{}], columns = [rows], bands = [];
    // A difference is read off the runs: what is around them does not squeeze them.
    const put = (values, look) => { columns.push(values); series.push({ points: { show: false }, auto: view === "level", ...look }); return columns.length - 1; };
    const edge = (values) => put(values, { stroke: "transparent", width: 0 });
    const wash = (from, to, fill) => bands.push({ series: [edge(to), edge(from)], fill });
    if (chart.rivals.length) {
      const all = chart.rivals.map((rival) => seen(chart, rival.values));
      const most = (pick) => rows.map((row) => { const there = all.map((one) => one[row]).filter(known); return there.length ? pick(...there) : null; });
      if (visible(chart).some((line) => spread(line, chart).length)) for (const pick of [Math.min, Math.max]) put(most(pick), { stroke: color("soft"), width: 1, dash: [2, 3] });
      else wash(most(Math.min), most(Math.max), color("range"));
    }
    // One fan at a time: four upon each other cannot be read.
    for (const line of visible(chart).filter((line) => spread(line, chart).length).slice(0, 1)) {
      const five = spread(line, chart);
      wash(five[0], five[4], hue(line.scene) + "26");
      wash(five[1], five[3], hue(line.scene) + "40");
      put(five[2], { stroke: hue(line.scene), width: 1.2, dash: [5, 4] });
    }
    for (const line of visible(chart).reverse()) put(seen(chart, line.values), { auto: true, stroke: hue(line.scene), width: line.scene ? 2 : 2.4 });
    return { columns, series, bands };
  }

  function plot(figure_) {
    const chart = charts.get(figure_.dataset.chart), place = figure_.querySelector(".plot");
    live.get(chart.id)?.destroy();
    place.replaceChildren();
    figure_.dataset.plotted = "";
    figure_.dataset.seen = view;
    figure_.querySelector(".viewed")?.remove();
    const { columns: all, series, bands } = columns(chart);
    const logarithmic = view === "level" ? chart.log : multiple(chart) && chart.most > 20;
    const whole = yearly();
    const options = {
      width: place.clientWidth || 320, height: 250, series, bands,
      legend: { show: false }, cursor: { sync: { key: "saldo" }, y: false, points: { size: 7 }, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1, range: logarithmic ? undefined : ranged } },
      padding: [22, 18, 0, 0],
      axes: [
        { stroke: color("soft"), grid: { show: false }, ticks: { stroke: color("line") }, font: "12px system-ui", size: 32, splits: (u) => ticks(u, whole), values: (u, at) => at.map((row) => (whole ? data.labels[row]?.slice(0, 4) : data.labels[row]) ?? "") },
        { stroke: color("soft"), grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui", size: 62, splits: logarithmic ? powers : undefined, filter: logarithmic ? (u, all) => all : undefined, values: (u, at) => at.map((value) => value === null ? "" : (multiple(chart) ? "× " : "") + axis(value) + (view === "percent" && !multiple(chart) ? " %" : "")) },
      ],
      plugins: [{ hooks: { drawClear: beyond, drawAxes: [zeroLine, drawEvents], draw: (u) => letters(u, chart), setCursor: (u) => tell(u, chart) } }],
    };
    const u = new uPlot(options, all, place);
    live.set(chart.id, u);
    if (view !== "level") figure_.querySelector("figcaption").append(make("span", { class: "unit viewed" }, said(viewed(chart)) + (cut(u) ? "; " + said("bands reach further") : "")));
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", said(chart.title) + ": arrow keys read values off");
    place.onkeydown = (event) => step(event, u, chart);
    u.over.addEventListener("mouseleave", () => hide(u));
  }
  // Whether something that is drawn goes beyond the frame.
  const cut = (u) => u.data.some((values, at) => at && values.some((value) => known(value) && (value < u.scales.y.min || value > u.scales.y.max)));
  // Zero belongs to the axis unless all values are far from it.
  function ranged(u, low, high) {
    if (low === null || high === null) return [0, 1];
    if (low === 0 && high === 0) return view === "level" ? [0, 1] : [-1, 1];
    if (low > 0 && low < high * 0.5) low = 0;
    if (high < 0 && high > low * 0.5) high = 0;
    const room = (high - low || Math.abs(high) || 1) * 0.05;
    return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room];
  }
  // Powers of ten, about five of them.
  function powers(u, side, low, high) {
    const from = Math.ceil(Math.log10(low) - 1e-9), to = Math.floor(Math.log10(high) + 1e-9), all = [];
    if (to - from < 1) return [low, Math.sqrt(low * high), high].map((it) => +it.toPrecision(2));
    const every = Math.ceil((to - from + 1) / 6);
    for (let power = from; power <= to; power += every) all.push(10 ** power);
    return all;
  }
  function yearly() {
    const starts = data.labels.filter((label) => /(-01|Q1)$/.test(label));
    return starts.length >= 4;
  }
  function ticks(u, whole) {
    const low = Math.ceil(u.scales.x.min), high = Math.floor(u.scales.x.max), all = [];
    for (let row = low; row <= high; row++) if (!whole || /(-01|Q1)$/.test(data.labels[row] ?? "")) all.push(row);
    const every = Math.max(1, Math.ceil(all.length / Math.max(3, Math.floor(u.width / 48))));
    const steps = [1, 2, 5, 10, 20, 50, 100].find((it) => it >= every) ?? every;
    return all.filter((row, at) => whole ? Number(data.labels[row].slice(0, 4)) % steps === 0 : at % steps === 0);
  }
  // The ground of the years that were held against no measurement.
  function beyond(u) {
    if (!known(data.held_to)) return;
    const { ctx } = u, { left, top, width, height } = u.bbox, from = Math.max(left, u.valToPos(data.held_to, "x", true));
    if (from >= left + width) return;
    ctx.save();
    ctx.fillStyle = color("beyond");
    ctx.fillRect(from, top, left + width - from, height);
    ctx.restore();
  }
  function zeroLine(u) {
    if (u.scales.y.distr === 3 || !(u.scales.y.min < 0 && u.scales.y.max > 0)) return;
    const { ctx } = u, { left, width } = u.bbox, y = Math.round(u.valToPos(0, "y", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = color("soft"); ctx.lineWidth = devicePixelRatio || 1;
    ctx.beginPath(); ctx.moveTo(left, y); ctx.lineTo(left + width, y); ctx.stroke();
    ctx.restore();
  }
  // The letter of each run at the end of its line, none upon another.
  function letters(u, chart) {
    const shown = visible(chart);
    if (data.scenes.length < 2) return;
    const { ctx } = u, ratio = devicePixelRatio || 1, ends = [];
    for (const line of shown) {
      const values = seen(chart, line.values);
      let row = Math.min(values.length - 1, Math.floor(u.scales.x.max));
      while (row > 0 && !known(values[row])) row -= 1;
      if (known(values[row])) ends.push({ x: u.valToPos(row, "x", true), y: u.valToPos(values[row], "y", true), scene: line.scene });
    }
    ends.sort((a, b) => a.y - b.y);
    ctx.save();
    ctx.font = `700 ${11 * ratio}px system-ui`; ctx.textBaseline = "middle"; ctx.textAlign = "left";
    let free = 0;
    for (const end of ends) {
      const y = Math.max(end.y, free);
      free = y + 11 * ratio;
      ctx.fillStyle = hue(end.scene);
      ctx.fillText(letter(end.scene), end.x + 4 * ratio, y);
    }
    ctx.restore();
  }
  // The most asked events that have room for their names side by side are lines with names, the
  // others ticks at the foot.
  function drawEvents(u) {
    const { ctx } = u, { left, top, width, height } = u.bbox, ratio = devicePixelRatio || 1, names = [];
    const inside = marks.map((mark) => ({ mark, x: u.valToPos(mark.row, "x", true) })).filter(({ x }) => x >= left && x <= left + width);
    ctx.save();
    ctx.strokeStyle = color("warm"); ctx.fillStyle = color("warm");
    ctx.font = `${10.5 * ratio}px system-ui`; ctx.lineWidth = ratio; ctx.textAlign = "left"; ctx.textBaseline = "alphabetic";
    for (const it of [...inside].sort((a, b) => b.mark.asked - a.mark.asked)) {
      const wide = ctx.measureText(said(it.mark.title)).width, begin = it.x + wide > left + width + 18 * ratio ? it.x - wide : it.x;
      const free = names.every((other) => begin > other.end + 8 * ratio || begin + wide + 8 * ratio < other.begin);
      if (begin >= left && names.length < 4 && free) names.push({ ...it, begin, end: begin + wide });
    }
    for (const it of names) ctx.fillText(said(it.mark.title), it.begin, top - 6 * ratio);
    for (const { mark, x } of inside) {
      const named = names.some((it) => it.mark === mark);
      ctx.globalAlpha = named ? 0.6 : 0.8; ctx.setLineDash(named ? [2 * ratio, 3 * ratio] : []);
      ctx.beginPath(); ctx.moveTo(x, named ? top - 3 * ratio : top + height - 5 * ratio); ctx.lineTo(x, top + height); ctx.stroke();
    }
    ctx.restore();
  }
  function tell(u, chart) {
    const row = u.cursor.idx;
    if (!known(row) || u.cursor.left < 0) return hide(u);
    // A synchronised chart moves its line; only the one that is pointed at speaks.
    if (!u.over.matches(":hover") && document.activeElement !== u.root.parentNode) return hide(u);
    u.tip ??= u.root.parentNode.appendChild(make("div", { class: "tip", role: "status" }));
    const unit = unitOf(chart), lines = [make("b", {}, dated(row))];
    const range = (low, high) => `${figure(low)} … ${figure(high)}`;
    for (const line of visible(chart)) {
      if (line.scene === 0 && view !== "level") continue;
      lines.push(make("div", { class: "row" }, make("span", {}, make("i", { class: "key k" + line.scene % 8 }, letter(line.scene)), said(data.scenes[line.scene].title)), make("span", {}, figure(against(chart, row, line.values[row])) + " " + unit)));
      const five = spread(line, chart).map((edge) => edge[row]);
      if (known(five[0])) lines.push(make("div", { class: "row" }, make("small", {}, said("half of the draws")), make("small", {}, range(five[1], five[3]))), make("div", { class: "row" }, make("small", {}, said("nine in ten")), make("small", {}, range(five[0], five[4]))));
    }
    for (const rival of chart.rivals) lines.push(make("div", { class: "row" }, make("small", {}, said(rival.name)), make("small", {}, figure(against(chart, row, rival.values[row])))));
    const near = Math.max(1, Math.round((u.scales.x.max - u.scales.x.min) / 120));
    for (const mark of marks.filter((it) => Math.abs(it.row - row) <= near).slice(0, 4)) lines.push(make("div", { class: "ev" }, `${mark.number} ${said(mark.title)}`));
    u.tip.replaceChildren(...lines);
    u.tip.hidden = false;
    const left = u.cursor.left + u.over.offsetLeft, flip = left > u.width / 2;
    u.tip.style.left = flip ? "" : left + 14 + "px";
    u.tip.style.right = flip ? u.width - left + 14 + "px" : "";
    u.tip.style.top = "34px";
  }
  const hide = (u) => { if (u.tip) u.tip.hidden = true; };
  function step(event, u, chart) {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -1e6, End: 1e6 }[event.key];
    if (!move) { if (event.key === "Escape") hide(u); return; }
    event.preventDefault();
    const row = Math.min(rows.length - 1, Math.max(0, (u.cursor.idx ?? 0) + move));
    u.setCursor({ left: u.valToPos(row, "x"), top: 10 });
    tell(u, chart);
  }
  const watch = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    watch.unobserve(entry.target);
    plot(entry.target);
  }), { rootMargin: "300px" });
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const redraw = () => figures.forEach((it) => live.has(it.dataset.chart) && plot(it));

  function viewButtons() {
    // One run differs from nothing.
    if (data.scenes.length < 2) return;
    for (const bar of [$("views"), $("views-top")].filter(Boolean)) for (const [key, name] of Object.entries(VIEWS)) {
      bar.append(make("button", { type: "button", "data-view": key, "aria-pressed": key === view, onclick: () => show(key), ...word(name) }, name));
    }
  }
  function show(key) {
    view = key;
    document.querySelectorAll("[data-view]").forEach((it) => it.setAttribute("aria-pressed", it.dataset.view === key));
    redraw();
  }
  // With several runs, each entry of the legend hides and shows its run.
  function switches() {
    if (data.scenes.length < 2) return;
    document.querySelectorAll(".runs [data-scene]").forEach((it) => {
      const scene = +it.dataset.scene;
      const press = make("button", { type: "button", "aria-pressed": true, "data-run": scene, onclick: () => turn(scene) }, ...it.childNodes);
      it.replaceChildren(press);
    });
  }
  function turn(scene) {
    if (!hidden.delete(scene)) hidden.add(scene);
    document.querySelectorAll(`[data-run="${scene}"]`).forEach((it) => it.setAttribute("aria-pressed", !hidden.has(scene)));
    redraw();
  }

  // --- the books at a date -------------------------------------------------------------------
  const dates = data.books[0]?.dates ?? [];
  let date = dates.length - 1;
  const lineOf = (place) => place ? data.lines[place[0] + ":" + place[1]] ?? "" : "";
  function sheet(table, books, it) {
    if (table?.tagName !== "TABLE") return;
    const rows = it.rows.filter((row) => row.cells[date]?.length), [by, name] = scale(rows);
    table.tBodies[0].replaceChildren(...rows.map((row) => {
      const cells = row.cells[date], tip = lineOf(row.place);
      const total = ["Σ", "net worth", "net gain"].includes(row.name);
      const line = make("tr", total ? { class: "total" } : {}, make("th", { scope: "row", title: tip }, said(row.title)));
      books.columns.forEach((_, column) => line.append(cell(cells[row.at.indexOf(column)], by, tip)));
      line.append(cell(row.name === "Σ" ? null : cells[cells.length - 1], by, tip));
      return line;
    }));
    table.querySelector(".money").textContent = (name && said(name) + " ") + books.units[date];
  }
  // One scale for a table, so that its largest number has at most six digits before the point.
  function scale(rows) {
    const largest = Math.max(0, ...rows.flatMap((row) => row.cells[date].filter(known).map(Math.abs)));
    return [[1e15, "quadrillion"], [1e12, "trillion"], [1e9, "billion"], [1e6, "million"]].find(([by]) => largest >= 10 * by) ?? [1, ""];
  }
  function cell(value, by, tip) {
    if (!known(value)) return make("td");
    const small = value !== 0 && Math.abs(value / by) < 1e-3;
    return make("td", { class: value === 0 ? "zero" : value < 0 ? "minus" : null, title: [by > 1 && value ? figure(value) : "", tip].filter(Boolean).join("\n") || null }, small ? "≈ 0" : figure(value / by));
  }
  function showBooks() {
    const label = moment(dates[date]);
    document.querySelectorAll("#books .date").forEach((it) => { it.textContent = label; });
    document.querySelectorAll(".book").forEach((place, which) => {
      const books = data.books[which], [sankey, blocks] = data.pictures[which][date], end = which ? "-" + which : "";
      for (const name of ["balance", "flows", "gains"]) sheet($(name + end), books, books[name]);
      // Pictures were drawn, and their titles escaped, when the page was written.
      place.querySelector(".sankey-now").innerHTML = sankey;
      place.querySelector(".blocks-now").innerHTML = blocks;
      if (russian) translate(place);
    });
  }
  const sliders = [];
  function slider(place, dates, at, act, name) {
    const out = make("output", {}, dated(dates[at]));
    const input = make("input", { type: "range", min: 0, max: dates.length - 1, value: at, "aria-label": name, "aria-valuetext": dated(dates[at]) });
    const tell = () => { out.textContent = dated(dates[+input.value]); input.setAttribute("aria-valuetext", out.textContent); };
    const go = () => { tell(); act(+input.value); };
    sliders.push(tell);
    input.addEventListener("input", go);
    const nudge = (by, text, label) => make("button", { type: "button", "aria-label": label, onclick: () => { input.value = +input.value + by; go(); } }, text);
    place.replaceChildren(nudge(-1, "‹", "Earlier"), input, nudge(1, "›", "Later"), out);
  }

  // --- why -----------------------------------------------------------------------------------
  const why = data.why;
  // The last date that was held against a measurement, if the run goes on after it.
  const held = why.dates.filter((row) => known(data.held_to) && row <= data.held_to).length;
  let when = (held || why.dates.length) - 1, trail = [];
  function spark(values) {
    const there = values.filter(known);
    const low = Math.min(...there), high = Math.max(...there), span = high - low || 1;
    const picture = draw("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", class: "spark", "aria-hidden": "true" });
    let path = "";
    values.forEach((value, at) => { if (known(value)) path += `${path ? "L" : "M"}${(at / Math.max(1, values.length - 1) * 100).toFixed(1)} ${(22 - (value - low) / span * 20).toFixed(1)}`; });
    const x = when / Math.max(1, values.length - 1) * 100;
    picture.append(draw("path", { d: path }), draw("line", { x1: x, x2: x, y1: 0, y2: 24 }));
    return picture;
  }
  const short = (value) => Math.abs(value) >= 1000 || (value && Math.abs(value) < 1e-3) ? figure(value) : local(String(+value.toPrecision(3)).replace("-", "−"));
  function ring(names, own) {
    const size = 260, middle = size / 2, r = 74;
    const at = (index) => { const turn = index / names.length * 2 * Math.PI - Math.PI / 2; return [middle + r * Math.cos(turn), middle + r * Math.sin(turn)]; };
    const picture = draw("svg", { viewBox: `-90 0 ${size + 180} ${size}`, class: "ring", role: "img", "aria-label": "Circle: " + names.join(", then ") });
    picture.append(draw("circle", { cx: middle, cy: middle, r, style: "fill:none;stroke:var(--soft)" }));
    names.forEach((name, index) => {
      const [x, y] = at(index), right = x > middle + 5, left = x < middle - 5;
      picture.append(draw("circle", { cx: x, cy: y, r: name === own ? 7 : 5 }), draw("text", { x: x + (right ? 11 : left ? -11 : 0), y: y + (right || left ? 4 : y < middle ? -12 : 20), "text-anchor": right ? "start" : left ? "end" : "middle" }, name));
    });
    return picture;
  }
  function go(at) {
    const seenAt = trail.indexOf(at);
    trail = seenAt < 0 ? [...trail, at] : trail.slice(0, seenAt + 1);
    walk();
  }
  function walk() {
    const here = $("walk-now");
    const node = why.nodes[trail[trail.length - 1]];
    const link = node.place && document.getElementById(`L${node.place[0]}-${node.place[1]}`);
    const left = make("figure", {}, make("figcaption", {}, said(node.title), make("span", { class: "unit" }, node.unit), make("small", {}, make("code", {}, node.name), link ? " " : "", link ? make("a", { href: "#" + link.id, class: "source" }, `${data.files[node.place[0]] ?? "text"}:${node.place[1]}`) : "")));
    const chart = spark(node.values);
    chart.style.height = "7rem";
    left.append(chart, make("p", {}, make("strong", {}, figure(node.values[when])), `${/^1?$/.test(node.unit) ? "" : " " + node.unit}, ${dated(why.dates[when])}`));
    if (node.circle.length) left.append(make("p", { class: "unit" }, said("It needs itself within one period: these lines are solved together.")), ring(node.circle, node.name));
    const movers = [...node.moved_by].sort((a, b) => Math.abs(b.strength[when] ?? 0) - Math.abs(a.strength[when] ?? 0));
    const most = Math.max(1e-12, ...movers.map((it) => Math.abs(it.strength[when] ?? 0)));
    const right = make("ul", { class: "movers" }, ...movers.map((it) => {
      const other = why.nodes[it.node], strength = it.strength[when];
      const past = it.lag ? (it.lag === 1 ? said("one period before") : `${it.lag} ${said("periods before")}`) : "";
      const bar = make("span", { class: strength < 0 ? "bar neg" : "bar", style: `width:${known(strength) ? Math.abs(strength) / most * 100 : 0}%` });
      return make("li", {}, make("button", { type: "button", onclick: () => go(it.node) }, make("span", {}, said(other.title), make("br"), make("small", {}, [other.kind === "line" ? "" : said(other.kind), past].filter(Boolean).join(", "))), make("span", { class: "barbox" }, bar), make("span", { class: "num" }, known(strength) ? (strength > 0 ? "+" : "") + short(strength) + "\u00a0%" : "–"), spark(other.values)));
    }));
    const steps = make("div", { class: "trail" }, ...trail.flatMap((at, index) => [index ? " ← " : "", make("button", { type: "button", onclick: () => go(at), "aria-current": index === trail.length - 1 ? "true" : null }, said(why.nodes[at].title))]));
    const none = { parameter: "A given number: see “What was assumed”.", series: "A given path from a table.", event: "A date: see the timeline.", line: "Nothing else moves it." }[node.kind] ?? "What moves it is beyond this page.";
    here.replaceChildren(steps, make("div", { class: "walk" }, left, movers.length ? right : make("p", {}, said(none))));
  }
  function startWalk() {
    const place = $("walk");
    if (!place || !why.nodes.length || !why.dates.length) return;
    const pick = make("select", { "aria-label": "Quantity to explain", class: "button", onchange: (event) => { trail = [+event.target.value]; walk(); } }, ...why.roots.concat(why.nodes.map((_, at) => at).filter((at) => !why.roots.includes(at) && why.nodes[at].moved_by.length)).map((at) => make("option", { value: at, ...word(why.nodes[at].title) }, said(why.nodes[at].title))));
    const bar = make("div", { class: "slider" });
    place.replaceChildren(make("div", { class: "views" }, pick), bar, make("div", { id: "walk-now" }));
    slider(bar, why.dates, when, (at) => { when = at; walk(); }, "Date of the influences");
    trail = [why.roots[0] ?? 0];
    walk();
  }

  // --- downloads -----------------------------------------------------------------------------
  // A text that a spreadsheet would take for a formula is marked as text.
  const field = (value) => { let text = value === null || value === undefined ? "" : String(value); if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text; return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; };
  const csv = (lines) => lines.map((line) => line.map(field).join(",")).join("\n") + "\n";
  function chartTable() {
    const lines = [["period", "quantity", "unit", "run", "value"]];
    for (const chart of data.charts) {
      const put = (run, values) => values.forEach((value, row) => known(value) && lines.push([data.labels[row], chart.title, chart.unit, run, value]));
      for (const line of chart.lines) {
        put(data.scenes[line.scene].name, line.values);
        line.fan.forEach((edge, at) => put(`${data.scenes[line.scene].name}, ${[5, 25, 50, 75, 95][at]} % of draws`, edge));
      }
      chart.rivals.forEach((rival) => put(rival.name, rival.values));
    }
    return lines;
  }
  function bookTable() {
    const lines = [["period", "matrix", "unit", "row", "column", "value"]];
    for (const books of data.books) for (const [name, it] of [["balance sheet", books.balance], ["transactions-flow", books.flows], ["revaluation", books.gains]])
      for (const row of it.rows) row.cells.forEach((cells, at) => cells.forEach((value, index) => known(value) && lines.push([data.labels[books.dates[at]], name, books.units[at], row.title, books.columns[row.at[index]] ?? "sum", value])));
    return lines;
  }
  function whyTable() {
    const lines = [["period", "quantity", "influence", "periods_before", "elasticity"]];
    for (const node of why.nodes) for (const it of node.moved_by) it.strength.forEach((value, at) => known(value) && lines.push([data.labels[why.dates[at]], node.name, why.nodes[it.node].name, it.lag, value]));
    return lines;
  }
  // Tables that stand in the page are read from it.
  const standing = (id) => [...document.querySelectorAll(`#${id} table`)].flatMap((table) => {
    const name = table.closest("figure")?.querySelector("figcaption")?.firstElementChild?.textContent ?? table.closest("figure")?.querySelector("figcaption")?.firstChild?.textContent ?? "";
    return [...table.rows].map((row) => [name, ...[...row.cells].map((it) => it.innerText.replace(/\s+/g, " ").trim())]);
  });
  function save(name, lines) {
    const address = URL.createObjectURL(new Blob([csv(lines)], { type: "text/csv" }));
    make("a", { href: address, download: `${data.model}-${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }
  function downloads() {
    const all = { "Charts": ["charts", chartTable], "Books": ["books", bookTable], "Influences": ["influences", whyTable], "Evidence": ["evidence", () => standing("evidence")], "Parameters": ["parameters", () => standing("assumed")] };
    for (const [name, [file, lines]] of Object.entries(all)) $("downloads").append(make("button", { type: "button", "data-file": file, onclick: () => save(file, lines()), ...word(name + " (CSV)") }, name + " (CSV)"));
  }

  // --- the reader's own choices --------------------------------------------------------------
  function tools() {
    const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = make("button", { type: "button", id: "theme", "aria-label": "Light or dark", onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; redraw(); } }, "◐");
    $("tools").append(theme);
    if (Object.keys(data.russian).length) $("tools").append(make("button", { type: "button", id: "language", "aria-label": "RU: titles in Russian", onclick: language }, "RU"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }
  // Titles bring their Russian form along; headings and table heads are words of the page.
  // Numbers and dates stand in the page once; the script writes them as the language does.
  const NUMBERS = "td:not(.text), tbody th, .date, time, .big strong, svg .tick:not([data-ru]), .dot title";
  const WORDS = "h2, h3, th, dt, summary, nav a, small, em, td, .tile span";
  function translate(place) {
    place.querySelectorAll(WORDS).forEach((it) => { if (!it.childElementCount && data.russian[it.textContent]) it.dataset.ru ??= data.russian[it.textContent]; });
    place.querySelectorAll("[data-ru]").forEach((it) => {
      it.dataset.en ??= it.textContent;
      it.textContent = russian ? it.dataset.ru : it.dataset.en;
      it.setAttribute("lang", russian ? "ru" : "en");
    });
    place.querySelectorAll(NUMBERS).forEach((it) => it.childNodes.forEach((node) => {
      if (node.nodeType !== Node.TEXT_NODE) return;
      node.english ??= node.textContent;
      node.textContent = local(it.tagName === "title" ? node.english.replace(/observed|model|tolerance/g, said) : node.english);
    }));
  }
  function language() {
    russian = !russian;
    $("language").textContent = russian ? "EN" : "RU";
    $("language").setAttribute("aria-label", russian ? "EN: titles in English" : "RU: titles in Russian");
    translate(document);
    showBooks();
    sliders.forEach((tell) => tell());
    if (trail.length) walk();
    redraw();
  }
  // A link to a line opens the text it is in.
  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const text = target && target.closest("details");
    if (text) { text.open = true; target.scrollIntoView({ block: "center" }); }
  }

  root.dataset.live = "";
  tools();
  viewButtons();
  switches();
  figures.forEach((it) => watch.observe(it));
  if (dates.length > 1) later($("books"), () => slider($("slider"), dates, date, (at) => { date = at; showBooks(); }, "Date of the books"));
  later($("why"), startWalk);
  later($("data"), downloads);
  addEventListener("hashchange", openTarget);
  openTarget();
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  root.dataset.ready = "";
})();
