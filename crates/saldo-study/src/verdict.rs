//! What the slow evaluator saw, in words and as a message.

use saldo_diag::{Diagnostic, Span};
use saldo_engine::oracle::{AGREEMENT, Finding, FindingKind, Place, RESIDUAL, Verdict, Worst};
use saldo_model::ir::{InstrumentId, Model, VarId};

/// A few sentences: how much was compared, the largest miss, what did not settle.
pub fn verdict_words(model: &Model, verdict: &Verdict) -> Vec<String> {
    let periods = verdict.periods;
    let mut words = vec![
        format!(
            "oracle: {} balances recomputed and {} equations certified in {periods} periods; largest residual {}",
            verdict.balances,
            verdict.equations,
            worst(model, verdict.residual)
        ),
        format!(
            "oracle: sweeps settled every line in {} of {periods} periods; {} values compared; largest disagreement {}",
            verdict.settled,
            verdict.compared,
            worst(model, verdict.disagreement)
        ),
    ];
    if !verdict.unsettled.is_empty() {
        words.push(format!(
            "oracle: certified but not settled by sweeps: {}",
            unsettled(model, verdict)
        ));
    }
    words.push(match verdict.findings.len() {
        0 => "oracle: the run is confirmed".into(),
        1 => "oracle: 1 disagreement".into(),
        many => format!("oracle: {many} disagreements"),
    });
    words
}

fn worst(model: &Model, worst: Worst) -> String {
    match worst.at {
        None => "0".into(),
        Some((line, period)) => format!(
            "{:.1e} of its largest term ({}, {})",
            worst.share,
            model.vars[line.at()].name,
            model.calendar.label(period as i64)
        ),
    }
}

/// `xr (60 periods), exports (60)`, the longest first.
fn unsettled(model: &Model, verdict: &Verdict) -> String {
    const SHOWN: usize = 6;
    let mut lines: Vec<(VarId, usize)> = verdict.unsettled.clone();
    lines.sort_by_key(|(line, periods)| (usize::MAX - periods, *line));
    let name = |(line, periods): &(VarId, usize)| {
        format!("{} ({periods} periods)", model.vars[line.at()].name)
    };
    let mut text = lines
        .iter()
        .take(SHOWN)
        .map(name)
        .collect::<Vec<_>>()
        .join(", ");
    if lines.len() > SHOWN {
        text += &format!(" and {} more", lines.len() - SHOWN);
    }
    text
}

/// The verdict for `--json`.
pub fn verdict_json(model: &Model, verdict: &Verdict) -> serde_json::Value {
    let worst = |worst: Worst| {
        serde_json::json!({
            "share": worst.share,
            "line": worst.at.map(|(line, _)| &*model.vars[line.at()].name),
            "period": worst.at.map(|(_, period)| model.calendar.label(period as i64)),
        })
    };
    let unsettled = verdict.unsettled.iter().map(|(line, periods)| {
        serde_json::json!({"line": &*model.vars[line.at()].name, "periods": periods})
    });
    serde_json::json!({
        "periods": verdict.periods,
        "balances": verdict.balances,
        "equations": verdict.equations,
        "residual": worst(verdict.residual),
        "settled": verdict.settled,
        "compared": verdict.compared,
        "disagreement": worst(verdict.disagreement),
        "unsettled": unsettled.collect::<Vec<_>>(),
        "findings": verdict.findings.len(),
    })
}

/// The message for a run that the slow evaluator does not confirm: the first disagreement.
pub fn explain_verdict(model: &Model, verdict: &Verdict) -> Option<Diagnostic> {
    let first = verdict.findings.first()?;
    let when = match first.period {
        0 => "the opening".into(),
        period => model.calendar.label(period as i64),
    };
    let (name, span, unit, factor) = place(model, first);
    let told = Diagnostic::error(
        "oracle-disagrees",
        format!("the slow evaluator does not confirm `{name}` in {when}"),
    )
    .at(
        span,
        format!(
            "the run has {} {unit}, {} {} {unit}",
            first.run / factor,
            says(first.kind),
            first.oracle / factor
        ),
    );
    let told = reasons(told, first.kind);
    Some(match verdict.findings.len() {
        1 => told,
        many => told.note(format!("and {} more disagreements", many - 1)),
    })
}

fn says(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Equation => "its equation gives",
        FindingKind::OtherSolution => "the sweeps settle at",
        FindingKind::Position => "opening and postings give",
        FindingKind::Claims => "claims must sum to",
        FindingKind::Posting => "its line gives",
    }
}

fn reasons(told: Diagnostic, kind: FindingKind) -> Diagnostic {
    match kind {
        FindingKind::OtherSolution => told
            .why(format!("Both fit every equation (within {RESIDUAL:e} of its largest term) and they differ by more than {AGREEMENT:e}: this economy has more than one equilibrium, and which one a run takes depends on where the solver starts."))
            .help("say which one is meant:  NAME = … guess VALUE, or let one line of the circle look back"),
        _ => told
            .why("A result that its own equations do not confirm must not be used.")
            .help("this is a defect of the program: please report it with the model"),
    }
}

fn place(model: &Model, finding: &Finding) -> (String, Span, String, f64) {
    let line = |line: VarId| {
        let var = &model.vars[line.at()];
        (
            var.name.to_string(),
            var.span,
            var.unit.to_string(),
            var.factor,
        )
    };
    match &finding.place {
        Place::Line(id) => line(*id),
        Place::Flow(flow) => line(model.flows[flow.at()].var),
        Place::Measure(name) => {
            let measure = model.measures.iter().find(|m| *m.name == **name);
            let unit = measure.map_or((String::new(), 1.0), |m| (m.unit.to_string(), m.factor));
            let span = measure.map_or(model.sectors[0].span, |m| m.span);
            (name.clone(), span, unit.0, unit.1)
        }
        Place::Balance(name) => {
            let instrument = balance(model, name);
            let it = &model.instruments[instrument.at()];
            (name.clone(), it.span, it.unit.to_string(), it.factor)
        }
    }
}

fn balance(model: &Model, name: &str) -> InstrumentId {
    let account = model.accounts.iter().find(|account| *account.name == *name);
    let named = || model.instruments.iter().position(|it| *it.name == *name);
    account.map_or_else(
        || InstrumentId(named().unwrap_or(0) as u32),
        |account| account.instrument,
    )
}
