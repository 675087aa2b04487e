//! What the text gives of a stationary opening, what is sought, and what must hold of it.

use super::map::{Image, Opening};
use super::newton::Outcome;
use crate::eval::View;
use crate::opening::{Inputs, Opening as Given, positions};
use crate::oracle::terms::sized;
use crate::trace::{Mover, Sought};
use saldo_ledger::chart::{Chart, Role};
use saldo_math::random::{Key, Stream};
use saldo_model::ir::{AccountId, InputId, Model, NodeId, VarId, VarRole};

/// Sizes below this one are not told apart, in base units.
const FLOOR: f64 = 1e-6;

pub struct Unknowns<'a> {
    inputs: &'a Inputs<'a>,
    /// Balances and past values that are sought, in the order of the unknowns.
    pub sought: Vec<Sought>,
    /// What is looked at for whether it repeats: everything sought, and what was given.
    rows: Vec<Sought>,
    given_balances: Vec<(usize, f64)>,
    given_lines: Vec<(usize, f64)>,
    /// Issuers that owe what the others of their strand have.
    derived: Vec<(usize, Vec<usize>)>,
    /// Strands of several unknown issuers: their balances add up to nothing.
    sums: Vec<Vec<usize>>,
    /// What else the text asks of the opening: two sides that must be equal.
    conditions: Vec<(NodeId, NodeId)>,
    /// Accounts that may not be below zero.
    holders: Vec<usize>,
    accounts: usize,
    lines: usize,
}

/// A plain opening to begin the search from: every balance and every past value alike.
#[derive(Clone, Copy)]
pub struct Plain {
    balance: f64,
    line: f64,
}

impl Plain {
    pub const ALL: [Plain; 7] = [
        Plain::new(0.0, 1.0),
        Plain::new(0.0, 0.0),
        Plain::new(100.0, 1.0),
        Plain::new(1e4, 1.0),
        Plain::new(1e7, 1.0),
        Plain::new(100.0, 100.0),
        Plain::new(1e7, 1e7),
    ];

    const fn new(balance: f64, line: f64) -> Plain {
        Plain { balance, line }
    }
}

impl<'a> Unknowns<'a> {
    pub fn of(inputs: &'a Inputs<'a>, chart: &Chart) -> Self {
        let model = inputs.model;
        let told = Given::new(inputs);
        let given = positions(inputs);
        let given_balances: Vec<(usize, f64)> = given
            .iter()
            .map(|(at, value)| (*at as usize, *value))
            .collect();
        let conditions = model.start.conditions.iter();
        let mut unknowns = Unknowns {
            inputs,
            sought: Vec::new(),
            rows: Vec::new(),
            given_balances,
            given_lines: Vec::new(),
            derived: Vec::new(),
            sums: Vec::new(),
            conditions: conditions.map(|it| (it.left, it.right)).collect(),
            holders: (0..chart.accounts.len())
                .filter(|at| chart.accounts[*at].role == Role::Holder)
                .collect(),
            accounts: model.accounts.len(),
            lines: model.vars.len(),
        };
        unknowns.strands(chart);
        unknowns.balances(chart);
        unknowns.past(model, &told);
        unknowns
    }

    fn is_given(&self, account: usize) -> bool {
        self.given_balances.iter().any(|(at, _)| *at == account)
    }

    /// Who owes what the others of a strand have, where that is one.
    fn strands(&mut self, chart: &Chart) {
        let count = chart.accounts.iter().map(|it| it.strand + 1).max();
        for strand in 0..count.unwrap_or(0) {
            let members = |at: &usize| chart.accounts[*at].strand == strand;
            let members: Vec<usize> = (0..chart.accounts.len()).filter(members).collect();
            let instrument = chart.accounts[members[0]].instrument as usize;
            if chart.is_good[instrument] {
                continue;
            }
            let open =
                |at: &&usize| chart.accounts[**at].role == Role::Issuer && !self.is_given(**at);
            let open: Vec<usize> = members.iter().filter(open).copied().collect();
            match open.as_slice() {
                [issuer] => {
                    let others = members.iter().copied().filter(|at| at != issuer);
                    self.derived.push((*issuer, others.collect()));
                }
                _ => self.sums.push(members),
            }
        }
    }

    fn balances(&mut self, chart: &Chart) {
        for (at, account) in chart.accounts.iter().enumerate() {
            let follows = self.derived.iter().any(|(issuer, _)| *issuer == at);
            if account.role == Role::Through || follows {
                continue;
            }
            let name = Sought::Balance(AccountId(at as u32));
            self.rows.push(name);
            if !self.is_given(at) {
                self.sought.push(name);
            }
        }
    }

