//! Damped Newton on an opening: forward a while, then steps by derivatives from differences.

use super::map::{Image, Map, Opening};
use super::qr::{Qr, norm};
use super::unknowns::Unknowns;
use crate::trace::{Free, Stop};

/// Periods that the economy is run forward before the first step.
const FORWARD: usize = 200;
const STEPS: u32 = 60;
const HALVINGS: u32 = 16;
/// Differences are taken over this share of an unknown's size.
const APART: f64 = 1e-5;
/// A part of a direction that is smaller than this is none.
const SLIGHT: f64 = 1e-6;

/// Where the search ended.
pub struct Outcome {
    pub opening: Opening,
    pub image: Image,
    /// The largest share by which a period moves anything.
    pub worst: f64,
    pub steps: u32,
    /// Per unknown, the derivatives of all residuals.
    pub slopes: Vec<Vec<f64>>,
}

struct Point {
    opening: Opening,
    image: Image,
    worst: f64,
}

pub fn newton<const L: usize>(
    unknowns: &Unknowns,
    map: &mut Map<L>,
    begin: Opening,
) -> Result<Outcome, Stop> {
    let mut point = forward(unknowns, map, begin)?;
    let mut steps = 0;
    while steps < STEPS && point.worst > 0.0 && !unknowns.sought.is_empty() {
        let Some(next) = step(unknowns, map, &point) else {
            break;
        };
        point = next;
        steps += 1;
    }
    let slopes = slopes(unknowns, map, &point);
    Ok(Outcome {
        opening: point.opening,
        image: point.image,
        worst: point.worst,
        steps,
        slopes,
    })
}

fn point(unknowns: &Unknowns, opening: Opening, image: Image) -> Point {
    let residuals = unknowns.residuals(&opening, &image);
    let shares = residuals.iter().map(|(own, size)| own.abs() / size);
    Point {
        worst: shares.fold(0.0, f64::max),
        opening,
        image,
    }
}

/// The point nearest to rest on the way that the economy itself takes.
fn forward<const L: usize>(
    unknowns: &Unknowns,
    map: &mut Map<L>,
    begin: Opening,
) -> Result<Point, Stop> {
    let Some(image) = map.image(&begin) else {
        return Err(map.why());
    };
    let mut best = point(unknowns, begin, image);
    let mut last = best.image.clone();
    for _ in 0..FORWARD {
        let values = unknowns.values(&last.balances, &last.lines);
        let opening = unknowns.opening(&values, &last.lines);
        let Some(image) = map.image(&opening) else {
            break;
        };
        last = image.clone();
        let next = point(unknowns, opening, image);
        if next.worst < best.worst {
            best = next;
        }
    }
    Ok(best)
}

/// One step with as much of it as helps; nothing if none does.
fn step<const L: usize>(unknowns: &Unknowns, map: &mut Map<L>, at: &Point) -> Option<Point> {
    let rows = row_sizes(unknowns, &at.opening, &at.image);
    let scaled = |opening: &Opening, image: &Image| -> Vec<f64> {
        let residuals = unknowns.residuals(opening, image);
        residuals
            .iter()
            .zip(&rows)
            .map(|((own, _), size)| own / size)
            .collect()
    };
    let here = scaled(&at.opening, &at.image);
    let sizes = unknowns.sizes(&at.opening, &at.image);
    let slopes = slopes(unknowns, map, at);
    let against = here.iter().map(|own| -own).collect();
    let way = Qr::of(in_sizes(&slopes, &sizes, &rows)).solve(against);
    let values = unknowns.values(&at.opening.balances, &at.opening.lines);
    let trial = |halvings: u32| {
        let part = 1.0 / f64::from(1 << halvings);
        let moved = values.iter().zip(way.iter().zip(&sizes));
        let moved: Vec<f64> = moved
            .map(|(own, (way, size))| own + part * way * size)
            .collect();
        unknowns.opening(&moved, &at.image.lines)
    };
    let trials: Vec<Opening> = (0..HALVINGS).map(trial).collect();
    let images = map.images(&trials);
    let before = norm(&here);
    let mut ways = trials.into_iter().zip(images);
    let helps = |opening: &Opening, image: &Image| norm(&scaled(opening, image)) < before * 0.999;
    ways.find_map(|(opening, image)| {
        let image = image?;
        helps(&opening, &image).then(|| point(unknowns, opening, image))
    })
}

fn row_sizes(unknowns: &Unknowns, opening: &Opening, image: &Image) -> Vec<f64> {
    let residuals = unknowns.residuals(opening, image);
    residuals.iter().map(|(_, size)| *size).collect()
}

/// Derivatives of the residuals by each unknown, by central differences; by one side where the
/// other cannot be computed.
fn slopes<const L: usize>(unknowns: &Unknowns, map: &mut Map<L>, at: &Point) -> Vec<Vec<f64>> {
    let values = unknowns.values(&at.opening.balances, &at.opening.lines);
    let sizes = unknowns.sizes(&at.opening, &at.image);
    let moved = |unknown: usize, by: f64| {
        let mut moved = values.clone();
        moved[unknown] += by * sizes[unknown];
        unknowns.opening(&moved, &at.image.lines)
    };
    let all = 0..values.len();
    let openings: Vec<Opening> = all
        .clone()
        .flat_map(|it| [moved(it, APART), moved(it, -APART)])
        .collect();
    let images = map.images(&openings);
    let here = unknowns.residuals(&at.opening, &at.image);
    let residuals = |at: usize| {
        let image = images[at].as_ref()?;
        Some(unknowns.residuals(&openings[at], image))
    };
    let slope = |unknown: usize| {
        let (above, below) = (residuals(2 * unknown), residuals(2 * unknown + 1));
        let sides = u8::from(above.is_some()) + u8::from(below.is_some());
        let apart = APART * sizes[unknown] * f64::from(sides.max(1));
        let above = above.unwrap_or_else(|| here.clone());
        let below = below.unwrap_or_else(|| here.clone());
        above
            .iter()
            .zip(&below)
            .map(|(a, b)| (a.0 - b.0) / apart)
            .collect()
    };
    all.map(slope).collect()
}

/// Derivatives of scaled residuals by scaled unknowns.
fn in_sizes(slopes: &[Vec<f64>], sizes: &[f64], rows: &[f64]) -> Vec<Vec<f64>> {
    let column = |(column, size): (&Vec<f64>, &f64)| {
        column
            .iter()
            .zip(rows)
            .map(|(slope, row)| slope * size / row)
            .collect()
    };
    slopes.iter().zip(sizes).map(column).collect()
}

impl Outcome {
    /// Directions in which the opening can be moved and still repeats, in units of the model.
    pub fn directions(&self, unknowns: &Unknowns) -> Vec<Vec<Free>> {
        let sizes = unknowns.sizes(&self.opening, &self.image);
        let rows = row_sizes(unknowns, &self.opening, &self.image);
        let factored = Qr::of(in_sizes(&self.slopes, &sizes, &rows));
        let named = |direction: Vec<f64>| {
            let largest = direction
                .iter()
                .fold(0.0, |most, it| f64::max(most, it.abs()));
            let parts = direction.iter().zip(unknowns.sought.iter().zip(&sizes));
            parts
                .filter(|(part, _)| part.abs() > SLIGHT * largest)
                .map(|(part, (what, size))| Free {
                    what: *what,
                    by: part * size,
                })
                .collect()
        };
        factored.directions().into_iter().map(named).collect()
    }
}
