//! Why a run could not begin in a stationary state, told in the model's own names.

use crate::account::grouped;
use saldo_diag::{Diagnostic, Span};
use saldo_engine::{Free, Mover, Sought, Trace, Unsettled};
use saldo_model::ir::*;

/// Things that are named before the others are counted.
const NAMED: usize = 4;

pub(crate) fn unsettled(model: &Model, trace: &Trace, why: &Unsettled) -> Diagnostic {
    match why {
        Unsettled::Changes(movers) => changes(model, movers),
        Unsettled::Free(directions) => free(model, directions),
        Unsettled::Grows { line, factor } => grows(model, *line, *factor),
        Unsettled::Overdrawn { account, balance } => overdrawn(model, *account, *balance),
        Unsettled::Calendar { input, what } => calendar(model, *input, *what),
        Unsettled::Stopped(stop) => crate::stops::told(model, trace, stop).note(
            "no stationary opening was found: not even one period of a plain one can be computed",
        ),
    }
}

/// The word that asked for it.
fn asked(model: &Model) -> Span {
    let span = model.start.stationary.unwrap_or_default();
    let end = span.end.min(span.start + "start".len() as u32);
    Span { end, ..span }
}

pub(crate) fn name(model: &Model, what: Sought) -> String {
    match what {
        Sought::Balance(account) => model.accounts[account.at()].name.to_string(),
        Sought::Line(line) => model.vars[line.at()].name.to_string(),
    }
}

/// Base units in one unit that it is shown in, and that unit.
pub(crate) fn unit(model: &Model, what: Sought) -> (f64, String) {
    match what {
        Sought::Balance(account) => {
            let instrument = &model.instruments[model.accounts[account.at()].instrument.at()];
            (instrument.factor, instrument.unit.to_string())
        }
        Sought::Line(line) => {
            let line = &model.vars[line.at()];
            (line.factor, line.unit.to_string())
        }
    }
}

fn amount(model: &Model, what: Sought, value: f64) -> String {
    let (factor, unit) = unit(model, what);
    let value = value / factor;
    let shown = match value.abs() {
        size if size >= 1e5 => grouped(value, 0),
        size if size >= 1.0 => grouped(value, 4),
        _ => format!("{value:.6}"),
    };
    format!("{shown} {unit}").trim_end().to_string()
}

fn changes(model: &Model, movers: &[Mover]) -> Diagnostic {
    let headline = match movers.first() {
        Some(first) => format!(
            "no stationary opening: `{}` does not come to rest",
            name(model, first.what)
        ),
        None => "no stationary opening: what is given contradicts itself".to_string(),
    };
    let told =
        Diagnostic::error("stationary-none", headline).at(asked(model), "sought for this start");
    let told = movers.iter().take(NAMED).fold(told, |told, mover| {
        told.note(format!(
            "at the opening nearest to rest, {} would open with {} and close with {}",
            name(model, mover.what),
            amount(model, mover.what, mover.opening),
            amount(model, mover.what, mover.closing)
        ))
    });
    told.why("In a stationary state every balance and every value that is looked back at ends the period as it began. An economy that grows, swings or drains has none; a state in which only ratios repeat is not sought.")
        .help("let what grows stand still in the opening (a growth rate of 0 until an event), or give the opening by numbers")
}

fn free(model: &Model, directions: &[Vec<Free>]) -> Diagnostic {
    let first = &directions[0];
    let headline = match directions.len() {
        1 => format!(
            "many openings are stationary: nothing decides {}",
            listed(model, first)
        ),
        count => format!("many openings are stationary: {count} amounts are left open"),
    };
    let told =
        Diagnostic::error("stationary-free", headline).at(asked(model), "more than one answer");
    let told = directions.iter().fold(told, |told, direction| {
        told.note(format!("left open: {}", together(model, direction)))
    });
    let told = told
        .why("The flows repeat whatever these are, so the text must say what they were when time began; a solver that picked one would add an assumption of its own.")
        .help(format!("state, in the `start` block:  {}", stated(model, directions)));
    match directions
        .iter()
        .flatten()
        .find_map(|part| owner(model, part.what))
    {
        Some(sector) => told.help(format!(
            "or a condition that holds of it, such as  {sector}.net_worth = 0"
        )),
        None => told,
    }
}

