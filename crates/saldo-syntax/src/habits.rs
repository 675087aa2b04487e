//! What people bring along from other tools, and what it is called here.

use crate::ast::*;
use crate::lexer::Kind;
use crate::parser::{Failed, Parser, Read};
use saldo_diag::{Diagnostic, Span};

/// A sign of other languages: what it is, headline, reason, help.
const SIGNS: &[(&str, &str, &str, &str)] = &[
    (
        ";",
        "lines end without a semicolon",
        "A line end is enough to end a declaration.",
        "delete the  ;",
    ),
    (
        ":=",
        "a line is explained with `=`",
        "One sign defines: `=`. One compares: `==`.",
        "write  =  instead of  :=",
    ),
    (
        "//",
        "comments begin with #",
        "Two slashes would divide twice.",
        "write  #  instead of  //",
    ),
    (
        ":",
        "a line is explained with `=`",
        "A colon stands behind the name of a payment; a quantity is explained by a formula.",
        "write  =  instead of  :",
    ),
    (
        "==",
        "a line is explained with `=`, `==` compares",
        "One sign defines, the other asks.",
        "write  =  instead of  ==",
    ),
    (
        "**",
        "powers are written with ^",
        "Two stars would multiply twice.",
        "write  ^  instead of  **",
    ),
];

