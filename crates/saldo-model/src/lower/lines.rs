//! Equations, implicit equations and measures: declared first, lowered when all names are known.

use super::{Bound, Context, Entity, Env, Lowerer, Pending, PendingText, label};
use crate::ir::*;
use saldo_diag::Diagnostic;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_lines(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            self.declare_line(decl, &Env::default());
        }
        for name in std::mem::take(&mut self.set_unknown) {
            self.set_no_input(&name);
        }
    }

    fn set_no_input(&mut self, name: &ast::Name) {
        if self.names.contains_key(&name.text) {
            let problem = Diagnostic::error("set-equation", format!("`{}` is explained by an equation, a scenario cannot set it", name.text))
                .at(name.span, "set here")
                .why("A scenario changes what is given, never behaviour. Overriding an equation is a plan and is printed as one.")
                .help(format!("write  fix {} = …", name.text));
            return self.report(problem);
        }
        let problem = Diagnostic::error("unknown-name", format!("the parameter `{}` is not known", name.text))
            .at(name.span, "no declaration gives this name")
            .why("A run can set what the model is given; a setting that reaches nothing would change nothing.")
            .help(super::meant(&name.text, &self.settable()));
        self.report(problem);
    }

    /// Parameters and series with their titles.
    fn settable(&self) -> Vec<(Symbol, Symbol)> {
        let title = |entity: &Entity| match entity {
            Entity::Input(id) => Some(self.model.inputs[id.at()].title),
            Entity::Var(id) => {
                let line = &self.model.vars[id.at()];
                (line.role == VarRole::Param).then_some(line.title)
            }
            Entity::Measure(_) => None,
        };
        let families = self.names.iter();
        families
            .filter_map(|(name, family)| {
                let first = family.elements.values().next()?;
                Some((*name, title(first)?))
            })
            .collect()
    }

    fn declare_line(&mut self, decl: &'a ast::Decl, env: &Env) {
        match &decl.kind {
            DeclKind::Equation(equation) => self.declare_equation(equation, env),
            DeclKind::Find(find) => self.declare_find(find, env),
            DeclKind::Flows(block) => self.declare_flows(block, env),
            DeclKind::Exchange(block) => self.declare_exchange(block, env),
            DeclKind::Process(block) => self.declare_process(block, env),
            DeclKind::Each(each) => self.declare_each(each, env),
            _ => {}
        }
    }

    /// Names every construct of a later version. A model that has one is not looked at any
    /// further: whatever else seemed missing would be missing for this reason.
    pub(crate) fn later(&mut self, decls: &[&'a ast::Decl]) -> bool {
        let before = self.problems.len();
        for decl in decls {
            self.later_decl(decl);
        }
        self.problems.len() > before
    }

    fn later_decl(&mut self, decl: &'a ast::Decl) {
        match &decl.kind {
            DeclKind::Population(population) => self.not_yet("a population", population.name.span),
            DeclKind::Link(it)
            | DeclKind::Enter(it)
            | DeclKind::Exit(it)
            | DeclKind::Record(it)
            | DeclKind::Match(it)
            | DeclKind::Release(it)
            | DeclKind::Switch(it)
            | DeclKind::Auction(it) => {
                let place = it.name.as_ref().map_or(decl.span, |name| name.span);
                self.not_yet(&format!("`{}`", it.what), place);
            }
            DeclKind::Flows(block) => block.flows.iter().for_each(|flow| self.later_flow(flow)),
            DeclKind::Exchange(block) => block.flows.iter().for_each(|flow| self.later_flow(flow)),
            DeclKind::Each(each) => each.decls.iter().for_each(|decl| self.later_decl(decl)),
            _ => {}
        }
    }

    /// Market words in a flow.
    fn later_flow(&mut self, flow: &ast::Flow) {
        let sides = [&flow.left, &flow.right];
        let drawn = sides
            .iter()
            .filter_map(|side| Some((side.market?, side.span)));
        let word = flow.market.iter().copied().chain(drawn).next();
        let lump = flow.chance.as_ref().or(flow.limit.as_ref());
        match (word, lump) {
            (Some((word, span)), _) => self.not_yet(&format!("`{word}` in a flow"), span),
            (None, Some(text)) => self.not_yet("a flow with chance or limit", text.span),
            (None, None) => {}
        }
    }

    /// Agents and their markets: read, but without meaning in this version.
    pub(crate) fn not_yet(&mut self, what: &str, span: saldo_diag::Span) {
        self.not_yet_because(
            what,
            span,
            "Agents and the markets they meet in come with a later version; a run that left them out would answer another question.",
            "for now write it as a sector, or as a family:  sector firms over branch",
        );
    }

    /// Read, but without meaning in this version: never left out in silence.
    pub(crate) fn not_yet_because(
        &mut self,
        what: &str,
        span: saldo_diag::Span,
        why: &str,
        help: &str,
    ) {
        let problem = Diagnostic::error("not-yet", format!("{what} is read but cannot be run yet"))
            .at(span, "used here")
            .why(why)
            .help(help);
        self.report(problem);
    }

    fn declare_each(&mut self, each: &'a ast::Each, env: &Env) {
        let envs = self.bindings(&each.binders, each.condition.as_ref(), &Context::of(env));
        for env in envs {
            for decl in &each.decls {
                self.declare_line(decl, &env);
            }
        }
    }

    fn declare_equation(&mut self, equation: &'a ast::Equation, env: &Env) {
        if equation.target.parts.len() > 1 {
            self.balances_set
                .push((equation.target.clone(), env.clone()));
            return;
        }
        let part = &equation.target.parts[0];
        let unit = self.declared_unit(equation.unit.as_ref());
        for (members, env) in self.elements(&part.index, env) {
            let title = self.element_title(&equation.title, &part.name, &members);
            let var = self.line(
                label(part.name.text, &members),
                title,
                equation.target.span,
                VarRole::Equation,
            );
            self.declare_line_unit(var, &unit);
            self.define(&part.name, members, Entity::Var(var));
            let what = PendingText::Is(&equation.value, equation.guess.as_ref());
            self.pending.push(Pending { var, env, what });
        }
    }

    fn declare_find(&mut self, find: &'a ast::Find, env: &Env) {
        let part = &find.target.parts[0];
        let unit = self.declared_unit(find.unit.as_ref());
        for (members, env) in self.elements(&part.index, env) {
            let title = self.element_title(&find.title, &part.name, &members);
            let var = self.line(
                label(part.name.text, &members),
                title,
                find.target.span,
                VarRole::Equation,
            );
            self.declare_line_unit(var, &unit);
            self.define(&part.name, members, Entity::Var(var));
            self.pending.push(Pending {
                var,
                env,
                what: PendingText::Find(find),
            });
        }
    }

    /// The elements a line stands for: letters and members as they are, set names over the set.
    pub(crate) fn elements(&mut self, index: &[ast::Name], env: &Env) -> Vec<(Vec<Symbol>, Env)> {
        let mut all = vec![(Vec::new(), env.clone())];
        for name in index {
            let bound = env.get(&name.text).cloned();
            let range: Vec<(Symbol, Symbol)> = match bound {
                Some(Bound::Member { set, member }) => vec![(set, member)],
                Some(Bound::Sector(_)) => {
                    let one = std::slice::from_ref(name);
                    self.resolve_index(one, env)
                        .into_iter()
                        .map(|member| (name.text, member))
                        .collect()
                }
                None => self.index_range(name),
            };
            if !self.fits(all.len(), range.len(), name.span) {
                return Vec::new();
            }
            all = all
                .into_iter()
                .flat_map(|(members, env)| {
                    range.iter().map(move |(set, member)| {
                        let mut longer = members.clone();
                        longer.push(*member);
                        (
                            longer,
                            env.with(
                                set,
                                Bound::Member {
                                    set: *set,
                                    member: *member,
                                },
                            ),
                        )
                    })
                })
                .collect();
        }
        all
    }

    /// Told once the flows are known, so that the message can name them.
    pub(crate) fn balances_set(&mut self) {
        for (target, env) in std::mem::take(&mut self.balances_set) {
            self.balance_set(&target, &env);
        }
    }

    fn balance_set(&mut self, target: &ast::Path, env: &Env) {
        let shown = path_text(target);
        let sector = target.parts[0].name.text;
        let problem = Diagnostic::error("balance-set", "a balance is moved, never set")
            .at(
                target.span,
                format!("the {} of {sector}", target.parts[1].name.text),
            )
            .why(format!(
                "What comes to {sector} must come from someone. An equation has one side only."
            ));
        let moved = self
            .find_account(target, env)
            .map(|account| self.movers(account));
        let problem = match moved.filter(|moved| !moved.is_empty()) {
            Some(moved) => problem.why(format!("These flows already move it:  {moved}")),
            None => problem,
        };
        let help = format!("delete this line. To read the result write `closing {shown}`.");
        self.report(problem.help(help));
    }

    /// `+ wages  − consumption`: the first flows that touch an account.
    fn movers(&self, account: AccountId) -> String {
        let touches = self.touching.get(&account).map_or(&[][..], Vec::as_slice);
        let mut words: Vec<String> = touches
            .iter()
            .take(6)
            .map(|touch| {
                let sign = if touch.sign > 0 { "+" } else { "−" };
                format!("{sign} {}", self.model.flows[touch.flow.at()].name)
            })
            .collect();
        if touches.len() > 6 {
            words.push("…".into());
        }
        words.join("  ")
    }

    /// Gives every line its expression.
    pub(crate) fn lower_lines(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let mut context = Context::of(&pending.env);
            context.line = Some(self.model.vars[pending.var.at()].name);
            let (def, guess) = match pending.what {
                PendingText::Is(value, guess) => (Def::Is(self.lower(value, &context)), guess),
                PendingText::Find(find) => {
                    let left = self.lower(&find.left, &context);
                    let right = self.lower(&find.right, &context);
                    (Def::Solves { left, right }, find.guess.as_ref())
                }
            };
            let guess = guess.map(|guess| self.lower(guess, &context));
            let line = &mut self.model.vars[pending.var.at()];
            line.def = def;
            line.guess = guess;
        }
    }

    pub(crate) fn lower_prices(&mut self) {
        for (_, _, var, text) in self.prices.clone() {
            let node = self.lower(text, &Context::default());
            self.model.vars[var.at()].def = Def::Is(node);
        }
    }
}

pub(crate) fn path_text(path: &ast::Path) -> String {
    let parts = path.parts.iter().map(|part| {
        let index: Vec<Symbol> = part.index.iter().map(|name| name.text).collect();
        label(part.name.text, &index).to_string()
    });
    parts.collect::<Vec<_>>().join(".")
}
