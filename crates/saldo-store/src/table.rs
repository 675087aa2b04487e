//! The wide table (a row per period, a column per quantity) and the long one (a row per number).
//!
//! Both are written run by run, so that memory does not grow with the number of runs.

use crate::{Aside, Column, FileHash, cell, columns, number, value};
use saldo_engine::Trace;
use saldo_model::ir::Model;
use std::io::{self, Write};

/// Which run the next rows belong to.
#[derive(Clone, Copy, Debug, Default)]
pub struct World<'a> {
    /// The scenario followed, where several are run.
    pub scenario: Option<&'a str>,
    /// The alternatives followed, where several are swept: `output_fall=demand`.
    pub choices: Option<&'a str>,
    pub draw: Option<u32>,
}

/// A table that grows by runs.
pub trait Table {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()>;
    /// Completes the table and puts its file in place.
    fn keep(self: Box<Self>) -> io::Result<FileHash>;
}

/// Where a table goes: a file aside, or memory.
pub trait Sink: Write {
    fn keep(self) -> io::Result<FileHash>;
}

impl Sink for Aside {
    fn keep(self) -> io::Result<FileHash> {
        Aside::keep(self)
    }
}

impl Sink for &mut Vec<u8> {
    fn keep(self) -> io::Result<FileHash> {
        Ok(FileHash::default())
    }
}

/// The columns of all models that will be added, each name once. Rivals may have lines of
/// their own: these stay empty in the others' rows.
pub fn names<'a>(models: impl IntoIterator<Item = &'a Model>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, model) in models.into_iter().enumerate() {
        for column in columns(model) {
            if at == 0 || !names.contains(&column.name) {
                names.push(column.name);
            }
        }
    }
    names
}

/// What every row of a run begins with.
fn keys(world: World) -> String {
    let keys = [
        world.scenario.map(cell),
        world.choices.map(cell),
        world.draw.map(|draw| draw.to_string()),
    ];
    keys.into_iter().flatten().map(|key| key + ",").collect()
}

/// The key columns of a table whose first run is `like`.
fn key_names(like: World) -> [Option<&'static str>; 3] {
    [
        like.scenario.map(|_| "scenario"),
        like.choices.map(|_| "choices"),
        like.draw.map(|_| "draw"),
    ]
}

/// The first line of a table with a row per period.
fn head(names: &[String], like: World) -> String {
    let keys = key_names(like).into_iter().flatten().chain(["period"]);
    let names = names.iter().map(|name| cell(name));
    let head: Vec<String> = keys.map(String::from).chain(names).collect();
    head.join(",")
}

/// A row per period of a run: `value` gives the cell of a column, nothing where it has none.
fn rows<C>(
    sink: &mut impl Write,
    (model, world, trace): (&Model, World, &Trace),
    columns: &[Option<C>],
    value: impl Fn(&C, usize) -> f64,
) -> io::Result<()> {
    let keys = keys(world);
    for row in 0..=trace.completed {
        write!(sink, "{keys}{}", model.calendar.label(row as i64))?;
        for column in columns {
            let cell = column.as_ref().map(|column| number(value(column, row)));
            write!(sink, ",{}", cell.unwrap_or_default())?;
        }
        writeln!(sink)?;
    }
    Ok(())
}

/// First column `period` (before it `scenario`, `choices` and `draw` where there are several); first row
/// the opening state.
pub struct WideCsv<S> {
    sink: S,
    names: Vec<String>,
}

impl<S: Sink> WideCsv<S> {
    /// `like` says which key columns there are.
    pub fn begin(mut sink: S, names: Vec<String>, like: World) -> io::Result<Self> {
        writeln!(sink, "{}", head(&names, like))?;
        Ok(WideCsv { sink, names })
    }
}

impl<S: Sink> Table for WideCsv<S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let known = columns(model);
        let find = |name: &String| known.iter().find(|column| column.name == *name);
        let same = known.len() == self.names.len();
        let order: Vec<Option<&Column>> = match same {
            true => known.iter().map(Some).collect(),
            false => self.names.iter().map(find).collect(),
        };
        let cell = |column: &&Column, row| value(model, trace, column, row);
        rows(&mut self.sink, (model, world, trace), &order, cell)
    }

    fn keep(self: Box<Self>) -> io::Result<FileHash> {
        self.sink.keep()
    }
}

/// Names and paths of the quantities of a run that a table is to hold.
pub type Paths = fn(&Model, &Trace) -> Vec<(String, Vec<f64>)>;

/// As [`WideCsv`], with chosen quantities alone: those of the first run.
pub struct ChosenCsv<S> {
    sink: S,
    paths: Paths,
    names: Vec<String>,
}

impl<S: Sink> ChosenCsv<S> {
    pub fn begin(sink: S, paths: Paths) -> Self {
        let names = Vec::new();
        ChosenCsv { sink, paths, names }
    }
}

impl<S: Sink> Table for ChosenCsv<S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let paths = (self.paths)(model, trace);
        if self.names.is_empty() {
            self.names = paths.iter().map(|(name, _)| name.clone()).collect();
            writeln!(self.sink, "{}", head(&self.names, world))?;
        }
        let find = |name: &String| paths.iter().find(|(known, _)| known == name);
        let order: Vec<_> = self.names.iter().map(find).collect();
        let cell = |path: &&(String, Vec<f64>), row: usize| path.1[row];
        rows(&mut self.sink, (model, world, trace), &order, cell)
    }

    fn keep(self: Box<Self>) -> io::Result<FileHash> {
        self.sink.keep()
    }
}

/// `period,quantity,sector,instrument,unit,value`, without empty values.
pub struct LongCsv<S> {
    sink: S,
}

impl<S: Sink> LongCsv<S> {
    pub fn begin(mut sink: S, like: World) -> io::Result<Self> {
        let keys: String = key_names(like)
            .into_iter()
            .flatten()
            .map(|key| format!("{key},"))
            .collect();
        writeln!(sink, "{keys}period,quantity,sector,instrument,unit,value")?;
        Ok(LongCsv { sink })
    }
}

impl<S: Sink> Table for LongCsv<S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let keys = keys(world);
        let columns = columns(model);
        let told: Vec<String> = columns
            .iter()
            .map(|it| {
                [&it.name, &it.sector, &it.instrument, &it.unit]
                    .map(|text| cell(text))
                    .join(",")
            })
            .collect();
        for row in 0..=trace.completed {
            let period = model.calendar.label(row as i64);
            for (column, told) in columns.iter().zip(&told) {
                let value = value(model, trace, column, row);
                if value.is_finite() {
                    writeln!(self.sink, "{keys}{period},{told},{}", number(value))?;
                }
            }
        }
        Ok(())
    }

    fn keep(self: Box<Self>) -> io::Result<FileHash> {
        self.sink.keep()
    }
}
