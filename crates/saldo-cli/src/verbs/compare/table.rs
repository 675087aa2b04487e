//! Scenarios side by side as text or JSON: how each differs from the base, period by period.

use super::Member;
use crate::args::{By, CompareArgs};
use crate::missed::Missed;
use crate::talk;
use saldo_model::ir::Model;
use saldo_report::{Aligned, Curve};
use saldo_study::{Band, Compare, band};

fn by(args: &CompareArgs) -> Compare {
    match args.by {
        By::Level => Compare::Level,
        By::Deviation => Compare::Deviation,
        By::Percent => Compare::Percent,
        By::Points => Compare::Points,
    }
}

/// A number, and where there are many runs the band around it.
type Cell = (f64, Option<(f64, f64)>);

/// What is printed: the members over some rows.
pub struct Table<'a> {
    pub args: &'a CompareArgs,
    pub model: &'a Model,
    pub members: &'a [Member],
    pub rows: &'a [usize],
    pub left_out: &'a [String],
}

impl Table<'_> {
    /// The value of a member in one run, in the terms asked for; the base is always a level.
    fn value(&self, at: usize, run: usize, curve: usize, row: usize) -> Option<f64> {
        let of = |member: &Member| member.runs.get(run)?.get(curve)?.values.get(row).copied();
        let base = of(&self.members[0])?;
        let value = match at {
            0 => base,
            _ => by(self.args).of(base, of(&self.members[at])?),
        };
        value.is_finite().then_some(value)
    }

    fn spread(&self, at: usize, curve: usize, row: usize) -> Option<Band> {
        let runs = 0..self.members[at].runs.len();
        band(
            runs.filter_map(|run| self.value(at, run, curve, row))
                .collect(),
        )
    }

    /// One number; with draws the median and nine in ten of them; with rivals alone the one
    /// taken and the range over all.
    fn cell(&self, at: usize, curve: usize, row: usize) -> Option<Cell> {
        let band = self.spread(at, curve, row)?;
        Some(
            match (self.args.draws.choices, self.members[at].runs.len()) {
                (_, 1) => (band.median, None),
                (Some(_), _) if self.args.draws.draws.is_none() => {
                    let taken = self.value(at, 0, curve, row).unwrap_or(f64::NAN);
                    (taken, Some(band.range))
                }
                _ => (band.median, Some(band.ninety)),
            },
        )
    }

    /// The cells of a member over all rows, with the same decimals.
    fn column(&self, at: usize, curve: usize) -> Vec<String> {
        let rows = self.rows.iter();
        let cells: Vec<Option<Cell>> = rows.map(|row| self.cell(at, curve, *row)).collect();
        let numbers = cells.iter().flatten().flat_map(|(middle, band)| {
            let (low, high) = band.unwrap_or((*middle, *middle));
            [*middle, low, high]
        });
        let form = Aligned::of(numbers);
        let told = |cell: &Option<Cell>| match cell {
            None => "–".into(),
            Some((middle, None)) => form.write(*middle),
            Some((middle, Some((low, high)))) => {
                let [middle, low, high] = [middle, low, high].map(|it| form.write(*it));
                format!("{middle} [{low}, {high}]")
            }
        };
        cells.iter().map(told).collect()
    }

    /// Whether no scenario moves a quantity, in any run and period.
    fn unmoved(&self, curve: usize) -> bool {
        let path = |member: &Member, run: usize| -> Option<Vec<u64>> {
            let values = &member.runs.get(run)?.get(curve)?.values;
            Some(values.iter().map(|value| value.to_bits()).collect())
        };
        let base = &self.members[0];
        let mut others = self.members[1..].iter();
        others.all(|it| (0..base.runs.len()).all(|run| path(it, run) == path(base, run)))
    }

    pub fn as_text(&self) -> String {
        let mut out = String::new();
        let mut same = Vec::new();
        for (at, curve) in self.members[0].runs[0].iter().enumerate() {
            match self.args.of.is_empty() && self.unmoved(at) {
                true => same.push(curve.title.as_str()),
                false => out += &self.quantity(at, curve),
            }
        }
        if !same.is_empty() {
            out += &format!("The same in all: {}.\n", same.join(", "));
        }
        let first = &self.members[0].runs[0];
        let rows = first.first().map_or(0, |curve| curve.labels.len());
        out += &self.legend();
        out += &self.choice_of_rows(rows);
        out += &self.others();
        out + &talk::renamed(self.model, rows.saturating_sub(1))
    }

    /// What a column holds, in two lines: a level, or how a member differs from the base.
    fn head(&self, which: usize, unit: &str) -> [String; 2] {
        let by = by(self.args);
        let below = match (which, by) {
            (0, _) | (_, Compare::Level) => String::new(),
            _ if by.unit(unit) == unit => format!("− {}", self.members[0].name),
            _ => format!("− {}{}", self.members[0].name, in_unit(&by.unit(unit))),
        };
        [self.members[which].name.clone(), below]
    }

    /// A quantity over the rows, a column for each member; those that do not fit follow below.
    fn quantity(&self, at: usize, curve: &Curve) -> String {
        let labels: Vec<&str> = self.rows.iter().map(|row| &*curve.labels[*row]).collect();
        let columns: Vec<Column> = (0..self.members.len())
            .map(|which| Column::of(self.head(which, &curve.unit), self.column(which, at)))
            .collect();
        let mut out = format!("{}{}\n", curve.title, in_unit(&curve.unit));
        for block in blocks(&columns, talk::width().saturating_sub(LABEL)) {
            for line in 0..2 {
                push_line(
                    &mut out,
                    "",
                    block.iter().map(|it| (&it.head[line], it.width)),
                );
            }
            for (row, label) in labels.iter().enumerate() {
                push_line(
                    &mut out,
                    label,
                    block.iter().map(|it| (&it.cells[row], it.width)),
                );
            }
            out.push('\n');
        }
        out
    }

    /// Why these periods and no others, if nobody asked for them.
    fn choice_of_rows(&self, all: usize) -> String {
        let first = self.members[0].runs[0].first();
        let example = first.and_then(|curve| curve.labels.get(all / 2));
        match (self.rows, example) {
            ([one, two, ..], Some(example)) if self.args.at.is_empty() && two - one > 1 => format!(
                "Rows: every {} periods, the last included; any others with  --at {example}\n",
                two - one
            ),
            _ => String::new(),
        }
    }

    /// Scenarios that stand beside these and are not shown.
    fn others(&self) -> String {
        match self.left_out {
            [] => String::new(),
            more => format!(
                "{} of {} scenarios, the first declared; to choose:  -w {3} -w …\n  not shown: {2}\n",
                self.members.len() - 1,
                self.members.len() - 1 + more.len(),
                more.join(", "),
                more[0]
            ),
        }
    }

    fn legend(&self) -> String {
        let runs = self.members[0].runs.len();
        match (runs, self.args.draws.choices, self.args.draws.draws) {
            (1, _, _) => String::new(),
            (_, Some(_), None) => {
                format!(
                    "The rivals taken [range over {runs} runs under rivals], each beside its own base.\n"
                )
            }
            _ => format!(
                "Median [nine in ten] of {runs} runs, each beside the base of its own draw.\n"
            ),
        }
    }

    pub fn as_json(&self, missed: &Missed, seconds: f64) -> serde_json::Value {
        let curves = self.members[0].runs[0].iter().enumerate().map(|(at, curve)| {
            let values = self.members.iter().enumerate().map(|(which, member)| {
                let path = |pick: fn(&Band) -> f64| -> Vec<Option<f64>> {
                    let rows = self.rows.iter();
                    rows.map(|row| self.spread(which, at, *row).as_ref().map(pick)).collect()
                };
                let taken: Vec<_> = self.rows.iter().map(|row| self.value(which, 0, at, *row)).collect();
                let told = match member.runs.len() {
                    1 => serde_json::json!(taken),
                    _ => serde_json::json!({
                        "first": taken, "median": path(|it| it.median), "p05": path(|it| it.ninety.0),
                        "p95": path(|it| it.ninety.1), "min": path(|it| it.range.0), "max": path(|it| it.range.1),
                    }),
                };
                (member.name.clone(), told)
            });
            serde_json::json!({
                "name": curve.name, "title": curve.title, "unit": curve.unit,
                "compared_in": by(self.args).unit(&curve.unit),
                "periods": self.rows.iter().map(|row| &curve.labels[*row]).collect::<Vec<_>>(),
                "values": values.collect::<serde_json::Map<_, _>>(),
            })
        });
        serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "runs": self.members[0].runs.len(),
            "quantities": curves.collect::<Vec<_>>(), "missed": missed.as_json(),
            "seconds": {"run": seconds},
        })
    }
}

