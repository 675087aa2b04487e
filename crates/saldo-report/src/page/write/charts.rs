//! Charts over time, each with its source and its table.

use super::says::PICTURES;
use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::{Chart, Document, Rival, Spread};
use crate::svg::{Band, COLOURS, Kind, Mark, Picture, Strand, draw, letter};
use std::fmt::Write;

/// Rows of the table under a chart; all of them are in the download.
const TABLE_ROWS: usize = 36;

pub(crate) fn write(out: &mut String, it: &Document) {
    intro(out, it);
    out.push_str("<div id=\"views\" class=\"views\"></div>\n");
    legend(out, it);
    for note in &it.stopped_rivals {
        let _ = write!(out, "<p class=\"unit\">{}</p>", escape(note));
    }
    out.push_str("<div class=\"grid\">");
    for chart in it.charts.iter().skip(PICTURES) {
        write_chart(out, it, chart);
    }
    out.push_str("</div>\n");
}

fn intro(out: &mut String, it: &Document) {
    match it.scenes.len() {
        1 => out.push_str("<p>This page shows one run. "),
        _ => out.push_str("<p>What if? Each scenario changes only what its file names; everything else, and every random number, is as in the baseline. A colour and a letter mean the same run everywhere on this page; a click on one below hides or shows it. "),
    }
    if it.scenes.iter().any(|scene| scene.draws > 1) {
        out.push_str("Shaded: the darker band holds half of the draws, the lighter one nine in ten, the dashed line is their median. They show what the stated uncertainty of parameters and chance would do, not everything that could be wrong. With several runs the bands are those of the first one that is switched on. ");
    }
    if !it.charts.iter().all(|chart| chart.rivals.is_empty()) {
        out.push_str("The grey range is what the rival explanations say, each put in alone; point at a chart to read them. ");
    }
    if it.charts.len() <= PICTURES {
        out.push_str("The charts stand at the head of the page. ");
    }
    out.push_str("</p>\n");
    if !it.offered.is_empty() {
        out.push_str("<p>The model also declares these scenarios, which this page does not run:</p><ul class=\"offered\">");
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
}

/// The runs with their colours and letters; the script makes switches of them.
pub(crate) fn legend(out: &mut String, it: &Document) {
    out.push_str("<ul class=\"legend runs\">");
    for (at, scene) in it.scenes.iter().enumerate() {
        let draws = match (scene.draws, scene.failed) {
            (0 | 1, _) => String::new(),
            (all, 0) => format!(" <small>{all} draws</small>"),
            (all, failed) => format!(
                " <small>{all} draws, {failed} of them stopped early and are in no band</small>"
            ),
        };
        let _ = write!(
            out,
            "<li data-scene=\"{at}\"><i class=\"key k{}\">{}</i>{}{draws}</li>",
            at % COLOURS,
            letter(at),
            it.text(&scene.title),
        );
    }
    if it.charts.iter().any(|chart| !chart.rivals.is_empty()) {
        let _ = write!(
            out,
            "<li><i class=\"key band-key\"></i>{}</li>",
            it.text("range over rival explanations")
        );
    }
    out.push_str("</ul>\n");
}

/// Title, picture, source, numbers: the script draws into the empty `plot`, print and scriptless
/// readers keep the picture.
pub(crate) fn write_chart(out: &mut String, it: &Document, chart: &Chart) {
    let log = match chart.log {
        true => format!(" <span class=\"unit\">{}</span>", it.text("log scale")),
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
    let note = if step > 1 {
        format!(", every {step} periods")
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<details><summary>{2}{note}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers: {0}\"><table><caption>{4}{1}</caption><thead><tr><th scope=\"col\">{3}</th>",
        escape(&chart.title),
        unit(&chart.unit),
        it.text("Numbers"),
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
    for row in (0..rows).step_by(step) {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th>",
            escape(&it.labels[row])
        );
        for line in &chart.lines {
            let value = line.values.get(row).copied().unwrap_or(f64::NAN);
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
