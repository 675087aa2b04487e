//! Why a run stopped, told in the model's own names.

use saldo_diag::{Diagnostic, Statement, StatementRow};
use saldo_engine::{Stop, Trace, to_base};
use saldo_model::ir::*;

/// The message for a run that ended early.
pub fn explain_stop(model: &Model, trace: &Trace) -> Option<Diagnostic> {
    let stop = trace.stop.as_ref()?;
    let told = match stop {
        Stop::Overdraft {
            account,
            period,
            closing,
            postings,
        } => overdraft(model, trace, *account, *period, *closing, postings),
        Stop::TillNotEmpty {
            account,
            period,
            closing,
            postings,
        } => till(model, trace, *account, *period, *closing, postings),
        Stop::Negative {
            flow,
            period,
            amount,
        } => negative(model, *flow, *period, *amount),
        Stop::NoSolution {
            period,
            lines,
            worst,
            residual,
        } => no_solution(model, *period, lines, *worst, *residual),
        Stop::NotFinite { line, period } => not_finite(model, *line, *period),
        Stop::Range {
            account,
            period,
            amount,
        } => range(model, *account, *period, *amount),
        Stop::Gap { account, gap } => opening_gap(model, *account, *gap),
        Stop::Interrupted { period } => Diagnostic::warning(
            "interrupted",
            format!(
                "stopped by you before {}",
                model.calendar.label(*period as i64)
            ),
        )
        .why("What was computed until then is whole and balanced.")
        .help("run it again; the same command gives the same numbers"),
    };
    let kept = format!(
        "run stopped after {} of {} periods; the results so far are written",
        trace.completed, model.calendar.len
    );
    Some(told.note(kept))
}

fn in_words(model: &Model, period: usize) -> String {
    if period == 0 {
        "the opening".into()
    } else {
        model.calendar.label(period as i64)
    }
}

fn overdraft(
    model: &Model,
    trace: &Trace,
    account: AccountId,
    period: usize,
    closing: f64,
    postings: &[i128],
) -> Diagnostic {
    let (holder, kept) = holder(model, account);
    let when = in_words(model, period);
    if period == 0 {
        let span = model
            .start
            .positions
            .iter()
            .find(|start| start.account == account)
            .map_or(model.sectors[0].span, |start| start.span);
        return Diagnostic::error(
            "overdraft-opening",
            format!("{holder} would open with less than no {kept}"),
        )
        .at(span, "below zero")
        .why("Only the issuer of a claim can have it below zero: that is its liability.")
        .help("give the holders positive positions; the issuer's side is derived");
    }
    let span = last_payment(model, account).unwrap_or(model.accounts[account.at()].span(model));
    Diagnostic::error(
        "overdraft",
        format!("{holder} cannot pay in {when}: the {kept} falls short"),
    )
    .at(span, "leaves this account")
    .statement(statement(model, trace, account, period, closing, postings))
    .help("pay what the till allows:  = AMOUNT until closing ACCOUNT == 0")
    .help("or let someone lend, or let the payment go unpaid as a claim of its own")
}

fn till(
    model: &Model,
    trace: &Trace,
    account: AccountId,
    period: usize,
    closing: f64,
    postings: &[i128],
) -> Diagnostic {
    let (holder, kept) = holder(model, account);
    let span = last_payment(model, account).unwrap_or(model.accounts[account.at()].span(model));
    Diagnostic::error(
        "till-not-empty",
        format!(
            "{holder} keeps {kept} it only passes on, in {}",
            in_words(model, period)
        ),
    )
    .at(span, "touches this account")
    .why("A sector that is named after `through` closes every period at zero.")
    .statement(statement(model, trace, account, period, closing, postings))
    .help(format!(
        "end one of its payments with:  until closing {} == 0",
        model.accounts[account.at()].name
    ))
}

/// `the mines`, `cash` for an account.
fn holder(model: &Model, account: AccountId) -> (String, String) {
    let account = &model.accounts[account.at()];
    let sector = model.sectors[account.sector.at()].name.to_string();
    (
        sector,
        model.instruments[account.instrument.at()].name.to_string(),
    )
}

/// The line that takes most text-wise from an account: the last flow that leaves it.
fn last_payment(model: &Model, account: AccountId) -> Option<saldo_diag::Span> {
    model
        .flows
        .iter()
        .rfind(|flow| flow.legs.iter().any(|leg| leg.from == Some(account)))
        .map(|flow| flow.span)
}