fn in_unit(unit: &str) -> String {
    match unit.is_empty() {
        true => String::new(),
        false => format!(" [{unit}]"),
    }
}

/// Columns of a terminal for the names of periods.
const LABEL: usize = 10;
/// No column is narrower.
const NARROWEST: usize = 12;

/// A member's column as text.
struct Column {
    head: [String; 2],
    cells: Vec<String>,
    width: usize,
}

impl Column {
    fn of(head: [String; 2], cells: Vec<String>) -> Column {
        let texts = head.iter().chain(&cells);
        let widest = texts.map(|text| text.chars().count()).max();
        Column {
            width: widest.unwrap_or(0).max(NARROWEST),
            head,
            cells,
        }
    }
}

/// As many columns at a time as fit.
fn blocks(columns: &[Column], room: usize) -> Vec<&[Column]> {
    let mut blocks = Vec::new();
    let mut rest = columns;
    while !rest.is_empty() {
        let mut used = 0;
        let fitting = rest.iter().take_while(|column| {
            used += column.width + 2;
            used <= room
        });
        let (block, others) = rest.split_at(fitting.count().max(1));
        blocks.push(block);
        rest = others;
    }
    blocks
}

fn push_line<'a>(out: &mut String, label: &str, cells: impl Iterator<Item = (&'a String, usize)>) {
    let mut line = format!("{label:>LABEL$}");
    cells.for_each(|(text, width)| line += &format!("  {text:>width$}"));
    let line = line.trim_end();
    if !line.is_empty() {
        *out += &format!("{line}\n");
    }
}
