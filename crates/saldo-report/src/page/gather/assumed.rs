//! Every parameter with its ground; the share that is assumed.

use super::Places;
use super::timeline::ground;
use crate::page::document::{Assumed, Row};
use crate::page::said::{Said, figure, say};
use crate::page::words;
use saldo_model::ir::{Ground, Input, InputKind, Law, Model, Values};

pub(crate) fn gather(model: &Model, places: &Places) -> Assumed {
    let given = |(_, input): &(usize, &Input)| input.kind != InputKind::Event;
    let mut rows: Vec<Row> = Vec::new();
    for (at, input) in model.inputs.iter().enumerate().filter(given) {
        let next = row(model, at, input, places);
        match rows.last_mut().filter(|last| same(last, &next)) {
            Some(last) => {
                last.name = next.name;
                last.value = Said::new(
                    "by member",
                    words::russian("by member").unwrap_or("by member"),
                );
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
            say("over_time", &[figure(low), figure(high)])
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

fn range(model: &Model, at: usize, input: &Input) -> Said {
    let prior = model.priors.iter().find(|prior| prior.input.at() == at);
    let within = prior.and_then(|prior| match prior.law {
        Law::Uniform => prior.within.or(Some((prior.args[0], prior.args[1]))),
        _ => prior.within,
    });
    within.map_or(Said::default(), |(low, high)| {
        let (low, high) = (low / input.factor, high / input.factor);
        Said::joined(&[figure(low), figure(high)], " … ")
    })
}