trait Placed {
    fn span(&self, model: &Model) -> saldo_diag::Span;
}

impl Placed for Account {
    fn span(&self, model: &Model) -> saldo_diag::Span {
        model.instruments[self.instrument.at()].span
    }
}

/// Opening balance, what moved it, closing balance.
fn statement(
    model: &Model,
    trace: &Trace,
    account: AccountId,
    period: usize,
    closing: f64,
    postings: &[i128],
) -> Statement {
    let instrument = &model.instruments[model.accounts[account.at()].instrument.at()];
    let show = |amount: f64| grouped(amount / instrument.factor);
    let plain = |name: &str, amount: f64| StatementRow {
        name: name.into(),
        amount: show(amount),
        ..StatementRow::default()
    };
    let mut moved = Vec::new();
    let mut change = 0.0;
    let mut at = 0;
    for flow in &model.flows {
        for leg in &flow.legs {
            let amount = to_base(
                postings.get(at).copied().unwrap_or(0),
                instrument.resolution,
            );
            at += 1;
            if leg.instrument != model.accounts[account.at()].instrument || amount == 0.0 {
                continue;
            }
            let (sign, other) = match (leg.from == Some(account), leg.to == Some(account)) {
                (true, false) => (-1.0, leg.to),
                (false, true) => (1.0, leg.from),
                _ => continue,
            };
            change += sign * amount;
            let counterpart = other.map_or(String::new(), |other| {
                model.sectors[model.accounts[other.at()].sector.at()]
                    .name
                    .to_string()
            });
            let sign = if sign * amount > 0.0 { "+" } else { "−" };
            let word = if sign == "+" { "from" } else { "to" };
            let counterpart = if counterpart.is_empty() {
                counterpart
            } else {
                format!("{word} {counterpart}")
            };
            moved.push(StatementRow {
                sign: sign.into(),
                name: flow.name.to_string(),
                counterpart,
                amount: show(amount.abs()),
                note: String::new(),
            });
        }
    }
    let recorded = trace
        .positions
        .get((period.saturating_sub(1)) * model.accounts.len() + account.at());
    let opening = recorded.map_or(closing - change, |units| {
        to_base(*units, instrument.resolution)
    });
    let mut rows = vec![plain("opening balance", opening)];
    rows.extend(moved);
    rows.push(plain("closing balance", closing));
    Statement {
        title: format!(
            "{}, {}",
            model.accounts[account.at()].name,
            in_words(model, period)
        ),
        unit: instrument.unit.to_string(),
        rows,
    }
}

fn grouped(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{out}.{part}")
}

fn negative(model: &Model, flow: FlowId, period: usize, amount: f64) -> Diagnostic {
    let flow = &model.flows[flow.at()];
    let unit = &model.vars[flow.var.at()];
    let when = in_words(model, period);
    Diagnostic::error("flow-negative", format!("`{}` would run backwards in {when}", flow.name))
        .at(flow.span, format!("{} {}", grouped(amount / unit.factor), unit.unit))
        .why("An arrow `->` moves from left to right only: a negative wage would be a payment by the workers.")
        .help("write `<->` if it may run both ways, or keep the amount from falling below zero:  max(…, 0)")
}

fn no_solution(
    model: &Model,
    period: usize,
    lines: &[VarId],
    worst: VarId,
    residual: f64,
) -> Diagnostic {
    let when = in_words(model, period);
    let many = match lines.len() {
        1 => "one line waits for itself".to_string(),
        count => format!("{} lines wait for each other", in_letters(count)),
    };
    let headline = format!("{many} and no value fits, in {when}");
    let miss = format!("off by {} of its largest term", share(residual));
    let circle = circle_of(model, worst);
    let told = Diagnostic::error("no-solution", headline).at(model.vars[worst.at()].span, miss);
    let told = circle.iter().skip(1).take(5).fold(told, |told, line| {
        let line = &model.vars[line.at()];
        told.also(line.span, format!("{} stands in the circle", line.name))
    });
    let told = match circle.len() {
        0 | 1 => told,
        _ => told.why(format!(
            "Each needs the one before it:  {}",
            chain(model, &circle)
        )),
    };
    told.why("What each of them asks of the others cannot all be true in one period.")
        .help(look_back(model, &circle, worst))
        .help(format!(
            "or say where the solver starts:  {} = … guess VALUE",
            model.vars[worst.at()].name
        ))
}

