//! Dated events, and the given paths that formulas read off them.

use super::spans::{InForce, moved_to};
use super::{Lowerer, title_or};
use crate::ir::*;
use crate::units::Dim;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DatePart, DeclKind};
use std::sync::Arc;

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_events(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            if let DeclKind::Event(event) = &decl.kind {
                self.declare_event(event);
            }
        }
        for name in self.overrides.events().cloned().collect::<Vec<_>>() {
            if !self.events.contains_key(&name.text) {
                let known: Vec<Symbol> = self.events.keys().cloned().collect();
                self.unknown(&name, "the event", &known);
            }
        }
    }

    fn declare_event(&mut self, event: &ast::Event) {
        self.check_ground(&event.ground, &event.name, "event");
        let when = self
            .overrides
            .moves
            .get(&event.name.text)
            .map_or(event.when, |moved| moved_to(event.when, moved.1));
        let cancelled = self.overrides.cancels.contains_key(&event.name.text);
        let moved = self.overrides.moves.get(&event.name.text);
        if let (Some((name, _)), true) = (moved, cancelled) {
            let headline = format!("`{}` is both moved and cancelled", event.name.text);
            let problem = Diagnostic::error("scenario-contradicts", headline)
                .at(name.span, "moved here, cancelled elsewhere")
                .why("What never happens has no date; the two cannot both be meant.")
                .help("keep one of the two lines");
            self.report(problem);
        }
        let calendar = &self.model.calendar;
        let from = calendar.period_of(when.from);
        let to = match when.to {
            Some(to) => calendar.last_period_of(to),
            None if when.open => calendar.len as i64,
            None => calendar.last_period_of(when.from),
        };
        if to < from {
            let problem = Diagnostic::error(
                "event-backwards",
                format!("`{}` ends before it begins", event.name.text),
            )
            .at(
                when.from
                    .span
                    .to(when.to.map_or(when.from.span, |to| to.span)),
                "from is later than to",
            )
            .why("An event that ends before it begins is never in force.")
            .help("swap the two dates");
            self.report(problem);
        // A run cut short on purpose leaves events out on purpose.
        } else if !cancelled
            && self.overrides.to.is_none()
            && (to < 1 || from > calendar.len as i64)
            && !matches!(when.from.part, DatePart::Year)
        {
            self.report(outside(event, when));
        }
        let id = EventId(self.model.events.len() as u32);
        self.model.events.push(Event {
            name: event.name.text,
            title: title_or(&event.title, &event.name.text),
            span: event.name.span,
            ground: super::inputs::ground(&event.ground),
            from: date_text(when.from),
            to: when.to.map(date_text),
            periods: (!cancelled).then_some((from, to)),
            used: false,
            asked: 0,
        });
        self.in_force.push(InForce::of(when));
        if self.events.insert(event.name.text, id).is_some() {
            let problem = Diagnostic::error(
                "two-lines",
                format!("two events are called `{}`", event.name.text),
            )
            .at(event.name.span, "given again here")
            .why("`after` this event could mean either date.")
            .help("rename one of them");
            self.report(problem);
        }
    }

    pub(crate) fn event(&mut self, name: &ast::Name) -> Option<EventId> {
        let found = self.events.get(&name.text).copied();
        if found.is_none() {
            let known: Vec<Symbol> = self.events.keys().cloned().collect();
            self.unknown(name, "the event", &known);
        }
        if let Some(id) = found {
            // A line over a set asks once, whatever the number of its members.
            let place = (id.0, name.span.file.0, name.span.start);
            let event = &mut self.model.events[id.at()];
            event.used = true;
            event.asked += u32::from(self.asked.insert(place));
        }
        found
    }

    /// A given path over periods −shift..=n−shift, made once per name.
    pub(crate) fn path_input(
        &mut self,
        name: String,
        dim: Dim,
        span: Span,
        value: impl Fn(i64) -> f64,
    ) -> InputId {
        let name = Symbol::from(name);
        if let Some(id) = self.derived.get(&name) {
            return *id;
        }
        let path: Arc<[f64]> = (0..=self.model.calendar.len as i64).map(value).collect();
        let id = self.input(Input {
            name,
            title: name,
            span,
            unit: self.model.units.display(dim).into(),
            dim,
            factor: 1.0,
            kind: InputKind::Event,
            values: Values::Path(path),
            ground: Ground::Derived,
        });
        self.derived.insert(name, id);
        id
    }

    /// `after e`, `before e`, `during e`.
    pub(crate) fn event_test(
        &mut self,
        test: ast::EventTest,
        name: &ast::Name,
        shift: u32,
        span: Span,
    ) -> NodeId {
        let Some(id) = self.event(name) else {
            return self.number(0.0, span);
        };
        let periods = self.model.events[id.at()].periods;
        let back = i64::from(shift);
        let truth = move |t: i64| match (periods, test) {
            (None, ast::EventTest::Before) => 1.0,
            (None, _) => 0.0,
            (Some((from, _)), ast::EventTest::After) => f64::from(t - back >= from),
            (Some((from, _)), ast::EventTest::Before) => f64::from(t - back < from),
            (Some((from, to)), ast::EventTest::During) => {
                f64::from((from..=to).contains(&(t - back)))
            }
        };
        let word = match test {
            ast::EventTest::After => "after",
            ast::EventTest::Before => "before",
            ast::EventTest::During => "during",
        };
        let input = self.path_input(
            format!("{word} {}{}", name.text, ago(shift)),
            Dim::number(),
            span,
            truth,
        );
        self.node(Op::Input(input), span)
    }

    /// `since`, `ramp`, `coverage`, `pulse`, `step` of an event.
    pub(crate) fn event_path(
        &mut self,
        function: &str,
        name: &ast::Name,
        shift: u32,
        span: Span,
    ) -> NodeId {
        let Some(id) = self.event(name) else {
            return self.number(0.0, span);
        };
        let in_force = self.in_force[id.at()];
        if function == "ramp" && in_force.last.is_none() {
            self.endless(name, span);
        }
        // A cancelled event lies beyond the last period: it is always still to come.
        let never = self.model.calendar.len as i64 + 1;
        let ((from, _), in_force) = match self.model.events[id.at()].periods {
            Some(periods) => (periods, in_force),
            None => ((never, never), InForce::NEVER),
        };
        let shown = format!("{function}({}){}", name.text, ago(shift));
        self.dated_path(function, from, in_force, shown, shift, span)
    }

    fn endless(&mut self, name: &ast::Name, span: Span) {
        let headline = format!(
            "`{}` has no end: no share of it can have elapsed",
            name.text
        );
        let problem = Diagnostic::error("ramp-endless", headline)
            .at(span, "the share elapsed of what never ends")
            .also(name.span, "this event is open")
            .why("A ramp goes from 0 when the event begins to 1 when it is over.")
            .help("give the event an end (`from DATE to DATE`), or write  min(1, since(EVENT) / 2 year)");
        self.report(problem);
    }

    /// The same for an event or date that begins in a period.
    pub(crate) fn dated_path(
        &mut self,
        function: &str,
        from: i64,
        in_force: InForce,
        shown: String,
        shift: u32,
        span: Span,
    ) -> NodeId {
        let back = i64::from(shift);
        let kind = function.to_string();
        let calendar = self.model.calendar.clone();
        let value = move |t: i64| {
            let t = t - back;
            match kind.as_str() {
                "since" => (t - from) as f64,
                "ramp" => in_force.elapsed(&calendar, t),
                "pulse" => f64::from(t == from),
                "step" => f64::from(t >= from),
                _ => in_force.coverage(&calendar, t),
            }
        };
        let dim = if function == "since" {
            Dim::period()
        } else {
            Dim::number()
        };
        let input = self.path_input(shown, dim, span, value);
        self.node(Op::Input(input), span)
    }
}

fn ago(shift: u32) -> String {
    if shift == 0 {
        String::new()
    } else {
        format!(", {shift} ago")
    }
}

fn outside(event: &ast::Event, when: ast::DateRange) -> Diagnostic {
    Diagnostic::warning(
        "event-outside",
        format!("`{}` lies outside the model's time", event.name.text),
    )
    .at(when.from.span, "never in force in this run")
    .why("Formulas that ask for it will always get the same answer.")
    .help("extend `time`, or mend the date")
}

pub(crate) fn date_text(date: ast::Date) -> Symbol {
    let year = date.year;
    match date.part {
        DatePart::Year => format!("{year}"),
        DatePart::Quarter(q) => format!("{year}Q{q}"),
        DatePart::Month(m) => format!("{year}-{m:02}"),
        DatePart::Day(m, d) => format!("{year}-{m:02}-{d:02}"),
    }
    .into()
}
