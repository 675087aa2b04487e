//! Random economies as Saldo text, so that the whole way from text to books is tested.
//!
//! A text is made from a list of numbers: each number settles one question, and a list that
//! ends answers 0. So a shorter list with smaller numbers is a simpler economy, and whatever
//! finds a failure can shrink it without knowing the language.

use std::fmt::Write;

/// Answers from the list, then zeros.
pub struct Choices<'a> {
    list: std::slice::Iter<'a, u16>,
}

impl<'a> Choices<'a> {
    pub fn new(list: &'a [u16]) -> Self {
        Choices { list: list.iter() }
    }

    /// A number below `many`.
    fn below(&mut self, many: usize) -> usize {
        usize::from(self.list.next().copied().unwrap_or(0)) % many
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    fn pick<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        &of[self.below(of.len())]
    }

    /// A share with odd decimals, up to 0.12.
    fn share(&mut self) -> f64 {
        (self.below(1000) + 7) as f64 * 1.1937e-4
    }

    fn amount(&mut self) -> String {
        let digits = self.below(60_000) + 1;
        let places = self.pick(&[1.0, 3.0, 1000.0, 0.01, 1e6]);
        format!("{}", digits as f64 / 7.0 * places)
    }
}

/// A claim or good that the economy keeps.
struct Kept {
    name: String,
    unit: &'static str,
    /// Who may hold it (no issuers).
    holders: Vec<String>,
    issuers: Vec<String>,
    bilateral: bool,
    good: bool,
    /// Name of its price.
    price: Option<String>,
    /// One of its accounts is closed by an exchange: two such targets could contradict.
    targeted: bool,
}

/// What has been written so far.
struct Economy<'a> {
    choices: Choices<'a>,
    text: String,
    sectors: Vec<String>,
    kept: Vec<Kept>,
    /// Lines in usd/year that flows may follow.
    lines: Vec<String>,
    flows: usize,
    events: usize,
    family: bool,
}

/// The economy of a list of numbers.
pub fn text(list: &[u16]) -> String {
    let mut economy = Economy {
        choices: Choices::new(list),
        text: String::new(),
        sectors: Vec::new(),
        kept: Vec::new(),
        lines: Vec::new(),
        flows: 0,
        events: 0,
        family: false,
    };
    economy.head();
    economy.money();
    let further = economy.choices.below(4);
    (0..further).for_each(|_| economy.instrument());
    economy.circle();
    let lines = 2 + economy.choices.below(9);
    (0..lines).for_each(|_| economy.movement());
    economy.family_flows();
    economy.start();
    economy.text
}