/// The author's own lines of a shortest circle through a line, each needing the next.
fn circle_of(model: &Model, worst: VarId) -> Vec<VarId> {
    let graph = saldo_plan::Graph::of(model);
    saldo_plan::circle_through(&graph, worst)
        .into_iter()
        .filter(|line| {
            let role = model.vars[line.at()].role;
            !matches!(role, VarRole::Closing(_) | VarRole::Helper)
        })
        .collect()
}

/// `coal_price → demand → deliveries → coal_price`, from what is needed to what needs it.
fn chain(model: &Model, circle: &[VarId]) -> String {
    let mut names: Vec<&str> = Vec::new();
    names.push(&model.vars[circle[0].at()].name);
    names.extend(circle.iter().rev().map(|line| &*model.vars[line.at()].name));
    if names.len() > 9 {
        names.splice(5..names.len() - 3, ["…"]);
    }
    names.join("  →  ")
}

/// Where an `opening` would break the circle.
fn look_back(model: &Model, circle: &[VarId], worst: VarId) -> String {
    let reader = &model.vars[worst.at()].name;
    let read = circle.get(1).copied().unwrap_or(worst);
    let name = &model.vars[read.at()].name;
    match model.vars[worst.at()].def {
        Def::Is(_) => format!(
            "let one of them look back, for example  opening {name}  in the line of `{reader}`"
        ),
        Def::Solves { .. } => {
            format!("look whether both sides of the condition for `{reader}` can ever be equal")
        }
    }
}

fn in_letters(count: usize) -> String {
    let words = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let word = count.checked_sub(2).and_then(|at| words.get(at));
    word.map_or_else(|| count.to_string(), |word| word.to_string())
}

/// A residual as a reader takes it in.
fn share(residual: f64) -> String {
    match residual {
        size if !size.is_finite() => "more than can be computed".into(),
        size if size > 1e-4 && size < 1e4 => format!("{:.3} %", size * 100.0),
        size => format!("{size:.1e} times the size"),
    }
}

fn not_finite(model: &Model, line: VarId, period: usize) -> Diagnostic {
    let line = &model.vars[line.at()];
    Diagnostic::error(
        "not-a-number",
        format!(
            "`{}` has no finite value in {}",
            line.name,
            in_words(model, period)
        ),
    )
    .at(
        line.span,
        "a division by zero, the logarithm of nothing, or growth without bound",
    )
    .why("A number that is not one cannot enter the books.")
    .help("look at what it divides by:  saldo run … --to the period before, then read its parts")
}

fn range(model: &Model, account: AccountId, period: usize, amount: f64) -> Diagnostic {
    let account = &model.accounts[account.at()];
    let instrument = &model.instruments[account.instrument.at()];
    Diagnostic::error(
        "books-range",
        format!(
            "{} leaves the range of the books in {}",
            account.name,
            in_words(model, period)
        ),
    )
    .at(
        instrument.span,
        format!("{:.3e} {}", amount / instrument.factor, instrument.unit),
    )
    .why("Balances are whole numbers of the unit's resolution, up to 1e35 of them.")
    .help(
        "look for growth without bound, or state a coarser resolution:  unit NAME : money to 0.01",
    )
}

fn opening_gap(model: &Model, account: AccountId, gap: f64) -> Diagnostic {
    let instrument = &model.instruments[model.accounts[account.at()].instrument.at()];
    let places: Vec<_> = model
        .start
        .positions
        .iter()
        .filter(|start| {
            model.accounts[start.account.at()].instrument == model.accounts[account.at()].instrument
        })
        .collect();
    let mut told = Diagnostic::error(
        "opening-gap",
        format!("the opening of {} does not balance", instrument.name),
    );
    for place in places {
        told = told.at(
            place.span,
            model.accounts[place.account.at()].name.to_string(),
        );
    }
    told.why(format!(
        "What is held must be owed by someone; the gap is {} {}.",
        grouped(gap / instrument.factor),
        instrument.unit
    ))
    .help("leave out the issuer's side: it is derived")
}
