//! Opening positions and the past.

use super::{Context, Entity, Env, Lowerer};
use crate::ir::*;
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, StartValue};
use std::collections::BTreeMap;

impl<'a> Lowerer<'a> {
    pub(crate) fn lower_start(&mut self, decls: &[&'a ast::Decl]) {
        let own = starts(decls);
        let starts = match self.overrides.starts.as_slice() {
            [] => own,
            others => {
                if others.iter().any(|(start, _)| start.stationary) {
                    self.hints(&own);
                }
                others.iter().map(|(start, span)| (start, *span)).collect()
            }
        };
        self.stationary(&starts);
        let others_empty = starts.iter().any(|(it, _)| it.others_empty || it.empty);
        for (start, span) in &starts {
            self.start_unread |= self.causes.unread_within(*span);
            start.lines.iter().for_each(|line| self.start_line(line));
        }
        for set in &self.overrides.sets {
            self.start_override(set);
        }
        let Some((_, span)) = starts.last() else {
            return self.no_start();
        };
        // What a stationary start does not say is sought.
        if self.model.start.stationary.is_some() {
            return;
        }
        if !others_empty && !self.start_unread {
            self.missing_positions(*span);
        }
        self.check_splits();
    }

    fn no_start(&mut self) {
        if self.model.accounts.is_empty() && self.model.vars.iter().all(|line| line.max_lag == 0) {
            return;
        }
        let span = self
            .model
            .instruments
            .first()
            .map_or_else(Span::default, |it| it.span);
        let problem = Diagnostic::error(
            "start-none",
            "what does everybody own and owe when time begins?",
        )
        .at(span, "balances without an opening")
        .why("The first period opens with somebody's money. Nothing is zero unless it is said.")
        .help("add  start empty  or  start { households.cash = … others empty }");
        self.report(problem);
    }

    pub(super) fn start_line(&mut self, line: &'a ast::StartLine) {
        let first = &line.path.parts[0];
        if line.path.parts.len() == 1 {
            return match self.instruments.contains_key(&first.name.text) {
                true => self.start_total(line),
                false => self.past_line(line),
            };
        }
        if !self.sectors.contains_key(&first.name.text) {
            let known: Vec<Symbol> = self.sectors.keys().cloned().collect();
            return self.unknown(&first.name, "the sector", &known);
        }
        if self.is_condition(line) {
            return self.start_net_worth(line);
        }
        match &line.value {
            StartValue::Table(table) => self.start_table(line, table),
            StartValue::Split { total, by } => self.start_split(line, total, by),
            StartValue::ByIssuer { total, parts } => {
                self.start_by_issuer(line, total.as_ref(), parts)
            }
            StartValue::Value(value) => self.start_value(line, value),
            StartValue::Dated(_) => self.dated_balance(line.span),
            StartValue::Drawn(span) => self.not_yet("a drawn opening", *span),
        }
    }

    fn dated_balance(&mut self, span: Span) {
        let problem = Diagnostic::error(
            "start-dated-balance",
            "a balance has one opening, not a history",
        )
        .at(span, "dates given")
        .why("What was owned before the first period is all in the opening balance.")
        .help("write  households.cash = AMOUNT");
        self.report(problem);
    }

    /// Every element the first part means, with letters bound.
    pub(super) fn start_elements(&mut self, path: &ast::Path) -> Vec<(SectorId, Env)> {
        let part = &path.parts[0];
        if part.index.is_empty() {
            let family: Vec<(Vec<Symbol>, SectorId)> = self.sectors[&part.name.text]
                .iter()
                .map(|(key, id)| (key.clone(), *id))
                .collect();
            let sets = self.sector_sets[&part.name.text].clone();
            return family
                .into_iter()
                .map(|(key, id)| (id, bound(&sets, &key)))
                .collect();
        }
        let sets = self.sector_sets[&part.name.text].clone();
        let mut index = Vec::new();
        for (name, set) in part.index.iter().zip(&sets) {
            let member = self
                .sets
                .get(set)
                .is_some_and(|set| set.members.iter().any(|(m, _)| *m == name.text));
            index.push((name.clone(), *set, member));
        }
        let family: Vec<(Vec<Symbol>, SectorId)> = self.sectors[&part.name.text]
            .iter()
            .map(|(key, id)| (key.clone(), *id))
            .collect();
        let mut found = Vec::new();
        for (key, id) in family {
            let fits = key
                .iter()
                .zip(&index)
                .all(|(member, (name, _, fixed))| !fixed || *member == name.text);
            if !fits || key.len() != part.index.len() {
                continue;
            }
            let mut env = bound(&sets, &key);
            for (member, (name, set, fixed)) in key.iter().zip(&index) {
                if !fixed {
                    env = env.with(
                        &name.text,
                        super::Bound::Member {
                            set: *set,
                            member: *member,
                        },
                    );
                }
            }
            found.push((id, env));
        }
        if found.is_empty() {
            let names: Vec<Symbol> = part.index.iter().map(|name| name.text).collect();
            let known: Vec<_> = self.sectors[&part.name.text].keys().cloned().collect();
            self.no_element(part.name.text, &names, path.span, &known);
        }
        found
    }

    /// The account of `path` for one element.
    fn start_account(
        &mut self,
        path: &ast::Path,
        sector: SectorId,
        env: &Env,
    ) -> Option<AccountId> {
        let letter: Symbol = "(start)".into();
        let env = env.with(&letter, super::Bound::Sector(sector));
        let mut one = path.clone();
        one.parts[0] = ast::PathPart {
            name: ast::Name {
                text: letter,
                span: path.parts[0].name.span,
            },
            index: Vec::new(),
        };
        self.find_account(&one, &env)
    }

    fn start_value(&mut self, line: &ast::StartLine, value: &ast::Expr) {
        for (sector, env) in self.start_elements(&line.path) {
            let Some(account) = self.start_account(&line.path, sector, &env) else {
                return;
            };
            let context = Context::of(&env);
            let node = self.lower(value, &context);
            self.position(account, node, line.span);
        }
    }

    pub(super) fn position(&mut self, account: AccountId, value: NodeId, span: Span) {
        if let Some(first) = self.opened.get(&account) {
            let problem = Diagnostic::error(
                "start-twice",
                format!(
                    "two openings for {}",
                    self.model.accounts[account.at()].name
                ),
            )
            .at(span, "given again here")
            .also(*first, "first given here")
            .why("An account opens with one balance.")
            .help("delete one of the two lines");
            return self.report(problem);
        }
        let it = &self.model.accounts[account.at()];
        let only_issuer = it.role == Role::Issuer && self.issuers_in_strand(account) == 1;
        if only_issuer {
            let shown = it.name;
            let problem = Diagnostic::error("start-issuer", format!("{shown} follows from what the holders have"))
                .at(span, "the issuer's side")
                .why("A debt is the sum of the claims on it. Given twice, the two could disagree, and the opening would not balance.")
                .help("delete this line and give the holders' balances");
            return self.report(problem);
        }
        self.opened.insert(account, span);
        self.model.start.positions.push(StartPosition {
            account,
            value,
            span,
        });
    }

    fn issuers_in_strand(&self, account: AccountId) -> usize {
        let it = &self.model.accounts[account.at()];
        let issuers = self.accounts_by(it.instrument, true).into_iter();
        issuers
            .filter(|id| self.model.accounts[id.at()].issuer == it.issuer)
            .count()
    }

    fn start_table(&mut self, line: &ast::StartLine, table: &ast::Table) {
        let sets: Vec<ast::Name> = self.sector_sets[&line.path.parts[0].name.text]
            .iter()
            .map(|set| ast::Name {
                text: *set,
                span: line.path.span,
            })
            .collect();
        let values = match self.read_elements(table, &sets) {
            Ok(values) => values,
            Err(problem) => return self.report(problem),
        };
        self.told(table, "the start".into(), None);
        for (sector, env) in self.start_elements(&line.path) {
            let Some(account) = self.start_account(&line.path, sector, &env) else {
                return;
            };
            let key = self.model.sectors[sector.at()].members.clone();
            let Some(value) = values.get(&key) else {
                let shown = self.model.sectors[sector.at()].name;
                let problem = Diagnostic::error(
                    "csv-row-missing",
                    format!("{} has no row for {shown}", table.path.text),
                )
                .at(table.path.span, "read here")
                .why("An opening that is not given is unknown, not zero.")
                .help("add the row (write 0 if it is zero)");
                self.start_unread = true;
                self.report(problem);
                continue;
            };
            let instrument =
                &self.model.instruments[self.model.accounts[account.at()].instrument.at()];
            let (scaled, dim) = (value * instrument.factor, instrument.dim);
            let node = self.node(Op::Const(scaled), line.span);
            self.model.nodes[node.at()].dim = Some(dim);
            self.position(account, node, line.span);
        }
    }

    /// A total shared out by weights.
    fn start_split(&mut self, line: &ast::StartLine, total: &ast::Expr, by: &ast::Expr) {
        let elements = self.start_elements(&line.path);
        let mut weights = Vec::new();
        for (_, env) in &elements {
            let context = Context::of(env);
            let weight = match &by.kind {
                ast::ExprKind::Path(path)
                    if path.parts.len() == 1 && path.parts[0].index.is_empty() =>
                {
                    self.weight(&path.parts[0].name, env, by.span)
                }
                _ => self.lower(by, &context),
            };
            weights.push(weight);
        }
        let sum = self.sum(&weights, by.span);
        let first = self.model.start.positions.len();
        for ((sector, env), weight) in elements.into_iter().zip(weights) {
            let Some(account) = self.start_account(&line.path, sector, &env) else {
                return;
            };
            let context = Context::of(&env);
            let total = self.lower(total, &context);
            let part = self.binary(Binary::Mul, total, weight, line.span);
            let share = self.binary(Binary::Div, part, sum, line.span);
            self.position(account, share, line.span);
        }
        let all = first..self.model.start.positions.len();
        self.model.start.splits.push(all);
    }

    /// `split by weight`: the element of a family that has the sector's index.
    fn weight(&mut self, name: &ast::Name, env: &Env, span: Span) -> NodeId {
        let index = env.members();
        match self.element(name, &index, span) {
            Some(entity) => self.entity(entity, 0, span),
            None => self.nothing(span),
        }
    }

    fn start_by_issuer(
        &mut self,
        line: &ast::StartLine,
        total: Option<&ast::Expr>,
        parts: &[(ast::Path, ast::Expr)],
    ) {
        for (holder, env) in self.start_elements(&line.path) {
            let Some(instrument) = self.known_instrument(&line.path.parts[1].name) else {
                return;
            };
            let bilateral = self.model.instruments[instrument.at()].bilateral;
            let mut terms = Vec::new();
            for (path, value) in parts {
                let Some(issuer) = self.sector(&path.parts[0], &env) else {
                    continue;
                };
                let context = Context::of(&env);
                let node = self.lower(value, &context);
                terms.push(node);
                let owner = if bilateral { holder } else { issuer };
                let Some(account) =
                    self.account(owner, instrument, bilateral.then_some(issuer), line.span)
                else {
                    continue;
                };
                match bilateral {
                    true => self.position(account, node, line.span),
                    false => self.owe(account, node, line.span),
                }
            }
            let sum = self.sum(&terms, line.span);
            self.compare_total(line, total, sum, &env, instrument);
            if !bilateral && let Some(account) = self.account(holder, instrument, None, line.span) {
                self.position(account, sum, line.span);
            }
        }
    }

    /// Scenarios may set holders' openings.
    fn start_override(&mut self, set: &'a ast::SetValue) {
        if set.target.parts.len() < 2 {
            return;
        }
        let (Some(value), true) = (
            &set.value,
            self.sectors.contains_key(&set.target.parts[0].name.text),
        ) else {
            let known: Vec<Symbol> = self.sectors.keys().cloned().collect();
            return self.unknown(&set.target.parts[0].name, "the sector", &known);
        };
        for (sector, env) in self.start_elements(&set.target) {
            let Some(account) = self.start_account(&set.target, sector, &env) else {
                return;
            };
            let node = self.lower(value, &Context::of(&env));
            self.model
                .start
                .positions
                .retain(|position| position.account != account);
            self.opened.remove(&account);
            self.position(account, node, set.target.span);
        }
    }

    fn missing_positions(&mut self, span: Span) {
        let missing: Vec<Symbol> = (0..self.model.accounts.len() as u32)
            .map(AccountId)
            .filter(|id| self.model.accounts[id.at()].role == Role::Holder)
            .filter(|id| !self.opened.contains_key(id))
            .map(|id| self.model.accounts[id.at()].name)
            .collect();
        if missing.is_empty() {
            return;
        }
        let few: Vec<&str> = missing.iter().take(4).map(|name| &**name).collect();
        let more = missing.len().saturating_sub(4);
        let tail = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let problem = Diagnostic::error(
            "start-account-missing",
            format!("no opening for {}{tail}", few.join(", ")),
        )
        .at(span, "not mentioned here")
        .why("An account that is not mentioned is unknown, not empty.")
        .help(format!(
            "add  {} = …  or end the block with  others empty",
            few[0]
        ));
        self.report(problem);
    }

    /// Several pooled issuers: who owes how much must be said once anybody holds something.
    fn check_splits(&mut self) {
        let mut holders: BTreeMap<InstrumentId, Span> = BTreeMap::new();
        let mut issuers: BTreeMap<InstrumentId, usize> = BTreeMap::new();
        for position in &self.model.start.positions {
            let it = &self.model.accounts[position.account.at()];
            if it.issuer.is_some() {
                continue;
            }
            match it.role {
                Role::Issuer => *issuers.entry(it.instrument).or_default() += 1,
                _ => drop(holders.entry(it.instrument).or_insert(position.span)),
            }
        }
        for (instrument, span) in holders {
            let all = self.accounts_by(instrument, true).len();
            let given = issuers.get(&instrument).copied().unwrap_or(0);
            if all < 2 || given > 0 || self.model.instruments[instrument.at()].kind != Kind::Claim {
                continue;
            }
            let name = self.model.instruments[instrument.at()].name;
            let problem = Diagnostic::error(
                "start-issuer-split",
                format!("who owes the {name} of the opening?"),
            )
            .at(span, format!("{all} issuers are possible"))
            .why("With several debtors the claims do not tell who owes how much.")
            .help(format!(
                "say it:  banks.{name} = 100 of firms 60, households 40"
            ));
            self.report(problem);
        }
    }

    // --- the past of lines

    fn past_line(&mut self, line: &'a ast::StartLine) {
        let dated = matches!(line.value, StartValue::Dated(_) | StartValue::Table(_));
        if dated && self.model.start.stationary.is_some() {
            return self.no_history(line);
        }
        let part = &line.path.parts[0];
        let Some(family) = self.names.get(&part.name.text) else {
            let known = self.all_names();
            return self.unknown(&part.name, "the line", &known);
        };
        let all: Vec<(Vec<Symbol>, Entity)> = family
            .elements
            .iter()
            .map(|(key, e)| (key.clone(), *e))
            .collect();
        let mut hit = false;
        for (key, entity) in &all {
            let Entity::Var(var) = entity else { continue };
            let Some(env) = self.past_env(&part.index, key) else {
                continue;
            };
            hit = true;
            self.past_element(line, *var, key, &env);
        }
        if !hit {
            let index: Vec<Symbol> = part.index.iter().map(|name| name.text).collect();
            let known: Vec<_> = all.into_iter().map(|(key, _)| key).collect();
            self.no_element(part.name.text, &index, line.span, &known);
        }
    }

    /// Letters of `Y[b]` for one element; `None` if a stated member differs.
    fn past_env(&self, index: &[ast::Name], key: &[Symbol]) -> Option<Env> {
        let mut env = Env::default();
        for (at, member) in key.iter().enumerate() {
            let set = self.set_of_member(member).unwrap_or_default();
            let one = super::Bound::Member {
                set,
                member: *member,
            };
            if let Some(name) = index.get(at) {
                let is_member = self.set_of_member(&name.text).is_some();
                if is_member && name.text != *member {
                    return None;
                }
                env = env.with(&name.text, one);
            }
            env = env.with(&set, one);
        }
        (index.is_empty() || index.len() == key.len()).then_some(env)
    }

    fn past_element(&mut self, line: &'a ast::StartLine, var: VarId, key: &[Symbol], env: &Env) {
        let context = Context::of(env);
        let past = match &line.value {
            StartValue::Value(value) => Past::All(self.past_number(value, var, &context)),
            StartValue::Dated(values) => {
                let mut dated = Vec::new();
                for (date, value) in values {
                    let period = self.model.calendar.last_period_of(*date);
                    dated.push((period, self.past_number(value, var, &context)));
                }
                Past::Dated(dated)
            }
            StartValue::Table(table) => match self.past_table(line, table, var, key) {
                Some(past) => past,
                None => return,
            },
            StartValue::Split { .. } | StartValue::ByIssuer { .. } => {
                return self.dated_balance(line.span);
            }
            StartValue::Drawn(span) => return self.not_yet("a drawn opening", *span),
        };
        self.model.vars[var.at()].past = Some(past);
    }

    /// A bare number takes the unit the line declares.
    fn past_number(&mut self, value: &ast::Expr, var: VarId, context: &Context) -> NodeId {
        let declared = self.model.vars[var.at()].dim;
        let factor = self.model.vars[var.at()].factor;
        if let (Some(dim), Some(literal)) = (declared, self.literal(value))
            && literal.unit.is_none()
            && literal.dim.is_number()
        {
            let node = self.node(Op::Const(literal.value * factor), value.span);
            self.model.nodes[node.at()].dim = Some(dim);
            return node;
        }
        self.lower(value, context)
    }

    fn past_table(
        &mut self,
        line: &ast::StartLine,
        table: &ast::Table,
        var: VarId,
        key: &[Symbol],
    ) -> Option<Past> {
        let sets: Vec<ast::Name> = key
            .iter()
            .filter_map(|member| self.set_of_member(member))
            .map(|set| ast::Name {
                text: set,
                span: line.span,
            })
            .collect();
        let dim = self.model.vars[var.at()].dim;
        let factor = self.model.vars[var.at()].factor;
        let points = match self.series_points(table, &sets, key) {
            Ok(points) => points,
            Err(problem) => {
                self.report(problem);
                return None;
            }
        };
        let mut dated = Vec::new();
        let points: Vec<_> = points.into_iter().filter(|point| point.1 <= 0).collect();
        self.told(table, "the start".into(), Some(&points));
        for (_, last, value) in points {
            let node = self.node(Op::Const(value * factor), line.span);
            self.model.nodes[node.at()].dim = dim;
            dated.push((last, node));
        }
        Some(Past::Dated(dated))
    }
}

/// The openings of a model's files.
fn starts<'a>(decls: &[&'a ast::Decl]) -> Vec<(&'a ast::Start, Span)> {
    let start = |decl: &&'a ast::Decl| match &decl.kind {
        DeclKind::Start(start) => Some((start, decl.span)),
        _ => None,
    };
    decls.iter().filter_map(start).collect()
}

fn bound(sets: &[Symbol], key: &[Symbol]) -> Env {
    sets.iter()
        .zip(key)
        .fold(Env::default(), |env, (set, member)| {
            env.with(
                set,
                super::Bound::Member {
                    set: *set,
                    member: *member,
                },
            )
        })
}