    fn past(&mut self, model: &Model, told: &Given) {
        for (at, var) in model.vars.iter().enumerate() {
            if var.max_lag == 0 || matches!(var.role, VarRole::Closing(_)) {
                continue;
            }
            let line = VarId(at as u32);
            self.rows.push(Sought::Line(line));
            match var.past {
                Some(_) => self.given_lines.push((at, told.past(line, 0))),
                None => self.sought.push(Sought::Line(line)),
            }
        }
    }

    /// Where the search begins: the opening that the model itself has, then plain ones.
    pub fn beginnings(&self) -> Vec<Opening> {
        let model = self.inputs.model;
        let has_own =
            !model.start.hints.is_empty() || model.vars.iter().any(|it| it.hint.is_some());
        let own = has_own.then(|| self.beginning(Plain::ALL[0], true));
        let plain = Plain::ALL
            .into_iter()
            .map(|plain| self.beginning(plain, false));
        own.into_iter().chain(plain).collect()
    }

    /// Everything that is sought has a plain value, or the text's `guess`; `own`: that of the
    /// model's opening first of all.
    fn beginning(&self, plain: Plain, own: bool) -> Opening {
        let model = self.inputs.model;
        let told = Given::new(self.inputs);
        let known = |value: f64| value.is_finite().then_some(value);
        let value = |name: &Sought| match name {
            Sought::Balance(account) => {
                let hint = model.start.hints.iter().find(|it| it.account == *account);
                let hint = hint.filter(|_| own).map(|it| told.value(it.value));
                hint.and_then(known).unwrap_or(plain.balance)
            }
            Sought::Line(line) => {
                let var = &model.vars[line.at()];
                let hint = own.then(|| told.given(&var.hint, 0)).and_then(known);
                let guess = || var.guess.map(|node| told.value(node)).and_then(known);
                hint.or_else(guess).unwrap_or(plain.line)
            }
        };
        let values: Vec<f64> = self.sought.iter().map(value).collect();
        self.opening(&values, &vec![f64::NAN; self.lines])
    }

    /// The opening that belongs to values of what is sought. `lines`: where circles start.
    pub fn opening(&self, values: &[f64], lines: &[f64]) -> Opening {
        let mut opening = Opening {
            balances: vec![0.0; self.accounts],
            lines: lines.to_vec(),
        };
        for (account, value) in &self.given_balances {
            opening.balances[*account] = *value;
        }
        for (line, value) in &self.given_lines {
            opening.lines[*line] = *value;
        }
        for (name, value) in self.sought.iter().zip(values) {
            match name {
                Sought::Balance(account) => opening.balances[account.at()] = *value,
                Sought::Line(line) => opening.lines[line.at()] = *value,
            }
        }
        self.derive(&mut opening);
        opening
    }

    fn derive(&self, opening: &mut Opening) {
        for (issuer, others) in &self.derived {
            let held: f64 = others.iter().map(|at| opening.balances[*at]).sum();
            opening.balances[*issuer] = -held;
        }
    }

    /// Values of what is sought in an image or an opening.
    pub fn values(&self, balances: &[f64], lines: &[f64]) -> Vec<f64> {
        let value = |name: &Sought| pick(*name, balances, lines);
        self.sought.iter().map(value).collect()
    }

    /// What must be zero, each with the size it is judged by: how far a period moves everything,
    /// then sums of strands and conditions of the text.
    pub fn residuals(&self, opening: &Opening, image: &Image) -> Vec<(f64, f64)> {
        let moved = self.rows.iter().map(|name| {
            let before = pick(*name, &opening.balances, &opening.lines);
            let after = pick(*name, &image.balances, &image.lines);
            (after - before, size(*name, opening, image))
        });
        let sums = self.sums.iter().map(|members| {
            let balances = members.iter().map(|at| opening.balances[*at]);
            let most = balances.clone().fold(FLOOR, |most, it| most.max(it.abs()));
            (balances.sum(), most)
        });
        let inputs = self.inputs;
        let seen = Seen {
            inputs,
            opening,
            image,
        };
        let conditions = self.conditions.iter().map(|(left, right)| {
            let [left, right] = [left, right].map(|side| sized(inputs.model, &seen, *side));
            (
                left.value - right.value,
                left.scale.max(right.scale).max(FLOOR),
            )
        });
        moved.chain(sums).chain(conditions).collect()
    }

    /// The size that each unknown is moved by.
    pub fn sizes(&self, opening: &Opening, image: &Image) -> Vec<f64> {
        let size = |name: &Sought| size(*name, opening, image);
        self.sought.iter().map(size).collect()
    }

