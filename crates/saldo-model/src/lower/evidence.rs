//! Observations and claims: what the model will be held against.

use super::{Context, Env, Lowerer, checks::split_unit};
use crate::ir::*;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, BinaryOp, DeclKind, ExprKind};
use std::collections::BTreeSet;

impl<'a> Lowerer<'a> {
    pub(crate) fn lower_evidence(&mut self, decls: &[&'a ast::Decl]) {
        let sources = self.declare_sources(decls);
        let doubts: Vec<&ast::Doubt> = decls
            .iter()
            .filter_map(|decl| match &decl.kind {
                DeclKind::Doubt(doubt) => Some(doubt),
                _ => None,
            })
            .collect();
        let mut used = vec![false; doubts.len()];
        for decl in decls {
            match &decl.kind {
                DeclKind::Observe(it) => self.lower_observe(it, &sources, &doubts, &mut used),
                DeclKind::Claim(it) => self.lower_claim(it, &sources),
                DeclKind::Prior(it) => {
                    if let ast::Ground::Cite(cite) = &it.ground {
                        self.declared_source(cite, &sources);
                    }
                    self.lower_prior(it);
                }
                _ => {}
            }
        }
        self.doubts_idle(&doubts, &used);
    }

    fn declare_sources(&mut self, decls: &[&'a ast::Decl]) -> BTreeSet<Symbol> {
        let mut keys = BTreeSet::new();
        for decl in decls {
            let DeclKind::Source(source) = &decl.kind else {
                continue;
            };
            if keys.insert(source.key.text) {
                continue;
            }
            let problem = Diagnostic::error(
                "two-lines",
                format!("two sources are called `{}`", source.key.text),
            )
            .at(source.key.span, "declared again here")
            .why("A reader who follows the citation must arrive at one book.")
            .help("rename one of them, or delete it");
            self.report(problem);
        }
        keys
    }

    fn declared_source(&mut self, cite: &ast::Cite, sources: &BTreeSet<Symbol>) {
        if sources.contains(&cite.key.text) {
            return;
        }
        let known: Vec<Symbol> = sources.iter().cloned().collect();
        let problem = Diagnostic::error(
            "source-unknown",
            format!("the source `{}` is not declared", cite.key.text),
        )
        .at(cite.key.span, "cited here")
        .why("A reader must be able to find what a number rests on.")
        .help(match super::near(&cite.key.text, &known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!(
                "declare it:  source {} {{ title \"…\" by \"…\" year … }}",
                cite.key.text
            ),
        });
        self.report(problem);
    }

    fn lower_observe(
        &mut self,
        it: &ast::Observe,
        sources: &BTreeSet<Symbol>,
        doubts: &[&ast::Doubt],
        used: &mut [bool],
    ) {
        let title = it.title.main.unwrap_or_else(|| named(&it.quantity));
        let show = self.hidden_show(&it.quantity, it.unit.as_ref(), &title);
        let Some(cite) = &it.cite else {
            let problem = Diagnostic::error("observe-source", format!("who measured \"{title}\"?"))
                .at(it.quantity.span, "an observation without a source")
                .why("A number that nobody answers for cannot be evidence.")
                .help("add  cite SOURCE, and declare it:  source SOURCE { title \"…\" by \"…\" year … }");
            return self.report(problem);
        };
        self.declared_source(cite, sources);
        let mut points = match self.observed_points(it) {
            Ok(points) => points,
            Err(problem) => return self.report(problem),
        };
        self.observed_outside(it, &points);
        if let Some(table) = &it.table {
            self.hold_out(table, &points);
        }
        self.widened(&it.quantity, &mut points, doubts, used);
        let calendar = &self.model.calendar;
        let base = it.index_base;
        let index_base = base.map(|date| (calendar.period_of(date), calendar.last_period_of(date)));
        if let Some(problem) = base_missing(it, index_base, &points) {
            return self.report(problem);
        }
        let gather = self.gather(it);
        self.model.observations.push(Observation {
            title,
            span: it.quantity.span,
            show,
            gather,
            index_base,
            source: cite.key.text,
            points,
        });
    }

    /// Values that no run of this model can reach.
    fn observed_outside(&mut self, it: &ast::Observe, points: &[ObservedPoint]) {
        let n = self.model.calendar.len as i64;
        let inside = |point: &ObservedPoint| point.periods.1 >= 1 && point.periods.0 <= n;
        if self.overrides.to.is_some() || points.iter().any(inside) {
            return;
        }
        let problem = Diagnostic::warning(
            "observe-outside",
            "none of these values lies in the model's time",
        )
        .at(it.quantity.span, "never compared")
        .why("An observation that is never compared says nothing about the model.")
        .help("mend its dates, or extend `time`");
        self.report(problem);
    }

    fn gather(&mut self, it: &ast::Observe) -> Gather {
        let Some(word) = &it.gather else {
            return Gather::Mean;
        };
        match &*word.text {
            "mean" => Gather::Mean,
            "total" => Gather::Total,
            "end" => Gather::End,
            "growth" => Gather::Growth,
            other => {
                let problem = Diagnostic::error(
                    "gather-unknown",
                    format!("`as {other}` is not a way to gather periods"),
                )
                .at(word.span, "one of mean, total, end, growth, or index YEAR")
                .why("A yearly value must say which of the model's months it is compared with.")
                .help("write  as mean, as total, as end  or  as growth");
                self.report(problem);
                Gather::Mean
            }
        }
    }

    fn observed_points(&mut self, it: &ast::Observe) -> Result<Vec<ObservedPoint>, Diagnostic> {
        let all = it.within.as_ref().map(|within| self.share(within));
        let purpose = it.use_as.map(|(purpose, _)| purpose_of(purpose));
        let mut points = Vec::new();
        for point in &it.points {
            let own = point.within.as_ref().map(|within| self.share(within));
            let purpose = point
                .use_as
                .map(|(use_as, _)| purpose_of(use_as))
                .or(purpose);
            let value = self.literal(&point.value).map_or(f64::NAN, |it| it.value);
            points.push(self.observed(point.date, value, own.or(all), purpose, point.span)?);
        }
        let Some(table) = &it.table else {
            return Ok(points);
        };
        let bands = it.within_column.as_ref().map(|name| {
            let banded = ast::Table {
                column: Some(name.clone()),
                ..table.clone()
            };
            self.series_points(&banded, &[], &[])
        });
        let bands = bands.transpose()?;
        for (first, last, value) in self.series_points(table, &[], &[])? {
            let calendar = &self.model.calendar;
            let early = it.from.is_some_and(|date| first < calendar.period_of(date));
            let late = it
                .to
                .is_some_and(|date| last > calendar.last_period_of(date));
            if early || late {
                continue;
            }
            let of_row = |bands: &Vec<(i64, i64, f64)>| {
                let same = bands.iter().find(|it| (it.0, it.1) == (first, last));
                same.map(|it| it.2 / 100.0)
            };
            let band = bands.as_ref().and_then(of_row).or(all);
            points.push(checked(
                (first, last),
                value,
                band,
                purpose,
                table.path.span,
            )?);
        }
        Ok(points)
    }

    fn observed(
        &self,
        date: ast::Date,
        value: f64,
        within: Option<f64>,
        purpose: Option<Purpose>,
        span: saldo_diag::Span,
    ) -> Result<ObservedPoint, Diagnostic> {
        let calendar = &self.model.calendar;
        let periods = (calendar.period_of(date), calendar.last_period_of(date));
        checked(periods, value, within, purpose, span)
    }

    fn share(&mut self, within: &ast::Expr) -> f64 {
        self.literal(within).map_or(0.0, |literal| literal.value)
    }

    /// A quantity that is computed with the others but not shown by itself.
    fn hidden_show(
        &mut self,
        value: &ast::Expr,
        unit: Option<&ast::UnitExpr>,
        title: &Symbol,
    ) -> usize {
        let context = Context {
            bare_is_closing: true,
            ..Context::of(&Env::default())
        };
        let node = self.lower(value, &context);
        let (dim, factor, unit) = split_unit(self.declared_unit(unit));
        self.model.shows.push(Show {
            title: *title,
            span: value.span,
            value: node,
            dim,
            unit,
            factor,
            style: "evidence".into(),
            bands: Vec::new(),
        });
        self.model.shows.len() - 1
    }

    fn lower_claim(&mut self, it: &ast::Claim, sources: &BTreeSet<Symbol>) {
        let statement = it.title.main.unwrap_or(it.name.text);
        if let Some(cite) = &it.cite {
            self.declared_source(cite, sources);
        }
        if it.by.is_none() && it.cite.is_none() {
            self.claim_lacks(
                "claim-speaker",
                it,
                "who claims this?",
                "by \"NAME\"  or  cite SOURCE",
            );
        }
        if it.condition.is_some() && it.at.is_none() {
            self.claim_lacks(
                "claim-when",
                it,
                "for which time is this claimed?",
                "at 1997  or  at 1992 to 1995",
            );
        }
        if it.condition.is_some() && it.within.is_none() {
            self.claim_lacks(
                "claim-band",
                it,
                "how near is near enough for this claim?",
                "within 5%",
            );
        }
        let within = it
            .within
            .as_ref()
            .map_or(f64::NAN, |within| self.share(within));
        let sides = it
            .condition
            .as_ref()
            .and_then(|condition| self.claimed(condition));
        let sides = sides.map(|(left, right)| {
            (
                self.hidden_show(left, None, &statement),
                self.hidden_show(right, None, &statement),
                within,
            )
        });
        let calendar = &self.model.calendar;
        let periods = it.at.map(|(from, to)| {
            (
                calendar.period_of(from),
                calendar.last_period_of(to.unwrap_or(from)),
            )
        });
        let speaker = it.by.as_ref().map(|text| text.text);
        let key = it.cite.as_ref().map(|cite| cite.key.text);
        self.model.claims.push(ClaimText {
            name: it.name.text,
            statement,
            speaker: speaker.or(key).unwrap_or_else(|| "".into()),
            periods,
            sides,
            caution: it.doubt.as_ref().map(|text| text.text),
            needs: it.needs.as_ref().map(|text| text.text),
        });
    }

    fn claimed<'c>(&mut self, condition: &'c ast::Expr) -> Option<(&'c ast::Expr, &'c ast::Expr)> {
        if let ExprKind::Binary {
            op: BinaryOp::Eq,
            left,
            right,
        } = &condition.kind
        {
            return Some((left, right));
        }
        let problem = Diagnostic::error("claim-form", "a claim says what something was equal to")
            .at(condition.span, "not  QUANTITY == AMOUNT")
            .why("Only an amount can be set beside the model's and the measured one.")
            .help("write  raised == 225 Mt/year at 1997 within 5%, or leave the condition away");
        self.report(problem);
        None
    }

    fn claim_lacks(&mut self, id: &'static str, it: &ast::Claim, asked: &str, help: &str) {
        let problem = Diagnostic::new(id, saldo_diag::Severity::Error, asked)
            .at(it.name.span, "not said")
            .why("A claim is one speaker's figure for one time; without these it cannot be judged fairly.")
            .help(format!("add  {help}"));
        self.report(problem);
    }
}

/// What an observation without a title is called: the quantity it is of.
fn named(quantity: &ast::Expr) -> Symbol {
    match &quantity.kind {
        ExprKind::Path(path) | ExprKind::Timed { path, .. } => super::lines::path_text(path).into(),
        _ => "observed".into(),
    }
}

/// An index needs the observed value that is called 100.
fn base_missing(
    it: &ast::Observe,
    base: Option<(i64, i64)>,
    points: &[ObservedPoint],
) -> Option<Diagnostic> {
    let base = base?;
    if points.iter().any(|point| point.periods == base) {
        return None;
    }
    let problem = Diagnostic::error("observe-base", "the base of this index was not observed")
        .at(it.quantity.span, "no observed value covers the base period")
        .why("The model and the series are compared by what each is in the base period.")
        .help("add the observed value of the base, or choose another:  as index 1990");
    Some(problem)
}

fn purpose_of(purpose: ast::Use) -> Purpose {
    match purpose {
        ast::Use::Fit => Purpose::Fit,
        ast::Use::Test => Purpose::Test,
        ast::Use::Show => Purpose::Show,
    }
}

/// Every value says what it may be used for and how near is near enough.
fn checked(
    periods: (i64, i64),
    value: f64,
    within: Option<f64>,
    purpose: Option<Purpose>,
    span: saldo_diag::Span,
) -> Result<ObservedPoint, Diagnostic> {
    let Some(purpose) = purpose else {
        return Err(Diagnostic::error("observe-use", "what may this observation be used for?")
            .at(span, "neither for fit, for test nor for show")
            .why("A value that a parameter was chosen on proves nothing about the model: the two must be kept apart.")
            .help("add  for fit, for test  or  for show"));
    };
    let Some(within) = within else {
        return Err(
            Diagnostic::error("observe-band", "how near is near enough?")
                .at(span, "no tolerance")
                .why("Measurements have errors: without a band every model misses every value.")
                .help("add  within 5%"),
        );
    };
    Ok(ObservedPoint {
        periods,
        value,
        within,
        purpose,
    })
}
