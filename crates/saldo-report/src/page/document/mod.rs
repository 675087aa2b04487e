//! Everything the page says, as plain data: a result folder keeps it, and the page is written
//! from it alone.

mod books;
mod charts;
mod evidence;
mod gaps;
mod why;

pub(crate) use books::{Books, Payment, Sheet, SheetRow};
pub(crate) use charts::{Chart, Line, Rival, Rivalry, Spread};
pub(crate) use evidence::{Check, Claim, Evidence, Naive, Point, Series};
pub(crate) use why::{Influence, Node, Why};

use super::said::{Said, say};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the document's form: another one cannot be written as a page.
pub const VERSION: u32 = 3;

/// How the results were made: told at the foot of the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Made {
    pub command: String,
    pub version: String,
    pub seed: u64,
    /// Name and hash of each file that was read.
    pub inputs: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub version: u32,
    pub model: String,
    pub title: String,
    /// Periods of the baseline, the opening state first.
    pub labels: Vec<String>,
    pub scenes: Vec<SceneInfo>,
    /// The last row that was held against a measurement, if the run goes on after it.
    pub held_to: Option<usize>,
    /// Names and titles of the units on this page that have a title.
    pub units: Vec<(String, String)>,
    pub events: Vec<Event>,
    pub charts: Vec<Chart>,
    pub evidence: Evidence,
    pub assumed: Assumed,
    pub books: Vec<Books>,
    pub why: Why,
    pub equations: Vec<Equation>,
    pub equation_count: usize,
    /// Kinds of bookkeepers: members of a family count once.
    pub sectors: usize,
    pub checks: Vec<Check>,
    pub texts: Vec<Text>,
    /// What a reader should know about the files.
    pub notes: Vec<Said>,
    /// The baseline, then each rival explanation alone.
    #[serde(default)]
    pub rivalry: Vec<Rivalry>,
    /// Rival explanations under which the run does not reach its end, and why.
    pub stopped_rivals: Vec<(String, String)>,
    /// Declared scenarios that are not on this page: name and title.
    pub offered: Vec<(String, String)>,
    /// What the page of a huge model leaves out.
    pub left_out: Vec<Said>,
    /// Titles in Russian, by the title in the model's first language.
    pub russian: BTreeMap<String, String>,
    pub made: Made,
}

/// One run's name and end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SceneInfo {
    pub name: String,
    pub title: String,
    pub draws: usize,
    /// Draws that stopped early: they are in no band.
    pub failed: usize,
    pub stopped: Option<String>,
}

/// A line of the model's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub usize, pub usize);

/// The document as it is kept in a result folder.
pub fn kept(document: &Document) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}

/// Reads a kept document; says what is wrong with one that cannot be read.
pub fn read(text: &str) -> Result<Document, String> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let found: Version = serde_json::from_str(text).map_err(|_| "it is not whole".to_string())?;
    if found.version != VERSION {
        return Err(format!(
            "another version of Saldo wrote it (form {}, this one reads {VERSION})",
            found.version
        ));
    }
    serde_json::from_str(text).map_err(|error| format!("it is not whole: {error}"))
}

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
    pub value: Said,
    pub assumed: bool,
    pub ground: String,
    /// What the evidence allows it to be, if a prior says so.
    pub range: Said,
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub title: String,
    pub from: String,
    pub to: Option<String>,
    /// First and last row of the run that it touches.
    pub rows: Option<(usize, usize)>,
    /// A formula asks for it: charts mark it.
    pub used: bool,
    /// How many formulas ask for it: charts name the most asked.
    pub asked: u32,
    pub source: String,
    pub assumed: bool,
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Equation {
    pub title: String,
    pub unit: String,
    /// Members of a family that have the same form.
    pub members: usize,
    /// MathML; empty if the formula is too long to read.
    pub math: String,
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Text {
    pub file: usize,
    pub path: String,
    pub text: String,
}

impl Document {
    /// Notes that a file of the result folder is gone.
    pub fn note_missing(&mut self, name: &str) {
        self.notes.push(say("file.missing", &[name.into()]));
    }

    /// Notes that a file of the result folder is no longer what the run wrote.
    pub fn note_changed(&mut self, name: &str) {
        self.notes.push(say("file.changed", &[name.into()]));
    }
}
