//! Building the table of units, reading unit terms, and writing dimensions in the user's words.

use super::{Dim, NamedUnit, UnitTable};
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, Expr, ExprKind, Frequency};

/// Powers beyond this are a slip.
const MAX_POWER: i32 = 6;

impl UnitTable {
    /// The library's units, the calendar's, and the model's own.
    pub fn build(
        standard: &[ast::Unit],
        own: &[&ast::Unit],
        frequency: Frequency,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut table = UnitTable {
            frequency: Some(frequency),
            ..UnitTable::default()
        };
        table.add_time(frequency);
        for unit in standard {
            table.add(unit, problems);
        }
        for unit in own {
            table.add(unit, problems);
            table.own.extend(unit.names.iter().map(|name| name.text));
        }
        table
    }

    /// `RUB: new roubles; kUSD: thousands of dollars`: the units that the model declares with a
    /// title, in its order; empty where none has one.
    pub fn explained(&self) -> String {
        let told: Vec<String> = self
            .titled()
            .map(|(name, title)| format!("{name}: {title}"))
            .collect();
        told.join("; ")
    }

    /// Name and title of the units that the model declares with a title, in its order.
    pub fn titled(&self) -> impl Iterator<Item = (Symbol, Symbol)> {
        let own = self.own.iter().filter_map(|name| self.units.get(name));
        let titled = own.filter(|unit| unit.title != unit.name);
        titled.map(|unit| (unit.name, unit.title))
    }

    /// The money that amounts of this unit are counted in; `first` where it is one of several
    /// names for the same money.
    pub fn money_of(&self, dim: Dim, first: Option<Symbol>) -> Option<Symbol> {
        let same = |unit: &&NamedUnit| unit.kind.as_deref() == Some("money") && unit.dim == dim;
        let mut all = self.units.values().filter(same);
        let preferred = all.clone().find(|unit| Some(unit.name) == first);
        preferred.or(all.next()).map(|unit| unit.name)
    }

    /// A year is four quarters is twelve months; days only in a daily model.
    fn add_time(&mut self, frequency: Frequency) {
        let months = match frequency {
            Frequency::Yearly => 12.0,
            Frequency::Quarterly => 3.0,
            Frequency::Monthly => 1.0,
            Frequency::Daily => {
                self.insert("day", Dim::period(), 1.0);
                self.insert("week", Dim::period(), 7.0);
                return;
            }
        };
        for (name, length) in [("year", 12.0), ("quarter", 3.0), ("month", 1.0)] {
            self.insert(name, Dim::period(), length / months);
        }
    }

    fn insert(&mut self, name: &str, dim: Dim, factor: f64) {
        let name: Symbol = name.into();
        let unit = NamedUnit {
            name,
            title: name,
            dim,
            factor,
            kind: Some("time".into()),
            resolution: None,
        };
        self.units.insert(name, unit);
    }

    fn add(&mut self, unit: &ast::Unit, problems: &mut Vec<Diagnostic>) {
        for name in &unit.names {
            if self.units.contains_key(&name.text) {
                problems.push(self.shadowed(name));
                continue;
            }
            let Some((dim, factor)) = self.definition(unit, name, problems) else {
                continue;
            };
            let kind = unit.kind.as_ref().map(|kind| kind.text);
            let resolution = self.resolution(unit, kind.as_deref());
            let title = unit.title.main.unwrap_or(name.text);
            let named = NamedUnit {
                name: name.text,
                title,
                dim,
                factor,
                kind,
                resolution,
            };
            self.units.insert(name.text, named);
        }
    }

    fn shadowed(&self, name: &ast::Name) -> Diagnostic {
        let problem = Diagnostic::error(
            "unit-shadowed",
            format!("the unit `{}` exists already", name.text),
        )
        .at(name.span, "declared again here")
        .why("A number would change its meaning from one line to the next.");
        if self.own.contains(&name.text) {
            problem.help("choose another name")
        } else {
            problem
                .help("delete this declaration: every model knows the unit; or choose another name")
        }
    }

    /// 1 for counts and for units that say nothing; what is stated; 1e-12 for the rest.
    fn resolution(&self, unit: &ast::Unit, kind: Option<&str>) -> Option<f64> {
        match (&unit.resolution, kind) {
            (Some(number), _) => Some(number.value),
            (None, Some("count")) => Some(1.0),
            (None, None) if unit.definition.is_none() => Some(1.0),
            _ => None,
        }
    }

