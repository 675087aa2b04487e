//! Sets, and the combinations of members that letters run over.

use super::{Bound, Context, Env, Lowerer, Set, label, title_or};
use saldo_diag::{Diagnostic, Span};
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind};
use std::collections::BTreeSet;

/// Most elements that indices and letters of one model may stand for.
const MAX_ELEMENTS: usize = 2_000_000;

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_sets(&mut self, decls: &[&'a ast::Decl]) {
        for decl in decls {
            match &decl.kind {
                DeclKind::Set(set) => self.declare_set(set),
                DeclKind::Choice(choice) => self.declare_choice(choice),
                _ => {}
            }
        }
    }

    fn declare_set(&mut self, set: &ast::Set) {
        let told = self.problems.len();
        let mut members: Vec<_> = match &set.table {
            Some(table) => self.members_from(table),
            None => set
                .members
                .iter()
                .map(|(name, title)| (name.text, title_or(title, &name.text)))
                .collect(),
        };
        let mut seen = BTreeSet::new();
        for (member, _) in &members {
            if !seen.insert(member) {
                let problem = Diagnostic::error(
                    "set-member-twice",
                    format!("`{member}` stands twice in `{}`", set.name.text),
                )
                .at(set.name.span, "this set")
                .why("A member that is counted twice would be added twice in every sum.")
                .help("remove one of the two");
                self.report(problem);
            }
        }
        let mut seen = BTreeSet::new();
        members.retain(|(member, _)| seen.insert(*member));
        // A table that could not be read has been told already.
        if members.is_empty() && self.problems.len() == told {
            let problem = Diagnostic::error(
                "set-empty",
                format!("the set `{}` has no members", set.name.text),
            )
            .at(set.name.span, "nothing in it")
            .why(
                "Lines over an empty set would not exist, and sums over it would silently be zero.",
            )
            .help(format!(
                "list its members, for example  set {} {{ a, b }}",
                set.name.text
            ));
            self.report(problem);
        }
        let name = set.name.text;
        if self.sets.insert(name, Set { name, members }).is_some() {
            let problem = Diagnostic::error(
                "two-lines",
                format!("two sets are called `{}`", set.name.text),
            )
            .at(set.name.span, "given again here")
            .why("A formula that names the set could mean either.")
            .help("rename one of them");
            self.report(problem);
        }
    }

    fn members_from(&mut self, from: &ast::Table) -> Vec<(Symbol, Symbol)> {
        let read = self.tables.read(&from.path.text, from.path.span);
        let result = read.and_then(|table| {
            let id = table.column("id")?;
            let title = table.column("title").ok();
            let russian = table.column("title_ru").ok();
            let mut members: Vec<(Symbol, Symbol)> = Vec::new();
            for row in table.rows.iter() {
                let member: Symbol = row.cells[id].as_str().into();
                let shown = title.map_or(member, |at| row.cells[at].as_str().into());
                if let Some(at) = russian.filter(|at| !row.cells[*at].is_empty()) {
                    let russian = row.cells[at].as_str().into();
                    self.model.russian.insert(shown, russian);
                }
                members.push((member, shown));
            }
            Ok(members)
        });
        result.unwrap_or_else(|problem| {
            self.report(problem);
            Vec::new()
        })
    }

    /// The members that one name of an index stands for: a set's, or the single member itself.
    pub(crate) fn index_range(&mut self, name: &ast::Name) -> Vec<(Symbol, Symbol)> {
        if let Some(set) = self.sets.get(&name.text) {
            return set
                .members
                .iter()
                .map(|(member, _)| (set.name, *member))
                .collect();
        }
        if let Some(set) = self.set_of_member(&name.text) {
            return vec![(set, name.text)];
        }
        let known: Vec<Symbol> = self.sets.keys().cloned().collect();
        self.unknown(name, "the set", &known);
        Vec::new()
    }

    /// The first set that has this member.
    pub(crate) fn set_of_member(&self, member: &Symbol) -> Option<Symbol> {
        let has = |set: &&Set| set.members.iter().any(|(name, _)| name == member);
        self.sets.values().find(has).map(|set| set.name)
    }

    /// Counts elements before they are made: `have` combinations, each with `more` members. Too
    /// many are an error, not a full memory.
    pub(crate) fn fits(&mut self, have: usize, more: usize, span: Span) -> bool {
        self.elements_made = self.elements_made.saturating_add(have.saturating_mul(more));
        if self.elements_made <= MAX_ELEMENTS {
            return true;
        }
        if !self.overfull {
            self.overfull = true;
            let problem = Diagnostic::error("too-many-elements", "the indices of this model stand for too many elements")
                .at(span, format!("with this one more than {MAX_ELEMENTS}"))
                .why("Every combination of members is a line of its own, with its own number in every period.")
                .help("use fewer or smaller sets, or leave combinations out:  where j != k");
            self.problems.push(problem);
        }
        false
    }

    /// Every combination of members of `index`, each with its letters (set names) bound.
    pub(crate) fn combinations(
        &mut self,
        index: &[ast::Name],
        env: &Env,
    ) -> Vec<(Vec<Symbol>, Env)> {
        let mut all = vec![(Vec::new(), env.clone())];
        for name in index {
            let range = self.index_range(name);
            if !self.fits(all.len(), range.len(), name.span) {
                return Vec::new();
            }
            all = all
                .into_iter()
                .flat_map(|(members, env)| {
                    range.iter().map(move |(set, member)| {
                        let bound = Bound::Member {
                            set: *set,
                            member: *member,
                        };
                        let mut longer = members.clone();
                        longer.push(*member);
                        (longer, env.with(set, bound))
                    })
                })
                .collect();
        }
        all
    }

    /// Every way the binders of `each` or `sum` can be bound, the condition applied.
    pub(crate) fn bindings(
        &mut self,
        binders: &[ast::Binder],
        condition: Option<&ast::Expr>,
        context: &Context,
    ) -> Vec<Env> {
        let mut envs = vec![context.env.clone()];
        for binder in binders {
            let range = self.domain(&binder.domain);
            if !self.fits(envs.len(), range.len(), binder.domain.span) {
                return Vec::new();
            }
            envs = envs
                .iter()
                .flat_map(|env| {
                    range
                        .iter()
                        .map(|bound| env.with(&binder.letter.text, *bound))
                })
                .collect();
        }
        let Some(condition) = condition else {
            return envs;
        };
        let mut kept = Vec::new();
        for env in envs {
            let inner = Context {
                env: env.clone(),
                ..context.clone()
            };
            let held = self.structure(|this| this.lower(condition, &inner));
            match self.constant(held) {
                Some(value) if value != 0.0 => kept.push(env),
                Some(_) => {}
                None => {
                    let problem = Diagnostic::error("where-not-fixed", "this condition compares amounts, not names")
                        .at(condition.span, "not known before the run")
                        .why("Which members take part is part of the model's structure, so that its books can be drawn up in advance.")
                        .help("compare letters and members only, and put the rest into the formula: if … then … else 0");
                    self.report(problem);
                    return kept;
                }
            }
        }
        kept
    }

    /// What a letter runs over: the members of a set, or the sectors of a family.
    fn domain(&mut self, name: &ast::Name) -> Vec<Bound> {
        if let Some(set) = self.sets.get(&name.text) {
            let bound = |member: &Symbol| Bound::Member {
                set: set.name,
                member: *member,
            };
            return set
                .members
                .iter()
                .map(|(member, _)| bound(member))
                .collect();
        }
        if let Some(family) = self.sectors.get(&name.text) {
            return family.values().map(|id| Bound::Sector(*id)).collect();
        }
        let known: Vec<Symbol> = self
            .sets
            .keys()
            .chain(self.sectors.keys())
            .cloned()
            .collect();
        self.unknown(name, "the set", &known);
        Vec::new()
    }

    /// The members an index names, letters resolved.
    pub(crate) fn resolve_index(&mut self, index: &[ast::Name], env: &Env) -> Vec<Symbol> {
        let mut members = Vec::new();
        for name in index {
            match env.get(&name.text) {
                Some(Bound::Member { member, .. }) => members.push(*member),
                Some(Bound::Sector(id)) => {
                    let sector = &self.model.sectors[id.at()];
                    match sector.members.is_empty() {
                        true => members.push(sector.name),
                        false => members.extend(sector.members.iter().cloned()),
                    }
                }
                None => members.push(name.text),
            }
        }
        members
    }

    /// Says that an element does not exist.
    pub(crate) fn no_element(
        &mut self,
        name: Symbol,
        index: &[Symbol],
        span: Span,
        known: &[Vec<Symbol>],
    ) {
        let shown = label(name, index);
        let arity = known.first().map_or(0, Vec::len);
        let problem = if arity != index.len() && index.is_empty() {
            Diagnostic::error(
                "index-count",
                format!(
                    "`{name}` has a value for each of {} members: which is meant?",
                    known.len()
                ),
            )
            .at(span, "read without a member")
            .why("One member's value and the total over all of them are different amounts.")
            .help(format!("for all of them together write  total({name})"))
            .help(format!(
                "for one of them write  {},  in lines with `each k in …`  {name}[k]",
                label(name, &known[0])
            ))
        } else if arity != index.len() {
            Diagnostic::error("index-count", format!("`{name}` takes {arity} {}, not {}", if arity == 1 { "member" } else { "members" }, index.len()))
                .at(span, format!("read with {}", index.len()))
                .why("Each index picks a member of one set; with one too few it is not said which line is meant.")
                .help(match known.first() {
                    Some(first) if !first.is_empty() => format!("write for example  {}", label(name, first)),
                    _ => format!("write  {name}"),
                })
        } else {
            Diagnostic::error("unknown-element", format!("there is no `{shown}`"))
                .at(span, "no line gives this element")
                .why("A line that is missing for one member would be missing from every sum.")
                .help(format!(
                    "give it, or read one that exists, such as  {}",
                    label(name, known.first().map_or(&[][..], |k| k))
                ))
        };
        self.report(problem);
    }
}
