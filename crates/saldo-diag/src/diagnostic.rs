//! The diagnostic itself.

use crate::{Link, Span};

/// How much a diagnostic weighs. Errors stop a model; warnings always name a way to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    /// A check or an evidence rule that does not hold.
    Fail,
    Note,
}

/// A place with what was found there, in the user's terms (`RUB/month`, not a type name).
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    pub text: String,
    pub primary: bool,
}

/// A small statement of account printed with the message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    pub title: String,
    /// What the amounts are counted in, e.g. `million RUB`.
    pub unit: String,
    pub rows: Vec<StatementRow>,
}

/// One row of a [`Statement`]: `+ deliveries   from industry   25 166.1`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatementRow {
    pub sign: String,
    pub name: String,
    pub counterpart: String,
    pub amount: String,
    pub note: String,
}

/// One problem. `id` is stable and has a page behind `saldo explain ID`.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub id: &'static str,
    pub severity: Severity,
    /// Stands alone in 80 columns, in the user's terms.
    pub headline: String,
    pub labels: Vec<Label>,
    /// Why it matters, in economics: whole sentences, one per entry.
    pub why: Vec<String>,
    pub statement: Option<Statement>,
    /// Lines that wait for each other, in the order in which one needs the other.
    pub circle: Vec<Link>,
    /// Ways out, the likeliest first.
    pub help: Vec<String>,
    /// Closing remarks such as `run stopped after 80 of 108 months`.
    pub notes: Vec<String>,
}

impl Diagnostic {
    pub fn new(id: &'static str, severity: Severity, headline: impl Into<String>) -> Self {
        Diagnostic {
            id,
            severity,
            headline: headline.into(),
            labels: Vec::new(),
            why: Vec::new(),
            statement: None,
            circle: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub fn error(id: &'static str, headline: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, headline)
    }

    pub fn warning(id: &'static str, headline: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, headline)
    }

    /// The main place. The first one also gives the file and line of the message.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            primary: true,
        });
        self
    }

    /// A further place that belongs to the story.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            primary: false,
        });
        self
    }

    pub fn why(mut self, text: impl Into<String>) -> Self {
        self.why.push(text.into());
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    pub fn statement(mut self, statement: Statement) -> Self {
        self.statement = Some(statement);
        self
    }

    /// The lines of a circle; the first stands at the end again.
    pub fn circle(mut self, circle: Vec<Link>) -> Self {
        self.circle = circle;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