/// The sector of a balance that is no issuer's.
fn owner(model: &Model, what: Sought) -> Option<&str> {
    let Sought::Balance(account) = what else {
        return None;
    };
    let account = &model.accounts[account.at()];
    (account.role == Role::Holder).then(|| &*model.sectors[account.sector.at()].name)
}

fn listed(model: &Model, direction: &[Free]) -> String {
    let names: Vec<String> = direction
        .iter()
        .take(NAMED)
        .map(|part| name(model, part.what))
        .collect();
    let more = direction.len().saturating_sub(NAMED);
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// `a.cash and b.cash, in the proportion 1 : 0.5`
fn together(model: &Model, direction: &[Free]) -> String {
    let names = listed(model, direction);
    if direction.len() == 1 || direction.len() > NAMED {
        return names;
    }
    let first = direction[0].by;
    let parts: Vec<String> = direction
        .iter()
        .map(|part| format!("{:.4}", part.by / first))
        .map(|text| text.trim_end_matches('0').trim_end_matches('.').to_string())
        .collect();
    format!("{names} (they move together as {})", parts.join(" : "))
}

/// One line for each direction: the total of a claim that several hold, else one of the parts.
fn stated(model: &Model, directions: &[Vec<Free>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for direction in directions {
        let candidates = direction
            .iter()
            .flat_map(|part| candidates(model, direction, part.what));
        let line = candidates.into_iter().find(|line| !lines.contains(line));
        lines.extend(line);
    }
    lines.join("  and  ")
}

fn candidates(model: &Model, direction: &[Free], what: Sought) -> Vec<String> {
    let single = format!("{} = …", name(model, what));
    let Sought::Balance(account) = what else {
        return vec![single];
    };
    let instrument = model.accounts[account.at()].instrument;
    let alike = direction.iter().filter(
        |part| matches!(part.what, Sought::Balance(other) if model.accounts[other.at()].instrument == instrument),
    );
    let several = alike.count() > 1 && model.instruments[instrument.at()].kind == Kind::Claim;
    let total = format!("{} = …", model.instruments[instrument.at()].name);
    several
        .then_some(total)
        .into_iter()
        .chain([single])
        .collect()
}

fn grows(model: &Model, line: VarId, factor: f64) -> Diagnostic {
    let it = &model.vars[line.at()];
    let headline = format!(
        "no stationary opening: `{}` grows by {} % a period",
        it.name,
        grouped((factor - 1.0) * 100.0, 2)
    );
    Diagnostic::error("stationary-grows", headline)
        .at(it.span, "only nothing repeats here")
        .also(asked(model), "a stationary state is sought for this start")
        .why("What grows by itself stands still only at zero, and that economy is empty. A stationary start needs a constant state; one in which only ratios repeat is not sought.")
        .help("let the growth begin with an event, or give the opening by numbers")
}

fn overdrawn(model: &Model, account: AccountId, balance: f64) -> Diagnostic {
    let it = &model.accounts[account.at()];
    let what = Sought::Balance(account);
    let headline = format!("the stationary opening would leave {} below zero", it.name);
    Diagnostic::error("stationary-overdrawn", headline)
        .at(asked(model), amount(model, what, balance))
        .why("Only the issuer of a claim can have it below zero. An economy whose flows repeat only with such a holding has no stationary state that can be opened.")
        .help(format!(
            "look at what pays out of {}, or state it and leave another holding to be found",
            it.name
        ))
}

fn calendar(model: &Model, input: InputId, what: Sought) -> Diagnostic {
    let input = &model.inputs[input.at()];
    let headline = format!(
        "no stationary opening: `{}` changes with time alone",
        input.name
    );
    Diagnostic::error("stationary-calendar", headline)
        .at(input.span, format!("moves {}", name(model, what)))
        .also(asked(model), "a stationary state is sought for this start")
        .why("What passes with the calendar cannot repeat: the opening would be stationary for one period and no longer.")
        .help("let it count from an event that is still to come (`if after EVENT then … since(EVENT) …`), or give the opening by numbers")
}
