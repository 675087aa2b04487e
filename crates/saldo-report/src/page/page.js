// Makes the page answer: charts that can be read off, a date slider, a walk through the formulas,
// downloads. Everything it shows is in the data of this file; nothing is fetched.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("saldo-data").textContent);
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
  function figure(value) {
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
    if (size >= 1e15) return figure(value);
    for (const [by, mark] of [[1e12, " T"], [1e9, " bn"], [1e6, " M"]]) if (size >= by) return plain(value / by) + mark;
    return plain(value);
  }
  const plain = (value) => value === 0 ? "0" : Math.abs(value) >= 1000 || Math.abs(value) < 1e-3 ? figure(value) : String(+value.toPrecision(6)).replace("-", "−");
  const color = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  let russian = false;
  const said = (title) => (russian && data.russian[title]) || title;

  // --- charts over time ----------------------------------------------------------------------
  const charts = new Map(data.charts.map((chart) => [chart.id, chart]));
  // Rivals of a long run are given at every step-th row; between them lies their line.
  for (const chart of data.charts) for (const rival of chart.rivals) {
    const { step, values } = rival;
    rival.values = data.labels.map((_, row) => { const at = Math.floor(row / step), rest = (row % step) / step; return rest ? (known(values[at]) && known(values[at + 1]) ? values[at] * (1 - rest) + values[at + 1] * rest : null) : values[at] ?? null; });
  }
  const live = new Map();
  let view = data.scenes.length > 1 && data.charts.every((chart) => chart.view === data.charts[0].view) ? data.charts[0].view : "level";
  const rows = data.labels.map((_, at) => at);
  const marks = data.events.map((event, at) => ({ number: at + 1, title: event.title, used: event.used, row: event.rows && event.rows[0], end: event.rows && event.rows[1] })).filter((mark) => mark.used && known(mark.row));

  function against(base, value) {
    if (view === "level") return known(value) ? value : null;
    if (!known(base) || !known(value)) return null;
    if (view === "deviation") return value - base;
    return base === 0 ? null : (100 * (value - base)) / Math.abs(base);
  }
  function seen(chart, values) {
    const base = chart.lines[0].values;
    return rows.map((row) => against(base[row], values[row]));
  }
  const unitOf = (chart) => view === "percent" ? "%" : chart.unit === "1" ? "" : chart.unit;

  function columns(chart) {
    const series = [{}], columns = [rows], bands = [];
    const hidden = (values) => { columns.push(values); series.push({ stroke: "transparent", width: 0, points: { show: false }, show: true }); return columns.length - 1; };
    const wash = (from, to, fill) => bands.push({ series: [hidden(to), hidden(from)], fill });
    if (chart.rivals.length) {
      const all = chart.rivals.map((rival) => seen(chart, rival.values));
      const edge = (pick) => rows.map((row) => { const there = all.map((one) => one[row]).filter(known); return there.length ? pick(...there) : null; });
      wash(edge(Math.min), edge(Math.max), color("s0") + "30");
    }
    const fan = chart.lines[0].fan;
    if (fan.length === 4 && view === "level") {
      wash(fan[0], fan[3], color("s0") + "22");
      wash(fan[1], fan[2], color("s0") + "3a");
    }
    for (const line of chart.lines) {
      columns.push(seen(chart, line.values));
      series.push({ stroke: color("s" + line.scene % 5), width: line.scene ? 2 : 2.4, points: { show: false }, scene: line.scene });
    }
    return { columns, series, bands };
  }

  function plot(figure_) {
    const chart = charts.get(figure_.dataset.chart), place = figure_.querySelector(".plot");
    live.get(chart.id)?.destroy();
    place.replaceChildren();
    const { columns: all, series, bands } = columns(chart);
    const logarithmic = chart.log && view === "level";
    const whole = yearly();
    const options = {
      width: place.clientWidth || 320, height: 250, series, bands,
      legend: { show: false }, cursor: { sync: { key: "saldo" }, y: false, points: { size: 7 }, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1, range: logarithmic ? undefined : ranged } },
      padding: [20, 12, 0, 0],
      axes: [
        { stroke: color("soft"), grid: { show: false }, ticks: { stroke: color("line") }, font: "12px system-ui", size: 32, splits: (u) => dates(u, whole), values: (u, at) => at.map((row) => (whole ? data.labels[row]?.slice(0, 4) : data.labels[row]) ?? "") },
        { stroke: color("soft"), grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui", size: 62, splits: logarithmic ? powers : undefined, filter: logarithmic ? (u, all) => all : undefined, values: (u, at) => at.map((value) => value === null ? "" : axis(value)) },
      ],
      plugins: [{ hooks: { drawAxes: drawEvents, setCursor: (u) => tell(u, chart) } }],
    };
    const u = new uPlot(options, all, place);
    live.set(chart.id, u);
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", said(chart.title) + ": arrow keys read values off");
    place.onkeydown = (event) => step(event, u, chart);
    u.over.addEventListener("mouseleave", () => hide(u));
  }
  // Zero belongs to the axis unless all values are far from it.
  function ranged(u, low, high) {
    if (low === null || high === null) return [0, 1];
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
  function dates(u, whole) {
    const low = Math.ceil(u.scales.x.min), high = Math.floor(u.scales.x.max), all = [];
    for (let row = low; row <= high; row++) if (!whole || /(-01|Q1)$/.test(data.labels[row] ?? "")) all.push(row);
    const every = Math.max(1, Math.ceil(all.length / Math.max(3, Math.floor(u.width / 75))));
    const steps = [1, 2, 5, 10, 20, 50, 100].find((it) => it >= every) ?? every;
    return all.filter((row, at) => whole ? Number(data.labels[row].slice(0, 4)) % steps === 0 : at % steps === 0);
  }
  function drawEvents(u) {
    const { ctx } = u, { left, top, width, height } = u.bbox, ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = color("warm"); ctx.fillStyle = color("warm");
    ctx.font = `600 ${10 * ratio}px system-ui`; ctx.textAlign = "center"; ctx.lineWidth = ratio;
    let free = 0;
    // Many events are ticks at the upper edge: full lines would hide the curve.
    for (const mark of marks) {
      const x = u.valToPos(mark.row, "x", true);
      if (x < left || x > left + width) continue;
      ctx.globalAlpha = 0.45; ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.beginPath(); ctx.moveTo(x, top); ctx.lineTo(x, marks.length > 24 ? top + 7 * ratio : top + height); ctx.stroke();
      ctx.globalAlpha = 1;
      if (x >= free) { ctx.fillText(mark.number, x, top - 5 * ratio); free = x + 18 * ratio; }
    }
    ctx.restore();
  }
  function tell(u, chart) {
    const row = u.cursor.idx;
    if (!known(row) || u.cursor.left < 0) return hide(u);
    // A synchronised chart moves its line; only the one that is pointed at speaks.
    if (!u.over.matches(":hover") && document.activeElement !== u.root.parentNode) return hide(u);
    u.tip ??= u.root.parentNode.appendChild(make("div", { class: "tip", role: "status" }));
    const unit = unitOf(chart), lines = [make("b", {}, data.labels[row])];
    for (const line of chart.lines) {
      const value = line.scene === 0 && view !== "level" ? null : against(chart.lines[0].values[row], line.values[row]);
      if (line.scene === 0 && view !== "level") continue;
      lines.push(make("div", { class: "row" }, make("span", {}, make("i", { class: "key k" + line.scene % 5 }), said(data.scenes[line.scene].title)), make("span", {}, figure(value) + " " + unit)));
    }
    for (const rival of chart.rivals) lines.push(make("div", { class: "row" }, make("small", {}, rival.name), make("small", {}, figure(against(chart.lines[0].values[row], rival.values[row])) + " " + unit)));
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
    if (data.scenes.length < 2 && !data.charts.some((chart) => chart.rivals.length)) return;
    const names = { level: "Level", deviation: "Difference from baseline", percent: "Percent of baseline" };
    const bars = [$("views"), document.querySelector("#says .grid").before(Object.assign(make("div", { class: "views" }), { id: "views-top" })) ?? $("views-top")];
    for (const bar of bars) for (const [key, name] of Object.entries(names)) {
      bar.append(make("button", { type: "button", "data-view": key, "aria-pressed": key === view, onclick: () => show(key) }, name));
    }
  }
  function show(key) {
    view = key;
    document.querySelectorAll("[data-view]").forEach((it) => it.setAttribute("aria-pressed", it.dataset.view === key));
    redraw();
  }

  // --- the books at a date -------------------------------------------------------------------
  const books = data.books;
  let date = books.dates.length - 1;
  const lineOf = (place) => place ? data.lines[place[0] + ":" + place[1]] ?? "" : "";
  function sheet(id, it) {
    const table = $(id);
    if (!table || table.tagName !== "TABLE") return;
    const body = table.tBodies[0];
    body.replaceChildren(...it.rows.filter((row) => row.cells[date]?.length).map((row) => {
      const cells = row.cells[date], tip = lineOf(row.place);
      const total = ["Σ", "net worth", "net gain"].includes(row.name);
      const line = make("tr", total ? { class: "total" } : {}, make("th", { scope: "row", title: tip }, said(row.title)));
      books.columns.forEach((_, column) => line.append(cell(cells[row.at.indexOf(column)], tip)));
      line.append(cell(row.name === "Σ" ? null : cells[cells.length - 1], tip));
      return line;
    }));
  }
  function cell(value, tip) {
    if (!known(value)) return make("td");
    return make("td", { class: value === 0 ? "zero" : value < 0 ? "minus" : null, title: tip || null }, figure(value));
  }
  const WIDE = 760, HIGH = 380, EDGE = 150, GAP = 12, DRAWN = 24;
  function ribbons() {
    const all = books.payments.map((it) => { const v = it.values[date]; return v >= 0 ? { from: it.from, to: it.to, value: v, it } : { from: it.to, to: it.from, value: -v, it }; }).filter((it) => it.value > 0);
    all.sort((a, b) => b.value - a.value);
    const left = Math.max(0, all.length - DRAWN), some = all.slice(0, DRAWN);
    some.sort((a, b) => a.from - b.from || a.to - b.to);
    return [some, left];
  }
  function bars(some, side, scale) {
    const sums = books.columns.map((_, at) => some.filter((it) => it[side] === at).reduce((sum, it) => sum + it.value, 0));
    scale ??= (HIGH - 20 - GAP * books.columns.length) / sums.reduce((a, b) => a + b, 0);
    let top = 10;
    return [sums.map((sum) => { const bar = { top, height: sum * scale }; if (sum > 0) top += sum * scale + GAP; return bar; }), scale];
  }
  function sankey() {
    const [some, left] = ribbons(), place = $("sankey");
    if (!some.length) return place.replaceChildren(make("p", {}, "No payment is made in this period."));
    const [payers, scale] = bars(some, "from"), [takers] = bars(some, "to", scale);
    const picture = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "sankey", role: "img", "aria-label": "Flows between sectors in " + data.labels[books.dates[date]] });
    const l = payers.map((it) => it.top), r = takers.map((it) => it.top);
    for (const { from, to, value, it } of some) {
      const thick = value * scale, a = l[from] + thick / 2, b = r[to] + thick / 2, m = WIDE / 2;
      l[from] += thick; r[to] += thick;
      picture.append(draw("path", { class: "ribbon c" + from % 8, "stroke-width": Math.max(thick, 0.7), d: `M${EDGE + 6} ${a}C${m} ${a} ${m} ${b} ${WIDE - EDGE - 6} ${b}` }, draw("title", {}, `${said(it.title)}: ${figure(value)} ${books.unit}\n${lineOf(it.place)}`)));
    }
    const clip = (name) => name.length > 22 ? name.slice(0, 21) + "…" : name;
    const names = (list, x, anchor, bar) => list.forEach(({ top, height }, at) => height > 0 && picture.append(
      draw("rect", { class: "bar c" + at % 8, x: bar, y: top, width: 6, height: Math.max(1, height) }),
      draw("text", { x, y: top + height / 2 + 4, "text-anchor": anchor }, clip(said(books.columns[at])))));
    names(payers, EDGE - 8, "end", EDGE);
    names(takers, WIDE - EDGE + 8, "start", WIDE - EDGE - 6);
    place.replaceChildren(picture, ...(left ? [make("p", { class: "unit" }, `${left} smaller flows are in the matrix below.`)] : []));
  }
  // One height for one amount at the chosen date; rows keep their colours at every date.
  function blocks() {
    const list = books.balance.rows.map((row, at) => ({ row, at })).filter((it) => it.row.name !== "net worth");
    const value = (row, column) => { const at = row.at.indexOf(column); const v = at < 0 ? 0 : row.cells[date]?.[at]; return known(v) ? v : 0; };
    const side = (column, sign) => list.reduce((sum, { row }) => sum + Math.max(0, sign * value(row, column)), 0);
    const count = books.columns.length, all = books.columns.map((_, at) => at);
    const up = Math.max(...all.map((at) => side(at, 1))), down = Math.max(...all.map((at) => side(at, -1)));
    const place = $("blocks"), key = place.querySelector(".legend");
    if (!(up + down > 0)) return place.replaceChildren(make("p", {}, "All balances are zero."), ...(key ? [key] : []));
    const scale = (HIGH - 70) / (up + down), zero = 20 + up * scale, width = (WIDE - 20) / count;
    const picture = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "blocks", role: "img", "aria-label": "Balance sheets as blocks, end of " + data.labels[books.dates[date]] },
      draw("line", { class: "zeroline", x1: 10, x2: WIDE - 10, y1: zero, y2: zero }));
    for (const column of all) {
      const x = 10 + width * column;
      let top = zero, bottom = zero;
      for (const { row, at } of list) {
        const amount = value(row, column), tall = Math.abs(amount) * scale;
        let y = bottom;
        if (amount > 0) { top -= tall; y = top; } else bottom += tall;
        if (tall > 0.2) picture.append(draw("rect", { class: "c" + at % 8, x: x + 6, y, width: width - 12, height: tall }, draw("title", {}, `${said(books.columns[column])}: ${said(row.title)} ${figure(amount)} ${books.unit}`)));
      }
      const most = Math.floor(width / 6.2), name = said(books.columns[column]);
      picture.append(draw("text", { x: x + width / 2, y: HIGH - 6, "text-anchor": "middle" }, name.length > most ? name.slice(0, most - 1) + "…" : name));
    }
    place.replaceChildren(picture, ...(key ? [key] : []));
  }
  function showBooks() {
    const label = data.labels[books.dates[date]];
    document.querySelectorAll("#books .date").forEach((it) => { it.textContent = label; });
    sheet("balance", books.balance); sheet("flows", books.flows); sheet("gains", books.gains);
    sankey(); blocks();
  }
  function slider(place, dates, at, act, name) {
    const out = make("output", {}, data.labels[dates[at]]);
    const input = make("input", { type: "range", min: 0, max: dates.length - 1, value: at, "aria-label": name, "aria-valuetext": data.labels[dates[at]] });
    const go = () => { out.textContent = data.labels[dates[+input.value]]; input.setAttribute("aria-valuetext", out.textContent); act(+input.value); };
    input.addEventListener("input", go);
    const nudge = (by, text, label) => make("button", { type: "button", "aria-label": label, onclick: () => { input.value = +input.value + by; go(); } }, text);
    place.replaceChildren(nudge(-1, "‹", "Earlier"), input, nudge(1, "›", "Later"), out);
  }

  // --- why -----------------------------------------------------------------------------------
  const why = data.why;
  let when = why.dates.length - 1, trail = [];
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
  const short = (value) => Math.abs(value) >= 1000 || (value && Math.abs(value) < 1e-3) ? figure(value) : String(+value.toPrecision(3)).replace("-", "−");
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
    left.append(chart, make("p", {}, make("strong", {}, figure(node.values[when])), ` ${node.unit} in ${data.labels[why.dates[when]]}`));
    if (node.circle.length) left.append(make("p", { class: "unit" }, "It needs itself within one period: these lines are solved together."), ring(node.circle, node.name));
    const movers = [...node.moved_by].sort((a, b) => Math.abs(b.strength[when] ?? 0) - Math.abs(a.strength[when] ?? 0));
    const most = Math.max(1e-12, ...movers.map((it) => Math.abs(it.strength[when] ?? 0)));
    const right = make("ul", { class: "movers" }, ...movers.map((it) => {
      const other = why.nodes[it.node], strength = it.strength[when];
      const past = it.lag ? (it.lag === 1 ? "one period before" : `${it.lag} periods before`) : "";
      const bar = make("span", { class: strength < 0 ? "bar neg" : "bar", style: `width:${known(strength) ? Math.abs(strength) / most * 100 : 0}%` });
      return make("li", {}, make("button", { type: "button", onclick: () => go(it.node) }, make("span", {}, said(other.title), make("br"), make("small", {}, [other.kind === "line" ? "" : other.kind, past].filter(Boolean).join(", "))), make("span", { class: "barbox" }, bar), make("span", { class: "num" }, known(strength) ? (strength > 0 ? "+" : "") + short(strength) + "\u00a0%" : "–"), spark(other.values)));
    }));
    const steps = make("div", { class: "trail" }, ...trail.flatMap((at, index) => [index ? " ← " : "", make("button", { type: "button", onclick: () => go(at), "aria-current": index === trail.length - 1 ? "true" : null }, said(why.nodes[at].title))]));
    const none = { parameter: "A given number: see “What was assumed”.", series: "A given path from a table.", event: "A date: see the timeline.", line: "Nothing else moves it." }[node.kind] ?? "What moves it is beyond this page.";
    here.replaceChildren(steps, make("div", { class: "walk" }, left, movers.length ? right : make("p", {}, none)));
  }
  function startWalk() {
    const place = $("walk");
    if (!place || !why.nodes.length || !why.dates.length) return;
    const pick = make("select", { "aria-label": "Quantity to explain", class: "button", onchange: (event) => { trail = [+event.target.value]; walk(); } }, ...why.roots.concat(why.nodes.map((_, at) => at).filter((at) => !why.roots.includes(at) && why.nodes[at].moved_by.length)).map((at) => make("option", { value: at }, said(why.nodes[at].title))));
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
        line.fan.forEach((edge, at) => put(`${data.scenes[line.scene].name}, ${[5, 25, 75, 95][at]} % of draws`, edge));
      }
      chart.rivals.forEach((rival) => put(rival.name, rival.values));
    }
    return lines;
  }
  function bookTable() {
    const lines = [["period", "matrix", "row", "column", "value"]];
    for (const [name, it] of [["balance sheet", books.balance], ["transactions-flow", books.flows], ["revaluation", books.gains]])
      for (const row of it.rows) row.cells.forEach((cells, at) => cells.forEach((value, index) => known(value) && lines.push([data.labels[books.dates[at]], name, row.title, books.columns[row.at[index]] ?? "sum", value])));
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
    for (const [name, [file, lines]] of Object.entries(all)) $("downloads").append(make("button", { type: "button", "data-file": file, onclick: () => save(file, lines()) }, `${name} (CSV)`));
  }

  // --- the reader's own choices --------------------------------------------------------------
  function tools() {
    const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = make("button", { type: "button", id: "theme", "aria-label": "Light or dark", onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; redraw(); } }, "◐");
    $("tools").append(theme);
    if (Object.keys(data.russian).length) $("tools").append(make("button", { type: "button", id: "language", "aria-label": "Titles in English or Russian", onclick: language }, "RU"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }
  function language() {
    russian = !russian;
    $("language").textContent = russian ? "EN" : "RU";
    document.querySelectorAll("[data-ru]").forEach((it) => {
      it.dataset.en ??= it.textContent;
      it.textContent = russian ? it.dataset.ru : it.dataset.en;
      it.lang = russian ? "ru" : "en";
    });
    showBooks();
    if (trail.length) walk();
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
  figures.forEach((it) => watch.observe(it));
  if (books.dates.length > 1) slider($("slider"), books.dates, date, (at) => { date = at; showBooks(); }, "Date of the books");
  startWalk();
  downloads();
  addEventListener("hashchange", openTarget);
  openTarget();
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  root.dataset.ready = "";
})();
