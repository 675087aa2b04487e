//! The headline quantities of all runs, joined by their titles.

use super::evidence::measured;
use super::{Places, RivalRun, Scene};
use crate::curve::{Curve, headline};
use crate::page::document::{Chart, Line, Rival, Rivalry, Spread};
use saldo_study::Fan;

/// Values of all rivals in all charts together.
const RIVAL_ROOM: usize = 14_000;

/// Values of all bands of draws in all charts together.
const BAND_ROOM: usize = 45_000;

/// The quantities of all scenes, joined by their titles; the baseline's come first.
pub(crate) fn gather(scenes: &[Scene], rivals: &[RivalRun], places: &Places) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        for curve in headline(scene.model, scene.trace) {
            let known = charts.iter().position(|chart| chart.title == curve.title);
            let chart = known.unwrap_or_else(|| {
                charts.push(new_chart(charts.len(), scene, &curve, places));
                charts.len() - 1
            });
            charts[chart].lines.push(line(scenes, at, curve));
        }
    }
    for chart in &mut charts {
        chart.lines.extend(missing(chart, scenes));
        chart.lines.sort_by_key(|line| line.scene);
        chart.rivals = rivals
            .iter()
            .filter_map(|rival| path(chart, rival))
            .collect();
    }
    make_room(&mut charts);
    charts
}

fn line(scenes: &[Scene], at: usize, curve: Curve) -> Line {
    let fan = scenes[at].fan(&curve.title);
    let base = scenes[0].fan(&curve.title).filter(|_| at > 0);
    let pair = fan.zip(base);
    let none = Spread::default;
    Line {
        scene: at,
        values: curve.values,
        fan: fan.map_or_else(none, spread),
        apart: pair.map_or_else(none, |(own, base)| spread(&own.less(base))),
        percent: pair.map_or_else(none, |(own, base)| spread(&own.percent_of(base))),
    }
}

/// Thins what is only drawn, until it fits.
fn make_room(charts: &mut [Chart]) {
    let rivals = |it: &[Chart]| -> usize {
        let all = it.iter().flat_map(|chart| &chart.rivals);
        all.map(|rival| rival.values.len()).sum()
    };
    let step = rivals(charts).div_ceil(RIVAL_ROOM).max(1);
    for rival in charts.iter_mut().flat_map(|chart| &mut chart.rivals) {
        rival.step = step;
        rival.values = thinned(&rival.values, step);
    }
    let spreads = |line: &Line| size(&line.fan) + size(&line.apart) + size(&line.percent);
    let all = charts.iter().flat_map(|chart| &chart.lines).map(spreads);
    let step = all.sum::<usize>().div_ceil(BAND_ROOM).max(1);
    for line in charts.iter_mut().flat_map(|chart| &mut chart.lines) {
        thin(&mut line.fan, step);
        thin(&mut line.apart, step);
        thin(&mut line.percent, step);
    }
}

/// Every `step`-th value from the first, in four digits.
fn thinned(values: &[f64], step: usize) -> Vec<f64> {
    let four = |value: &f64| match value.is_finite() {
        true => format!("{value:.3e}").parse().unwrap_or(*value),
        false => f64::NAN,
    };
    values.iter().step_by(step).map(four).collect()
}

fn new_chart(at: usize, scene: &Scene, curve: &Curve, places: &Places) -> Chart {
    let show = scene
        .model
        .shows
        .iter()
        .find(|show| *show.title == curve.title);
    let line = scene.model.vars.iter().find(|var| *var.name == curve.name);
    let view = show.map_or("level", |show| match &*show.style {
        "deviation" => "deviation",
        "percent" => "percent",
        _ => "level",
    });
    let span = line.map(|line| line.span).or(show.map(|show| show.span));
    Chart {
        id: format!("c{at}"),
        name: curve.name.clone(),
        title: curve.title.clone(),
        unit: curve.unit.clone(),
        log: curve.log,
        view: view.into(),
        place: span.and_then(|span| places.of(span)),
        lines: Vec::new(),
        rivals: Vec::new(),
    }
}

/// Scenes that do not show the quantity themselves, but have it by name.
fn missing(chart: &Chart, scenes: &[Scene]) -> Vec<Line> {
    let absent = |at: &usize| chart.lines.iter().all(|line| line.scene != *at);
    (0..scenes.len())
        .filter(absent)
        .filter_map(|at| {
            let scene = &scenes[at];
            let curve = crate::curve::named(scene.model, scene.trace, &chart.name)?;
            Some(Line {
                scene: at,
                values: curve.values,
                fan: Spread::default(),
                apart: Spread::default(),
                percent: Spread::default(),
            })
        })
        .collect()
}

fn path(chart: &Chart, rival: &RivalRun) -> Option<Rival> {
    let mut curves = rival.curves.iter();
    let curve = curves.find(|curve| curve.title == chart.title)?;
    Some(Rival {
        name: rival.title.clone(),
        step: 1,
        values: curve.values.clone(),
    })
}

/// The headline quantities at the last date that was measured, else at the last one: in the baseline
/// and under each rival.
pub(crate) fn rivalry(base: &Scene, rivals: &[RivalRun], held_to: Option<usize>) -> Vec<Rivalry> {
    let row = held_to.unwrap_or(base.trace.completed);
    let values = |curves: &[Curve]| {
        let at = |curve: &Curve| curve.values.get(row).copied();
        curves
            .iter()
            .map(|curve| at(curve).unwrap_or(f64::NAN))
            .collect()
    };
    let own = Rivalry {
        title: base.title.clone(),
        values: values(&headline(base.model, base.trace)),
        measured: measured(base.model, base.trace),
    };
    let others = rivals.iter().map(|rival| Rivalry {
        title: rival.title.clone(),
        values: values(&rival.curves),
        measured: rival.measured,
    });
    std::iter::once(own).chain(others).collect()
}

fn spread(fan: &Fan) -> Spread {
    if fan.len() < 2 {
        return Spread::default();
    }
    let mut edges = vec![Vec::new(); 5];
    for row in 0..fan.rows() {
        let five = fan.at(row).map_or([f64::NAN; 5], |it| {
            [it.ninety.0, it.half.0, it.median, it.half.1, it.ninety.1]
        });
        edges.iter_mut().zip(five).for_each(|(e, v)| e.push(v));
    }
    Spread { step: 1, edges }
}

fn size(spread: &Spread) -> usize {
    spread.edges.iter().map(Vec::len).sum()
}

fn thin(spread: &mut Spread, step: usize) {
    spread.step = step;
    let edges = spread.edges.iter_mut();
    edges.for_each(|it| *it = thinned(it, step));
}
