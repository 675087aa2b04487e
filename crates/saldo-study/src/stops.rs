//! Why a run stopped, told in the model's own names.

use crate::account::{Page, grouped, in_base};
use saldo_diag::{Diagnostic, Link};
use saldo_engine::{Stop, Trace};
use saldo_model::ir::*;

/// The message for a run that ended early.
pub fn explain_stop(model: &Model, trace: &Trace) -> Option<Diagnostic> {
    explain(model, trace, "the results so far are written")
}

/// The same where nothing is written.
pub fn explain_shown(model: &Model, trace: &Trace) -> Option<Diagnostic> {
    explain(model, trace, "this is how far it came")
}

fn explain(model: &Model, trace: &Trace, kept: &str) -> Option<Diagnostic> {
    let stop = trace.stop.as_ref()?;
    let told = told(model, trace, stop);
    if let Stop::Unsettled(_) = stop {
        return Some(told);
    }
    let note = format!(
        "run stopped after {} of {} {}; {kept}",
        trace.completed,
        model.calendar.len,
        model.calendar.period_word()
    );
    Some(told.note(note))
}

/// The message without what became of the results.
pub(crate) fn told(model: &Model, trace: &Trace, stop: &Stop) -> Diagnostic {
    let page = |account, period, closing, postings: &[i128]| Page {
        model,
        trace,
        account,
        period,
        closing,
        amounts: in_base(model, postings),
        limit: None,
    };
    match stop {
        Stop::Overdraft {
            account,
            period,
            closing,
            postings,
        } => overdraft(&page(*account, *period, *closing, postings)),
        Stop::TillNotEmpty {
            account,
            period,
            closing,
            postings,
        } => till(&page(*account, *period, *closing, postings)),
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
        Stop::Range { .. } => crate::range::range(model, trace, stop),
        Stop::Gap { account, gap } => opening_gap(model, *account, *gap),
        Stop::Unsettled(why) => crate::unsettled::unsettled(model, trace, why),
        Stop::Interrupted { period } => Diagnostic::warning(
            "interrupted",
            format!(
                "stopped by you before {}",
                model.calendar.label(*period as i64)
            ),
        )
        .why("What was computed until then is whole and balanced.")
        .help("run it again; the same command gives the same numbers"),
    }
}

pub(crate) fn in_words(model: &Model, period: usize) -> String {
    if period == 0 {
        "the opening".into()
    } else {
        model.calendar.words(period as i64)
    }
}

fn overdraft(page: &Page) -> Diagnostic {
    let model = page.model;
    let (who, kept) = holder(model, page.account);
    if page.period == 0 {
        return overdraft_opening(page, &who, &kept);
    }
    let when = in_words(model, page.period);
    let account = &model.accounts[page.account.at()];
    let instrument = &model.instruments[account.instrument.at()];
    let payment = page.largest_payment();
    let span = payment.map_or(account.span(model), |flow| flow.span);
    let name = payment.map_or("PAYMENT", |flow| &*flow.name);
    let told = match instrument.kind {
        Kind::Claim if kept.ends_with('s') => {
            format!("{who} cannot pay in {when}: the {kept} fall short")
        }
        Kind::Claim => format!("{who} cannot pay in {when}: the {kept} falls short"),
        Kind::Good { .. } => format!("{who} cannot deliver in {when}: there is not enough {kept}"),
    };
    let told = Diagnostic::error("overdraft", told)
        .at(span, "takes most out of this account")
        .statement(page.statement())
        .help(format!(
            "let {name} go only as far as the account allows:  = AMOUNT until closing {} == 0",
            account.name
        ));
    match instrument.kind {
        Kind::Good { .. } => told.help(format!("or let more {kept} be made or bought before")),
        Kind::Claim => told
            .help(format!(
                "or let someone lend to {who}:  exchange LOANS for {kept} {{ … }}"
            ))
            .help(format!(
                "or let {name} be owed first and paid later:  exchange {kept} for ARREARS {{ … }}"
            )),
    }
}

fn overdraft_opening(page: &Page, who: &str, kept: &str) -> Diagnostic {
    let model = page.model;
    let mut positions = model.start.positions.iter();
    let given = positions.find(|start| start.account == page.account);
    let span = given.map_or(model.sectors[0].span, |start| start.span);
    Diagnostic::error(
        "overdraft-opening",
        format!("{who} would open with less than no {kept}"),
    )
    .at(span, "below zero")
    .why("Only the issuer of a claim can have it below zero: that is its liability.")
    .help("give the holders positive positions; the issuer's side is derived")
}