    /// What a period moves most, the largest share first.
    pub fn movers(&self, found: &Outcome) -> Vec<Mover> {
        let mut all: Vec<(f64, Mover)> = self
            .rows
            .iter()
            .map(|name| {
                let opening = pick(*name, &found.opening.balances, &found.opening.lines);
                let closing = pick(*name, &found.image.balances, &found.image.lines);
                let share = (closing - opening).abs() / size(*name, &found.opening, &found.image);
                let what = *name;
                (
                    share,
                    Mover {
                        what,
                        opening,
                        closing,
                    },
                )
            })
            .filter(|(share, _)| *share > super::REPEATS)
            .collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.into_iter().map(|(_, mover)| mover).collect()
    }

    /// A line that only multiplies its own past, by more than one: it repeats at nothing alone.
    pub fn growing(&self, found: &Outcome) -> Option<(VarId, f64)> {
        let grows = |(at, name): (usize, &Sought)| {
            let Sought::Line(line) = name else {
                return None;
            };
            let row = self.rows.iter().position(|it| it == name)?;
            let own = found.slopes[at][row] + 1.0;
            let column = |other: usize| found.slopes[other][row];
            let alone = (0..self.sought.len()).all(|it| it == at || column(it).abs() < 1e-9);
            let zero = found.opening.lines[line.at()].abs() <= FLOOR;
            (zero && alone && own > 1.0 + 1e-9).then_some((*line, own))
        };
        self.sought.iter().enumerate().find_map(grows)
    }

    /// A holder that would open below zero.
    pub fn overdrawn(&self, opening: &Opening) -> Option<(AccountId, f64)> {
        let largest = opening
            .balances
            .iter()
            .fold(FLOOR, |most, it| most.max(it.abs()));
        let at = self
            .holders
            .iter()
            .find(|at| opening.balances[**at] < -1e-9 * largest)?;
        Some((AccountId(*at as u32), opening.balances[*at]))
    }

    /// Balances to open the books with: of several sought issuers the largest is left to follow.
    pub fn positions(&self, opening: &Opening) -> Vec<(u32, f64)> {
        let sought = |at: &&usize| {
            self.sought
                .contains(&Sought::Balance(AccountId(**at as u32)))
        };
        let issuer = |at: &&usize| !self.holders.contains(*at);
        let last = self.sums.iter().filter_map(|members| {
            let open = members.iter().filter(sought).filter(issuer);
            open.max_by(|a, b| {
                opening.balances[**a]
                    .abs()
                    .total_cmp(&opening.balances[**b].abs())
            })
        });
        let last: Vec<usize> = last.copied().collect();
        let follows = |at: &usize| last.contains(at) || self.derived.iter().any(|it| it.0 == *at);
        let holds = |at: usize| self.holders.contains(&at);
        (0..self.accounts)
            .filter(|at| !follows(at))
            .map(|at| (at, opening.balances[at]))
            // What is below zero by the last place of a double is nothing.
            .map(|(at, value)| (at as u32, if holds(at) { value.max(0.0) } else { value }))
            .collect()
    }
}

/// A period as the conditions of the text see it.
struct Seen<'a> {
    inputs: &'a Inputs<'a>,
    opening: &'a Opening,
    image: &'a Image,
}

impl View for Seen<'_> {
    fn input(&self, input: InputId, back: u32) -> f64 {
        self.inputs.at(input, -i64::from(back))
    }

    fn line(&self, line: VarId) -> f64 {
        self.image.lines[line.at()]
    }

    fn lag(&self, line: VarId, _: u32) -> f64 {
        self.opening.lines[line.at()]
    }

    fn balance(&self, account: AccountId, _: u32) -> f64 {
        self.opening.balances[account.at()]
    }

    fn stream(&self, _: &str) -> Stream {
        Stream::new(Key::default())
    }
}

fn pick(name: Sought, balances: &[f64], lines: &[f64]) -> f64 {
    match name {
        Sought::Balance(account) => balances[account.at()],
        Sought::Line(line) => lines[line.at()],
    }
}

fn size(name: Sought, opening: &Opening, image: &Image) -> f64 {
    let before = pick(name, &opening.balances, &opening.lines);
    let after = pick(name, &image.balances, &image.lines);
    let turnover = match name {
        Sought::Balance(account) => image.turnover[account.at()],
        Sought::Line(_) => 0.0,
    };
    let sizes = [before.abs(), after.abs(), turnover, FLOOR];
    sizes
        .into_iter()
        .filter(|it| it.is_finite())
        .fold(FLOOR, f64::max)
}