impl Economy<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self) {
        let time = *self.choices.pick(&[
            "yearly from 1990 to 1995",
            "quarterly from 1990Q1 to 1991Q2",
            "monthly from 1990-01 to 1990-08",
        ]);
        let money = *self.choices.pick(&["1e-12", "0.01", "1", "1e-6"]);
        let count = *self.choices.pick(&["1e-6", "1", "0.01"]);
        let head = format!(
            "model economy \"A random economy\"\ntime {time}\n\
             unit usd : money to {money}\nunit item : count to {count}"
        );
        self.line(&head);
        self.events = self.choices.below(3);
        for at in 0..self.events {
            let month = 1 + self.choices.below(8);
            let event = format!("event turn{at} on 1990-0{month}-02 \"A turn\" assumed \"a test\"");
            self.line(&event);
        }
        let count = 3 + self.choices.below(3);
        self.sectors = (0..count).map(|at| format!("s{at}")).collect();
        (0..count).for_each(|at| self.line(&format!("sector s{at}")));
        self.family = self.choices.yes();
        if self.family {
            self.line("set kind { north, south, west }\nsector f over kind");
        }
    }

    /// One money that everybody has: the first sector issues it, one more may only pass it on.
    fn money(&mut self) {
        let mut holders = self.sectors[1..].to_vec();
        let through = holders.len() > 2 && self.choices.yes();
        let passes = if through { holders.pop() } else { None };
        let family = if self.family { ", f" } else { "" };
        let mut told = format!(
            "instrument money [usd] {{\n  issued by s0\n  held by {}{family}\n",
            holders.join(", ")
        );
        if let Some(sector) = &passes {
            let _ = writeln!(told, "  through {sector}");
        }
        self.line(&(told + "}"));
        if let Some(sector) = passes {
            let (a, b) = (holders[0].clone(), holders[1].clone());
            let share = self.choices.share();
            self.line(&format!(
                "flows in money {{\n  in_a : {a} -> {sector} = {share} * opening {a}.money / period\n  \
                 in_b : {b} -> {sector} = {share} * opening {b}.money / period\n  \
                 out : {sector} -> s0 until closing {sector}.money == 0\n}}"
            ));
        }
        self.kept.push(Kept {
            name: "money".into(),
            unit: "usd",
            holders,
            issuers: vec!["s0".into()],
            bilateral: false,
            good: false,
            price: None,
            targeted: false,
        });
    }

    fn instrument(&mut self) {
        let at = self.kept.len();
        let name = format!("k{at}");
        let holders: Vec<String> = self.kept[0].holders.clone();
        let kind = self.choices.below(6);
        let several = matches!(kind, 2 | 3) && holders.len() > 2;
        let issuers = match (kind, several) {
            (4 | 5, _) => Vec::new(),
            (_, true) => holders[..2].to_vec(),
            _ => vec![
                self.choices
                    .pick(&self.sectors[..1 + holders.len()])
                    .clone(),
            ],
        };
        let holders: Vec<String> = holders
            .into_iter()
            .filter(|holder| !issuers.contains(holder))
            .collect();
        let priced = matches!(kind, 1 | 5);
        let price = priced.then(|| format!("price{at}"));
        let unit = if matches!(kind, 1 | 4 | 5) {
            "item"
        } else {
            "usd"
        };
        let pooling = match (several, kind) {
            (false, _) => "",
            (true, 2) => " pooled",
            _ => " bilateral",
        };
        let at_price = price
            .as_ref()
            .map_or(String::new(), |p| format!(" priced at {p}"));
        let held = holders.join(", ");
        match issuers.is_empty() {
            true => self.line(&format!("good {name} [{unit}] held by {held}{at_price}")),
            false => self.line(&format!(
                "instrument {name} [{unit}] {{ issued by {} held by {held}{pooling}{at_price} }}",
                issuers.join(", ")
            )),
        }
        if let Some(price) = &price {
            let growth = self.choices.share() - 0.04;
            let level = self.choices.amount();
            let told = match self.choices.below(3) {
                0 => format!("{price} = {level} usd/item"),
                1 => format!(
                    "{price} = {level} usd/item * exp({growth} * {})",
                    self.clock()
                ),
                _ => format!("{price} = {level} usd/item * (1 + 1 / (1 + x0 / (1 usd/year)))"),
            };
            self.line(&told);
        }
        self.kept.push(Kept {
            name,
            unit,
            holders,
            issuers,
            bilateral: pooling == " bilateral",
            good: matches!(kind, 4 | 5),
            price,
            targeted: false,
        });
    }

    /// A number that moves in time.
    fn clock(&mut self) -> String {
        match self.events {
            0 => "1".into(),
            many => {
                let event = self.choices.below(many);
                format!("(if after turn{event} then 3 else 1)")
            }
        }
    }

    /// Lines that wait for each other, with a kink or without.
    fn circle(&mut self) {
        let size = 1 + self.choices.below(4);
        for at in 0..size {
            let next = format!("x{}", (at + 1) % size);
            let own = self.choices.amount();
            let weight = self.choices.share() * 4.0;
            let clock = self.clock();
            let right = match (size, self.choices.below(4)) {
                (1, _) => format!("{own} usd/year * {clock}"),
                (_, 0) => format!("{own} usd/year * {clock} + {weight} * {next}"),
                (_, 1) => format!("{own} usd/year + {weight} * min({next}, {own} usd/year)"),
                (_, 2) => format!("max({own} usd/year, {weight} * {next})"),
                _ => format!("{own} usd/year * {clock} + {weight} * sqrt({next} * (1 usd/year))"),
            };
            self.line(&format!("x{at} = {right}"));
            self.lines.push(format!("x{at}"));
        }
    }

    /// A flow, an exchange, a process, a lump, or one that closes an account.
    fn movement(&mut self) {
        let at = self.choices.below(self.kept.len());
        let id = self.flows;
        self.flows += 1;
        let kept = &self.kept[at];
        if kept.holders.len() < 2 {
            return;
        }
        if kept.good && self.choices.yes() {
            return self.process(at, id);
        }
        if at > 0 && !self.kept[at].bilateral && self.choices.yes() {
            return self.exchange(at, id);
        }
        self.flow(at, id);
    }

    /// Two different holders.
    fn pair(&mut self, at: usize) -> (String, String) {
        let holders = &self.kept[at].holders;
        let first = self.choices.below(holders.len());
        let second = (first + 1 + self.choices.below(holders.len() - 1)) % holders.len();
        (holders[first].clone(), holders[second].clone())
    }

    fn flow(&mut self, at: usize, id: usize) {
        let (from, to) = self.pair(at);
        let kept = &self.kept[at];
        let (name, unit) = (kept.name.clone(), kept.unit);
        if kept.good {
            return;
        }
        let of = match kept.bilateral {
            true => format!(" of {}", self.choices.pick(&self.kept[at].issuers)),
            false => String::new(),
        };
        let back = kept_issuer(&self.kept[at]).filter(|_| self.choices.yes());
        let to = back.unwrap_or(to);
        let share = self.choices.share();
        let balance = match of.as_str() {
            "" => format!("opening {from}.{name}"),
            _ => format!("1 {unit}"),
        };
        let amount = format!("{share} * {balance} / period");
        let line = self.choices.pick(&self.lines).clone();
        let right = match self.choices.below(6) {
            0 | 1 => format!("-> {to}{of} = {amount}"),
            2 if self.events > 0 => format!("-> {to}{of} = {share} * {balance} on turn0"),
            3 if unit == "usd" && of.is_empty() => {
                format!("-> {to} = min({share} * {line}, {amount})")
            }
            4 if unit == "usd" && of.is_empty() && at > 0 => {
                format!("-> {to} = {line} until closing {from}.{name} == 0.5 * {balance}")
            }
            5 => format!("<-> {to}{of} = {share} * ({balance} - {balance} * 1.5) / period"),
            _ => format!("-> {to}{of} = {amount}"),
        };
        self.line(&format!(
            "flows in {name} {{\n  flow{id} : {from} {right}\n}}"
        ));
    }

    /// Something for money: the taker pays.
    fn exchange(&mut self, at: usize, id: usize) {
        let (from, to) = self.pair(at);
        let kept = &self.kept[at];
        let (name, price) = (kept.name.clone(), kept.price.clone());
        let at_price = match (price, kept.unit) {
            (Some(price), _) => format!(" at {price}"),
            (None, "item") => " at 2.5 usd/item".into(),
            _ => String::new(),
        };
        let share = self.choices.share() * 0.1;
        let free = !self.kept[at].good && !self.kept[at].targeted;
        let closes = self.choices.below(3) == 0 && free;
        self.kept[at].targeted |= closes;
        let right = match closes {
            true => format!(
                "<-> {to} until closing {from}.{name} == {} * opening {from}.{name}",
                1.0 - share
            ),
            false => format!("-> {to} = {share} * opening {from}.{name} / period"),
        };
        self.line(&format!(
            "exchange {name} for money {{\n  swap{id} : {from} {right}{at_price}\n}}"
        ));
    }

    fn process(&mut self, at: usize, id: usize) {
        let (who, _) = self.pair(at);
        let name = self.kept[at].name.clone();
        let share = self.choices.share();
        let line = match self.choices.yes() {
            true => format!("makes {name} = {share} item/year"),
            false => format!("uses {name} = {share} * opening {who}.{name} / period"),
        };
        self.line(&format!("process work{id} by {who} {{\n  {line}\n}}"));
    }

    /// Flows between the members of a family, and out of it.
    fn family_flows(&mut self) {
        if !self.family {
            return;
        }
        let (a, b) = (self.choices.share() * 0.3, self.choices.share());
        self.line(&format!(
            "each a in kind, b in kind where a != b {{\n  flows in money {{\n    \
             between : f[a] -> f[b] = {a} * opening f[a].money / period\n  }}\n}}\n\
             each a in kind {{\n  flows in money {{\n    \
             tax : f[a] -> s0 = {b} * opening f[a].money / period\n    \
             grant : s0 -> f[a] = 0.01 * x0\n  }}\n}}"
        ));
    }

    fn start(&mut self) {
        let mut told = String::from("start {\n");
        for at in 0..self.kept.len() {
            for holder in self.kept[at].holders.clone() {
                let amount = self.choices.amount();
                let Kept {
                    name,
                    unit,
                    issuers,
                    ..
                } = &self.kept[at];
                let whole: f64 = amount.parse().unwrap_or(0.0);
                let whole = (whole / 3.0).round() * 3.0 + 3.0;
                let split = match issuers.as_slice() {
                    [first, second, ..] => format!(
                        " of {first} {} {unit}, {second} {} {unit}",
                        whole / 3.0,
                        whole - whole / 3.0
                    ),
                    _ => String::new(),
                };
                let amount = if split.is_empty() {
                    amount
                } else {
                    whole.to_string()
                };
                let _ = writeln!(told, "  {holder}.{name} = {amount} {unit}{split}");
            }
        }
        if self.family {
            told += "  f[north].money = 100 usd\n  f[south].money = 33.33 usd\n  f[west].money = 7 usd\n";
        }
        self.line(&(told + "  others empty\n}"));
    }
}

/// The only issuer of a claim, to whom it can be given back.
fn kept_issuer(kept: &Kept) -> Option<String> {
    match kept.issuers.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}
