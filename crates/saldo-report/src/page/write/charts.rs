//! Charts over time, each with its source and its table.

use super::rivals;
use super::says::PICTURES;
use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Chart, Document, Rival, Spread};
use crate::page::said::date;
use crate::svg::{Band, COLOURS, Kind, Mark, Picture, Strand, draw, letter};
use std::fmt::Write;

/// Rows of the table under a chart; all of them are in the download.
const TABLE_ROWS: usize = 36;

pub(crate) fn write(out: &mut String, it: &Document) {
    intro(out, it);
    let more = it.charts.len() > PICTURES;
    if more {
        out.push_str("<div id=\"views\" class=\"views\"></div>\n");
        legend(out, it);
    }
    for (title, why) in &it.stopped_rivals {
        let note = it.say("rival.stopped", &[it.title(title), why.as_str().into()]);
        let _ = write!(out, "<p class=\"unit\">{note}</p>");
    }
    out.push_str("<div class=\"grid\">");
    for chart in it.charts.iter().skip(PICTURES) {
        write_chart(out, it, chart);
    }
    out.push_str("</div>\n");
    rivals::table(out, it);
}

fn intro(out: &mut String, it: &Document) {
    let any = |holds: bool, key: &str| holds.then(|| it.say(key, &[]));
    let rivals = match drawn(it) {
        true => "charts.edges",
        false => "charts.rivals",
    };
    let told = [
        any(it.scenes.len() == 1, "charts.one"),
        any(it.scenes.len() > 1, "charts.many"),
        any(drawn(it), "charts.draws"),
        any(explained(it), rivals),
        it.held_to
            .map(|row| it.say("charts.beyond", &[date(&it.labels[row])])),
        any(it.charts.len() <= PICTURES, "charts.above"),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    let _ = writeln!(out, "<p>{}</p>", told.join(" "));
    if it.offered.is_empty() {
        return;
    }
    out.push_str(&it.paragraph("offered", &[]));
    out.push_str("<ul class=\"offered\">");
    for (name, title) in &it.offered {
        let _ = write!(
            out,
            "<li>{} <code>-s {}</code></li>",
            it.text(title),
            escape(name)
        );
    }
    out.push_str("</ul>\n");
}

/// Whether any chart has the bands of draws.
fn drawn(it: &Document) -> bool {
    let lines = it.charts.iter().flat_map(|chart| &chart.lines);
    lines.into_iter().any(|line| !line.fan.is_empty())
}

/// Whether any chart has rival explanations.
fn explained(it: &Document) -> bool {
    it.charts.iter().any(|chart| !chart.rivals.is_empty())
}

/// The runs with their colours and letters, of which the script makes switches; then what else
/// charts show. One run alone needs no letter.
pub(crate) fn legend(out: &mut String, it: &Document) {
    out.push_str("<ul class=\"legend runs\">");
    for (at, scene) in it.scenes.iter().enumerate() {
        let draws = match (scene.draws, scene.failed) {
            (0 | 1, _) => String::new(),
            (all, 0) => it.say("draws", &[all.into()]),
            (all, failed) => it.say("draws.failed", &[all.into(), failed.into()]),
        };
        let letter = match it.scenes.len() {
            1 => String::new(),
            _ => letter(at).to_string(),
        };
        let _ = write!(
            out,
            "<li data-scene=\"{at}\"><i class=\"key k{}\">{letter}</i>{} <small>{draws}</small></li>",
            at % COLOURS,
            it.text(&scene.title),
        );
    }
    for (holds, class, word) in [
        (drawn(it), "half-key", "half of the draws"),
        (drawn(it), "ninety-key", "nine in ten"),
        (drawn(it), "median-key", "their median"),
        (explained(it) && drawn(it), "edges-key", RIVALS),
        (explained(it) && !drawn(it), "band-key", RIVALS),
        (
            it.events.iter().any(|it| it.used),
            "eventmark",
            "dated events",
        ),
    ] {
        if holds {
            let word = it.text(word);
            let _ = write!(out, "<li><i class=\"key {class}\"></i>{word}</li>");
        }
    }
    if let Some(row) = it.held_to {
        let told = it.say("legend.beyond", &[date(&it.labels[row])]);
        let _ = write!(out, "<li><i class=\"key beyond-key\"></i>{told}</li>");
    }
    out.push_str("</ul>\n");
}

const RIVALS: &str = "lowest to highest of the rival explanations";

/// Title, picture, source, numbers: the script draws into the empty `plot`, print and scriptless
/// readers keep the picture.
pub(crate) fn write_chart(out: &mut String, it: &Document, chart: &Chart) {
    let log = match chart.log {
        true => format!(" <span class=\"unit log\">{}</span>", it.text("log scale")),
        false => String::new(),
    };
    let _ = write!(
        out,
        "<figure class=\"chart\" id=\"{0}\" data-chart=\"{0}\"><figcaption>{1}{2}{log}</figcaption><div class=\"plot\"></div><div class=\"still\">{3}</div>",
        chart.id,
        it.text(&chart.title),
        unit(&chart.unit),
        picture(it, chart)
    );
    let _ = write!(
        out,
        "<p class=\"foot\">{} {}</p>",
        it.text("Source: this model’s run."),
        it.link(chart.place)
    );
    table(out, it, chart);
    out.push_str("</figure>\n");
}

fn picture(it: &Document, chart: &Chart) -> String {
    draw(&Picture {
        title: &chart.title,
        unit: &chart.unit,
        labels: &it.labels,
        log: chart.log,
        strands: chart
            .lines
            .iter()
            .map(|line| Strand {
                scene: line.scene,
                name: &it.scenes[line.scene].title,
                values: &line.values,
            })
            .collect(),
        bands: bands(it, chart),
        marks: marks(it),
        held_to: it.held_to,
    })
}

fn marks(it: &Document) -> Vec<Mark> {
    let used = it.events.iter().filter(|event| event.used);
    let inside = used.filter_map(|event| {
        Some(Mark {
            row: event.rows?.0,
            name: event.title.clone(),
            russian: it.in_russian(&event.title),
            asked: event.asked,
        })
    });
    inside.collect()
}

fn bands(it: &Document, chart: &Chart) -> Vec<Band> {
    let mut bands = Vec::new();
    if !chart.rivals.is_empty() {
        let (low, high) = range(&chart.rivals, it.labels.len());
        bands.push(Band {
            kind: Kind::Rivals,
            scene: 0,
            low,
            high,
        });
    }
    // One fan: several upon each other cannot be read.
    let drawn = chart.lines.iter().find(|line| !line.fan.is_empty());
    if let Some(line) = drawn {
        for (kind, low, high) in [(Kind::Ninety, 0, 4), (Kind::Half, 1, 3)] {
            bands.push(Band {
                kind,
                scene: line.scene,
                low: edge(&line.fan, low),
                high: edge(&line.fan, high),
            });
        }
    }
    bands
}

/// Values with their rows.
type Edge = Vec<(usize, f64)>;

/// Lowest and highest rival in every row that is kept.
fn range(rivals: &[Rival], rows: usize) -> (Edge, Edge) {
    let step = rivals.first().map_or(1, |rival| rival.step);
    let edge = |at: usize, pick: fn(f64, f64) -> f64| {
        let there = rivals.iter().filter_map(|it| it.values.get(at).copied());
        there.fold(f64::NAN, pick)
    };
    let kept = (0..rows.div_ceil(step)).map(|at| {
        let row = at * step;
        ((row, edge(at, f64::min)), (row, edge(at, f64::max)))
    });
    kept.unzip()
}

fn table(out: &mut String, it: &Document, chart: &Chart) {
    let rows = it.labels.len();
    let step = rows.div_ceil(TABLE_ROWS).max(1);
    let numbers = match step {
        1 => it.say("numbers.all", &[]),
        _ => it.say("numbers.some", &[step.into()]),
    };
    let _ = write!(
        out,
        "<details><summary>{numbers}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers: {0}\"><table><caption>{3}{1}</caption><thead><tr><th scope=\"col\">{2}</th>",
        escape(&chart.title),
        unit(&chart.unit),
        it.text("Period"),
        it.text(&chart.title)
    );
    for line in &chart.lines {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            it.text(&it.scenes[line.scene].title)
        );
    }
    out.push_str("</tr></thead><tbody>");
    let at = |row: usize| {
        let lines = chart.lines.iter();
        lines.map(move |line| line.values.get(row).copied().unwrap_or(f64::NAN))
    };
    // A row in which no run has a value says nothing: often the opening date.
    let told = |row: &usize| at(*row).any(f64::is_finite);
    for row in (0..rows).step_by(step).filter(told) {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th>",
            escape(&it.labels[row])
        );
        for value in at(row) {
            let _ = write!(out, "<td>{}</td>", figure(value));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div></details>");
}

fn edge(spread: &Spread, at: usize) -> Edge {
    spaced(&spread.edges[at], spread.step)
}

/// Values with their rows.
fn spaced(values: &[f64], step: usize) -> Edge {
    let rows = (0..).step_by(step.max(1));
    rows.zip(values.iter().copied()).collect()
}