impl Parser<'_> {
    /// The next piece is a sign of another language, where `wanted` would stand here.
    pub(crate) fn foreign_sign(&self, wanted: &str) -> Option<Diagnostic> {
        let piece = self.peek();
        let twice = self.place() > 0 && self.show(piece) == "*" && {
            let before = self.behind();
            self.show(before) == "*" && before.end() == piece.start()
        };
        let text = if twice { "**" } else { self.show(piece) };
        let compares = text == "==" && wanted != "`=`" && wanted != "the end of the line"
            || text == ":" && wanted != "`=`";
        if piece.kind != Kind::Sign || compares {
            return None;
        }
        let (_, headline, why, help) = SIGNS.iter().find(|(sign, ..)| *sign == text)?;
        let problem = Diagnostic::error("foreign-sign", *headline)
            .at(self.span_of(piece), "not expected here")
            .why(*why)
            .help(*help);
        Some(problem)
    }

    /// `=>`, where an arrow of this language would stand.
    pub(crate) fn foreign_arrow(&self, wanted: &str) -> Option<Diagnostic> {
        let (first, second) = (self.peek(), self.ahead(1));
        let arrow = self.show(first) == "=" && self.show(second) == ">";
        if wanted != "`->`" || !arrow {
            return None;
        }
        let whole = Span::new(self.file, first.start(), second.end());
        let problem = Diagnostic::error("foreign-sign", "payments go along  ->")
            .at(whole, "not expected here")
            .why("The arrow points from who gives to who takes.")
            .help("write  ->  instead of  =>");
        Some(problem)
    }

    /// `var x = 1`
    pub(crate) fn foreign_word(&mut self, word: &str) -> Failed {
        let problem = Diagnostic::error("foreign-word", format!("lines need no `{word}`"))
            .at(self.span_of(self.peek()), "a habit of other tools")
            .why("A name is declared by explaining it.")
            .help("write  NAME = FORMULA");
        self.complain(problem)
    }

    /// `x(t) = …`
    pub(crate) fn period_in_round(&mut self, target: &Path) -> Failed {
        let name = &target.parts[0].name.text;
        let problem = Diagnostic::error(
            "period-in-brackets",
            format!("`{name}` is explained for all periods at once"),
        )
        .at(self.span_of(self.peek()), "no period belongs here")
        .why("A line holds in every period; earlier values are read with `opening` or `lag`.")
        .help(format!(
            "write  {name} = …  and read the past as  opening {name}"
        ));
        self.complain(problem)
    }

    /// `param x over SET`
    pub(crate) fn no_over(&mut self, word: &str, name: &Name) -> Read<()> {
        match self.is_word("over") && !self.peek().new_line {
            true => Err(self.over_a_set(word, name)),
            false => Ok(()),
        }
    }

    /// Only sectors run `over` a set; everything else has an index.
    pub(crate) fn over_a_set(&mut self, word: &str, name: &Name) -> Failed {
        let set = match self.ahead(1).kind {
            Kind::Word => self.show(self.ahead(1)),
            _ => "SET",
        };
        let name = name.text;
        let help = match word {
            "param" => format!(
                "write  param {name}[{set}] = …  for one value,  param {name}[{set}] {{ MEMBER = … }}  for one each"
            ),
            "" => format!("write  each k in {set} {{ {name}[k] = … }}"),
            _ => format!("write  {word} {name}[{set}] …"),
        };
        let headline = format!("`{name}` has a value for each member: the set stands in brackets");
        let problem = Diagnostic::error("index-form", headline)
            .at(self.span_of(self.peek()), "only sectors run over a set")
            .why("Formulas read one member as NAME[MEMBER], so the name is declared in the same form.")
            .help(help);
        self.complain(problem)
    }

    /// `alpha * income` for `alpha income`: two amounts side by side.
    pub(crate) fn product_meant(&self) -> Option<String> {
        let (before, after) = (self.behind(), self.peek());
        let amount = |kind| matches!(kind, Kind::Word | Kind::Number | Kind::Percent);
        let joined = amount(before.kind) && amount(after.kind) && !after.new_line;
        let joins = crate::expr::JOINING.contains(&self.show(after));
        (joined && !joins).then(|| format!("{} * {}", self.show(before), self.show(after)))
    }

    pub(crate) fn line_has_arrow(&self) -> bool {
        let mut line = (0..)
            .map(|n| self.ahead(n))
            .take_while(|it| !it.new_line && it.kind != Kind::End);
        line.any(|it| matches!(self.show(it), "->" | "<->"))
    }

    /// `wages : firms -> households = …` at the top level
    pub(crate) fn flow_outside(&mut self, target: &Path) -> Failed {
        let name = &target.parts[0].name.text;
        let problem = Diagnostic::error("flow-outside", format!("what does `{name}` move? It stands in no block"))
            .at(target.span, "a payment outside a block")
            .why("An amount that goes from one sector to another is an amount of some claim; the block around the line says of which.")
            .help(format!("write  flows in cash {{ {name} : … -> … = … }}"));
        self.complain(problem)
    }

    /// `flows in cash { each k in SET { … } }`
    pub(crate) fn each_inside(&mut self) -> Failed {
        let (letter, set) = (self.show(self.ahead(1)), self.show(self.ahead(3)));
        let problem = Diagnostic::error("each-inside", "`each` stands around the block, not in it")
            .at(self.span_of(self.peek()), "inside a block of flows")
            .why("A block says what is moved; the lines in it say who moves how much, for one member or, with `each` at one of the two ends, for all.")
            .help(format!("write  each {letter} in {set} {{ flows in … {{ … }} }}"))
            .help("or let one end run over the members:  NAME : each f in firms -> state = …".to_string());
        self.complain(problem)
    }

    /// `param x[kind] = { a = 1 }` and `= [1, 2]`
    pub(crate) fn list_with_equals(&mut self, name: &Name, index: &[Name]) -> Failed {
        let sets: Vec<&str> = index.iter().map(|set| &*set.text).collect();
        let set = if sets.is_empty() {
            "SET".to_string()
        } else {
            sets.join(", ")
        };
        let problem = Diagnostic::error("foreign-sign", "a list of values has no `=` before it")
            .at(self.span_of(self.peek()), "one value is expected here")
            .why(
                "Each value of a list stands beside its member, so that their order never matters.",
            )
            .help(format!(
                "write  param {}[{set}] {{ MEMBER = 1, OTHER = 2 }}",
                name.text
            ));
        self.complain(problem)
    }

    /// `x[k in SET]`
    pub(crate) fn letter_in_brackets(&mut self) -> Failed {
        let (letter, set) = (self.show(self.behind()), self.ahead(1));
        let set = match set.kind {
            Kind::Word => self.show(set),
            _ => "SET",
        };
        let before = &self.text[..self.behind().start()];
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let head: Vec<&str> = before[line..].split_whitespace().collect();
        let explained = |name: &str| name.trim_end_matches('[').to_string();
        let help = match head.as_slice() {
            [name] => format!(
                "write  each {letter} in {set} {{ {}[{letter}] = … }}",
                explained(name)
            ),
            [word @ ("param" | "series"), name] => {
                format!("write  {word} {}[{set}]", explained(name))
            }
            _ => format!(
                "write  each {letter} in {set} {{ … }}  around the line, or  sum({letter} in {set} : …)  for a total"
            ),
        };
        let problem = Diagnostic::error("index-form", "brackets hold members, sets or letters, no `in`")
            .at(self.span_of(self.peek()), "not expected here")
            .why("A letter is given its members once, by `each` around the lines or by the sum that runs over it.")
            .help(help);
        self.complain(problem)
    }

    /// `income + taxes = wages`; `target` is what has been read of the left side.
    pub(crate) fn formula_on_the_left(
        &mut self,
        start: usize,
        target: Option<&Path>,
    ) -> Option<Failed> {
        let operator = self.peek();
        let joins = matches!(self.show(operator), "+" | "-" | "*" | "/" | "^");
        let begins = target.is_none()
            && (matches!(operator.kind, Kind::Number | Kind::Percent)
                || matches!(self.show(operator), "(" | "-"));
        let elsewhere = target.is_some() && operator.new_line;
        if elsewhere || !(begins || joins) {
            return None;
        }
        let line: Vec<_> = (0..)
            .map(|n| self.ahead(n))
            .take_while(|it| it.kind != Kind::End && (!it.new_line || it.start() == start))
            .collect();
        let equals = line.iter().position(|it| self.show(*it) == "=")?;
        let (last, right) = (*line[..equals].last()?, line.get(equals + 1)?);
        let left = &self.text[start..last.end()];
        let right = &self.text[right.start()..line[line.len() - 1].end()];
        let one = target.map_or("X", |target| {
            &self.text[target.span.start as usize..target.span.end as usize]
        });
        let problem = Diagnostic::error("expression-left", "one name stands to the left of `=`")
            .at(Span::new(self.file, start, last.end()), "a formula")
            .why("A line explains one quantity. A formula on the left leaves it open which of its names is explained.");
        let problem = match self.solved(one, &line[..equals], right) {
            Some(solved) => problem.help(format!("write  {solved}")),
            None => problem,
        };
        let problem = problem.help(format!(
            "or let it be found:  find {one} such that {left} == {right} guess …"
        ));
        Some(self.complain(problem))
    }

    /// `income = wages - taxes` for `income + taxes = wages`, where one operator joins two names.
    fn solved(&self, one: &str, rest: &[crate::lexer::Piece], right: &str) -> Option<String> {
        let (operator, other) = rest.split_first()?;
        let simple = |piece: &crate::lexer::Piece| {
            matches!(piece.kind, Kind::Word | Kind::Quoted)
                || matches!(self.show(*piece), "." | "[" | "]")
        };
        if other.is_empty() || !other.iter().all(simple) {
            return None;
        }
        let other = &self.text[other[0].start()..other[other.len() - 1].end()];
        let sum = right.contains([' ', '+', '-']);
        let bracketed = if sum {
            format!("({right})")
        } else {
            right.to_string()
        };
        Some(match self.show(*operator) {
            "+" => format!("{one} = {right} - {other}"),
            "-" => format!("{one} = {right} + {other}"),
            "*" => format!("{one} = {bracketed} / {other}"),
            "/" => format!("{one} = {bracketed} * {other}"),
            _ => return None,
        })
    }

    /// `x[-1]`, and `x(-1)` where no function of that name takes a number below zero.
    pub(crate) fn period_in_brackets(&mut self, what: &str, open: usize) -> Failed {
        while !self.is_sign("]") && !self.is_sign(")") && !self.line_ended() {
            self.next();
        }
        if !self.take_sign("]") {
            self.take_sign(")");
        }
        let problem = Diagnostic::error("lag-in-brackets", format!("an earlier `{what}` is read with a word"))
            .at(Span::new(self.file, open, self.span_from(open).end as usize), "brackets hold members of sets or arguments, no periods")
            .why("How far back a formula looks is a distance in calendar time, the same in a monthly and a yearly model.")
            .help(format!("write  opening {what}  for the period before, or  lag({what}, 1 year)"));
        self.complain(problem)
    }
}
