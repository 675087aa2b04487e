//! What was assumed: the share first, then every parameter with its ground.

use super::document::{Document, Place, Places};
use super::html::{escape, figure, unit};
use super::timeline::ground;
use saldo_diag::Sources;
use saldo_model::ir::{Ground, Input, InputKind, Model, Values};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assumed {
    pub assumed: usize,
    pub all: usize,
    pub rows: Vec<Row>,
}

/// A parameter or a given series; members of an indexed one share a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub value: String,
    pub assumed: bool,
    pub ground: String,
    /// What the evidence allows it to be, if a prior says so.
    pub range: String,
    pub place: Option<Place>,
}

/// Everything that is given to a model from outside, assumed numbers first.
pub fn given(model: &Model) -> Vec<Row> {
    gather(model, &Places(&Sources::default())).rows
}

pub(crate) fn gather(model: &Model, places: &Places) -> Assumed {
    let settable = |(_, input): &(usize, &Input)| input.kind != InputKind::Event;
    let mut rows: Vec<Row> = Vec::new();
    for (at, input) in model.inputs.iter().enumerate().filter(settable) {
        let next = row(model, at, input, places);
        match rows.last_mut().filter(|last| same(last, &next)) {
            Some(last) => {
                last.name = next.name;
                last.value = "by member".into();
            }
            None => rows.push(next),
        }
    }
    rows.sort_by_key(|row| !row.assumed);
    let (assumed, all) = crate::summary::assumed_share(model);
    Assumed { assumed, all, rows }
}

/// Members of one indexed parameter share a line of the table.
fn same(a: &Row, b: &Row) -> bool {
    a.name == b.name && a.place == b.place && a.ground == b.ground
}

fn row(model: &Model, at: usize, input: &Input, places: &Places) -> Row {
    let value = match &input.values {
        Values::Const(value) => figure(value / input.factor),
        Values::Path(path) => {
            let known = || {
                path.iter()
                    .map(|value| value / input.factor)
                    .filter(|v| v.is_finite())
            };
            let (low, high) = (
                known().fold(f64::MAX, f64::min),
                known().fold(f64::MIN, f64::max),
            );
            format!("{} … {} over time", figure(low), figure(high))
        }
    };
    let family = input.name.split('[').next().unwrap_or(&input.name);
    let title = match input.title.split_once(": ") {
        Some((shared, _)) if family.len() < input.name.len() => shared,
        _ => &input.title,
    };
    Row {
        name: family.to_string(),
        title: title.to_string(),
        unit: input.unit.to_string(),
        value,
        assumed: matches!(input.ground, Ground::Assumed(_)),
        ground: ground(model, &input.ground),
        range: range(model, at, input),
        place: places.of(input.span),
    }
}

fn range(model: &Model, at: usize, input: &Input) -> String {
    let prior = model.priors.iter().find(|prior| prior.input.at() == at);
    let within = prior.and_then(|prior| prior.within);
    within.map_or(String::new(), |(low, high)| {
        let (low, high) = (low / input.factor, high / input.factor);
        format!("{} … {}", figure(low), figure(high))
    })
}

pub(crate) fn write(out: &mut String, it: &Document) {
    let of = &it.assumed;
    if of.all == 0 {
        out.push_str("<p>This model has no parameters.</p>\n");
        return;
    }
    let share = of.assumed as f64 / of.all as f64 * 100.0;
    let _ = write!(
        out,
        "<p class=\"big\"><strong>{share:.0} %</strong> of the {} parameters are assumed, the rest is taken from a source. An assumed number is somebody’s judgement: with another one the charts above would look different.</p><div class=\"share\" role=\"img\" aria-label=\"{share:.0} percent assumed\"><i style=\"width:{share:.1}%\"></i></div>",
        of.all
    );
    let _ = write!(
        out,
        "<details><summary>All parameters and given series ({})</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table><thead><tr><th scope=\"col\">Meaning</th><th scope=\"col\">Value</th><th scope=\"col\">Range</th><th scope=\"col\">Ground</th><th scope=\"col\">Text</th></tr></thead><tbody>",
        of.rows.len()
    );
    for row in &of.rows {
        let ground = if row.assumed { "<em>assumed</em> " } else { "" };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}<br><code>{}</code></th><td>{}{}</td><td>{}</td><td class=\"text\">{ground}{}</td><td class=\"text\">{}</td></tr>",
            it.text(&row.title),
            escape(&row.name),
            row.value,
            unit(&row.unit),
            row.range,
            escape(&row.ground),
            it.link(row.place)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}