    fn definition(
        &self,
        unit: &ast::Unit,
        name: &ast::Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<(Dim, f64)> {
        let Some(definition) = &unit.definition else {
            return Some((Dim::base(name.text), 1.0));
        };
        match self.measure(definition) {
            Ok(found) if found.1.is_finite() && found.1 > 0.0 => Some(found),
            Ok(_) => {
                let problem = Diagnostic::error(
                    "unit-definition",
                    format!("`{}` is no positive multiple of a unit", name.text),
                )
                .at(definition.span, "not a size")
                .why("A unit is a number of other units.")
                .help(format!("write  unit {} = 1e6 t", name.text));
                problems.push(problem);
                None
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    /// `1e6 t`, `12 month`, `1 kWh * 3`.
    fn measure(&self, expr: &Expr) -> Result<(Dim, f64), Diagnostic> {
        match &expr.kind {
            ExprKind::Number { number, unit } => {
                let (dim, factor) = match unit {
                    Some(unit) => self.resolve(unit)?,
                    None => (Dim::number(), 1.0),
                };
                Ok((dim, factor * number.value))
            }
            ExprKind::Binary {
                op: ast::BinaryOp::Mul,
                left,
                right,
            } => {
                let (a, b) = (self.measure(left)?, self.measure(right)?);
                Ok((a.0.times(b.0, 1), a.1 * b.1))
            }
            ExprKind::Binary {
                op: ast::BinaryOp::Div,
                left,
                right,
            } => {
                let (a, b) = (self.measure(left)?, self.measure(right)?);
                Ok((a.0.times(b.0, -1), a.1 / b.1))
            }
            _ => Err(Diagnostic::error(
                "unit-definition",
                "a unit is defined by a number of other units",
            )
            .at(expr.span, "not a number with a unit")
            .why("Units do not change over time, so no formula belongs here.")
            .help("write for example  unit Mt = 1e6 t")),
        }
    }

    /// Dimension and size of a unit term.
    pub fn resolve(&self, unit: &ast::UnitExpr) -> Result<(Dim, f64), Diagnostic> {
        let (mut dim, mut factor) = (Dim::number(), 1.0);
        for part in &unit.factors {
            let Some(named) = self.units.get(&part.name.text) else {
                return Err(self.unknown(&part.name));
            };
            if part.power.abs() > MAX_POWER {
                return Err(Diagnostic::error(
                    "unit-power",
                    format!("`{}` to the power {}", part.name.text, part.power),
                )
                .at(unit.span, "beyond the sixth power")
                .why("No quantity of economics is counted like that; a slip is likelier.")
                .help("check the exponent"));
            }
            dim = dim.times(named.dim, part.power);
            for _ in 0..part.power.abs() {
                factor = if part.power > 0 {
                    factor * named.factor
                } else {
                    factor / named.factor
                };
            }
        }
        Ok((dim, factor))
    }

    fn unknown(&self, name: &ast::Name) -> Diagnostic {
        let known: Vec<Symbol> = self.units.keys().cloned().collect();
        if matches!(&*name.text, "day" | "week") {
            return Diagnostic::error("day-in-months", "days do not divide months evenly")
                .at(name.span, "in a model that counts months, quarters or years")
                .why("A month has 28 to 31 days; a rate per day would post another amount in February.")
                .help("give the rate per month, or run the model daily");
        }
        if self.is_daily() && matches!(&*name.text, "month" | "quarter" | "year") {
            return Diagnostic::error("day-in-months", "months and years have no fixed number of days")
                .at(name.span, "in a model that counts days")
                .why("A month has 28 to 31 days, a year 365 or 366; a rate per month would post another amount a day in February.")
                .help("say it in days:  30 day,  365 day");
        }
        let problem = Diagnostic::error(
            "unit-unknown",
            format!("the unit `{}` is not known", name.text),
        )
        .at(name.span, "no declaration gives it")
        .why("A number in an unknown unit could be added to anything.");
        match crate::lower::near(&name.text, &known) {
            Some(close) => problem.help(format!(
                "did you mean `{close}`?  If not, declare it:  unit {}",
                name.text
            )),
            None => problem.help(format!(
                "declare it:  unit {} : money  or  unit {} = 1e3 t",
                name.text, name.text
            )),
        }
    }

    /// A dimension in the user's words: `RUB/month`, `t/person/month`.
    pub fn display(&self, dim: Dim) -> String {
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for (name, power) in dim.powers() {
            let word = if &**name == "period" {
                self.period_word()
            } else {
                name
            };
            let shown = if power.abs() > 1 {
                format!("{word}^{}", power.abs())
            } else {
                word.to_string()
            };
            if *power > 0 {
                above.push(shown)
            } else {
                below.push((&**name == "period", shown))
            }
        }
        // Time comes last, as people say it.
        below.sort();
        let head = if above.is_empty() {
            "1".to_string()
        } else {
            above.join("*")
        };
        below
            .into_iter()
            .fold(head, |text, (_, unit)| format!("{text}/{unit}"))
    }

    /// A dimension in words, by the titles of its units: `tonnes per person per month`.
    pub fn spoken(&self, dim: Dim) -> String {
        let title = |name: &Symbol| self.units.get(name).map_or(*name, |unit| unit.title);
        let word = |name: &Symbol| match &**name {
            "period" => self.period_word(),
            _ => name.text(),
        };
        let raised = |word: &str, power: i32| match power.abs() {
            1 => word.to_string(),
            power => format!("{word}^{power}"),
        };
        let above = dim.powers().iter().filter(|(_, power)| *power > 0);
        let above: Vec<String> = above
            .map(|(name, power)| raised(&title(name), *power))
            .collect();
        let mut below: Vec<&(Symbol, i32)> = dim
            .powers()
            .iter()
            .filter(|(_, power)| *power < 0)
            .collect();
        // Time comes last, as people say it.
        below.sort_by_key(|(name, _)| (&**name == "period", *name));
        let below = below.iter().map(|(name, power)| raised(word(name), *power));
        let head = if above.is_empty() {
            "1".to_string()
        } else {
            above.join(" times ")
        };
        below.fold(head, |text, unit| format!("{text} per {unit}"))
    }

    fn is_daily(&self) -> bool {
        self.frequency == Some(Frequency::Daily)
    }

    pub(crate) fn period_word(&self) -> &'static str {
        match self.frequency {
            Some(Frequency::Quarterly) => "quarter",
            Some(Frequency::Monthly) => "month",
            Some(Frequency::Daily) => "day",
            _ => "year",
        }
    }
}