fn till(page: &Page) -> Diagnostic {
    let model = page.model;
    let (who, kept) = holder(model, page.account);
    let account = &model.accounts[page.account.at()];
    let payment = page.largest_payment();
    let span = payment.map_or(account.span(model), |flow| flow.span);
    Diagnostic::error(
        "till-not-empty",
        format!(
            "{who} only pass {kept} on, but some is left in {}",
            in_words(model, page.period)
        ),
    )
    .at(span, "takes most out of this account")
    .why("A sector that is named after `through` closes every period at zero.")
    .statement(page.statement())
    .help(format!(
        "end one of its payments with:  until closing {} == 0",
        account.name
    ))
}

/// `the mines`, `cash` for an account.
fn holder(model: &Model, account: AccountId) -> (String, String) {
    let account = &model.accounts[account.at()];
    let sector = &model.sectors[account.sector.at()];
    let who = match sector.members.is_empty() {
        true => format!("the {}", sector.name),
        false => sector.name.to_string(),
    };
    let kept = model.instruments[account.instrument.at()].name.to_string();
    (who, kept)
}

trait Placed {
    fn span(&self, model: &Model) -> saldo_diag::Span;
}

impl Placed for Account {
    fn span(&self, model: &Model) -> saldo_diag::Span {
        model.instruments[self.instrument.at()].span
    }
}

fn negative(model: &Model, flow: FlowId, period: usize, amount: f64) -> Diagnostic {
    let flow = &model.flows[flow.at()];
    let unit = &model.vars[flow.var.at()];
    let when = in_words(model, period);
    let problem = Diagnostic::error("flow-negative", format!("`{}` would run backwards in {when}", flow.name))
        .at(flow.span, format!("{} {}", grouped(amount / unit.factor, 2), unit.unit))
        .why("An arrow `->` moves from left to right only: a negative wage would be a payment by the workers.");
    let problem = match owed_in(model, unit) {
        Some(account) => problem.help(format!(
            "{} is below zero, as it is owed; the debt as a positive amount is  opening {}.owed",
            account.name, account.name
        )),
        None => problem,
    };
    problem.help("write `<->` if it may run both ways, or keep the amount from falling below zero:  max(…, 0)")
}

/// An issuer's account that the line reads as it stands, below zero.
fn owed_in<'m>(model: &'m Model, line: &Var) -> Option<&'m Account> {
    let mut open = line.def.sides();
    while let Some(node) = open.pop() {
        match &model.nodes[node.at()].op {
            Op::Balance(id, _) => {
                let account = &model.accounts[id.at()];
                if account.role == Role::Issuer {
                    return Some(account);
                }
            }
            // What is owed is read with its sign turned.
            Op::Unary(Unary::Neg, _) => {}
            op => open.extend(op.parts()),
        }
    }
    None
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
        told.also(line.span, format!("`{}` stands in the circle", line.name))
    });
    let told = match circle.len() {
        0 | 1 => told,
        _ => told.circle(chain(model, &circle)),
    };
    told.why("What each of them asks of the others cannot all be true in one period.")
        .help(look_back(model, &circle, worst))
        .help(match model.vars[worst.at()].def {
            Def::Is(_) => format!(
                "or say where the solver starts:  {} = … guess VALUE",
                model.vars[worst.at()].name
            ),
            Def::Solves { .. } => "or let the solver start elsewhere, with another  guess".into(),
        })
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
fn chain(model: &Model, circle: &[VarId]) -> Vec<Link> {
    let link = |line: &VarId| {
        let line = &model.vars[line.at()];
        Link {
            name: line.name.to_string(),
            span: Some(line.span),
        }
    };
    let mut links: Vec<Link> = [&circle[0]]
        .into_iter()
        .chain(circle.iter().rev())
        .map(link)
        .collect();
    if links.len() > 9 {
        let more = Link {
            name: "…".into(),
            span: None,
        };
        links.splice(5..links.len() - 3, [more]);
    }
    links
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
            format!("see whether the two sides of the condition for `{reader}` can ever be equal")
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
        size if size > 1e-3 && size < 1e3 => format!("{:.1} %", size * 100.0),
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
        gap / instrument.factor,
        instrument.unit
    ))
    .help("leave out the issuer's side: it is derived")
}
