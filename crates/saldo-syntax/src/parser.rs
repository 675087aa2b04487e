//! Primitives of reading: look at the next piece, take it, complain, recover.

use crate::ast::*;
use crate::lexer::{Kind, Piece, lex};
use crate::notes::{Item, Notes};
use saldo_diag::{Diagnostic, FileId, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Deepest nesting of brackets, formulas and blocks.
pub const MAX_DEPTH: u32 = 200;

/// Most operators in one formula: it is a tree as deep as it is long.
pub const MAX_OPERATORS: u32 = 2000;

/// Most problems told about one file.
pub const MAX_PROBLEMS: usize = 100;

pub struct Parser<'t> {
    pub(crate) file: FileId,
    pub(crate) text: &'t str,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) at: usize,
    pub(crate) problems: Vec<Diagnostic>,
    depth: u32,
    /// Open formulas, and the operators of the outermost one.
    formulas: u32,
    operators: u32,
    /// Where the lexer complained, in order.
    broken: Vec<usize>,
    /// Names that unread declarations would have given.
    pub(crate) lost: BTreeSet<Arc<str>>,
    notes: Option<Notes>,
}

/// Reading a declaration failed; the problem has been reported.
pub struct Failed;
pub type Read<T> = Result<T, Failed>;

impl<'t> Parser<'t> {
    pub fn new(file: FileId, text: &'t str) -> Self {
        let mut problems = Vec::new();
        let pieces = lex(file, text, &mut problems);
        let place = |problem: &Diagnostic| {
            problem
                .labels
                .first()
                .map(|label| label.span.start as usize)
        };
        let broken = problems.iter().filter_map(place).collect();
        Parser {
            file,
            text,
            pieces,
            at: 0,
            problems,
            depth: 0,
            formulas: 0,
            operators: 0,
            broken,
            lost: BTreeSet::new(),
            notes: None,
        }
    }

    /// A parser that also notes what the typed view drops.
    pub fn with_notes(file: FileId, text: &'t str) -> Self {
        Parser {
            notes: Some(Notes::default()),
            ..Self::new(file, text)
        }
    }

    /// The pieces and what was noted about them.
    pub(crate) fn into_pieces(self) -> (Vec<Piece>, Notes, Vec<Diagnostic>) {
        (self.pieces, self.notes.unwrap_or_default(), self.problems)
    }

    // --- notes

    /// The next piece stands right behind the one before.
    pub(crate) fn tight(&mut self) {
        if let Some(notes) = &mut self.notes {
            notes.tight.push(self.at);
        }
    }

    /// A line of the language begins with the next piece.
    pub(crate) fn begins(&mut self, item: Item) {
        if let Some(notes) = &mut self.notes {
            notes.items.push((self.at, item));
        }
    }

    /// A formula or a list of arguments reached from piece `began` to here.
    pub(crate) fn reached(&mut self, began: usize) {
        if let Some(notes) = &mut self.notes {
            notes.formulas.push((began, self.at));
        }
    }

    pub(crate) fn peek(&self) -> Piece {
        self.pieces[self.at.min(self.pieces.len() - 1)]
    }

    pub(crate) fn ahead(&self, n: usize) -> Piece {
        self.pieces[(self.at + n).min(self.pieces.len() - 1)]
    }

    pub(crate) fn show(&self, piece: Piece) -> &'t str {
        &self.text[piece.start..piece.end]
    }

    pub(crate) fn span_of(&self, piece: Piece) -> Span {
        Span::new(self.file, piece.start, piece.end)
    }

    pub(crate) fn next(&mut self) -> Piece {
        let piece = self.peek();
        if self.at < self.pieces.len() - 1 {
            self.at += 1;
        }
        piece
    }

    pub(crate) fn next_text(&mut self) -> &'t str {
        let piece = self.next();
        self.show(piece)
    }

    /// From `start` to the end of the piece before.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        let end = if self.at == 0 {
            start
        } else {
            self.pieces[self.at - 1].end
        };
        Span::new(self.file, start, end.max(start))
    }

    pub(crate) fn done(&self) -> bool {
        self.peek().kind == Kind::End
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.peek().kind == Kind::Word && self.show(self.peek()) == word
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.peek().kind == Kind::Sign && self.show(self.peek()) == sign
    }

    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.next();
        }
        found
    }

    /// The next piece begins a line (or ends the block).
    pub(crate) fn line_ended(&self) -> bool {
        self.peek().new_line || self.done() || self.is_sign("}")
    }

    // --- complaints

    /// The piece before the next one.
    pub(crate) fn behind(&self) -> Piece {
        self.pieces[self.at.saturating_sub(1)]
    }

    pub(crate) fn enter_formula(&mut self) {
        if self.formulas == 0 {
            self.operators = 0;
        }
        self.formulas += 1;
    }

    pub(crate) fn leave_formula(&mut self) {
        self.formulas -= 1;
    }

    /// A formula with too many operators is an error, not a crash.
    pub(crate) fn count_operator(&mut self) -> Read<()> {
        self.operators += 1;
        if self.operators <= MAX_OPERATORS {
            return Ok(());
        }
        let problem = Diagnostic::error(
            "too-deep",
            format!("more than {MAX_OPERATORS} operators in one formula"),
        )
        .at(self.span_of(self.peek()), "here it becomes too long")
        .why("A formula that long cannot be read by people either.")
        .help("give parts of it names of their own, or use  sum(k in SET : …)");
        Err(self.complain(problem))
    }

    fn found(&self) -> String {
        let piece = self.peek();
        match piece.kind {
            Kind::End => "the file ends here".into(),
            _ if piece.new_line => "the line ends before it".into(),
            _ => format!(
                "found `{}`",
                self.show(piece).chars().take(30).collect::<String>()
            ),
        }
    }

    pub(crate) fn expected(&mut self, what: &str, help: &str) -> Failed {
        if let Some(problem) = self.foreign_sign(what) {
            return self.complain(problem);
        }
        let piece = self.peek();
        let mut span = self.span_of(piece);
        if (piece.new_line || piece.kind == Kind::End) && self.at > 0 {
            let before = self.pieces[self.at - 1];
            span = Span::new(self.file, before.start, before.end);
        }
        let problem = Diagnostic::error("expected", format!("{what} is missing here"))
            .at(span, self.found())
            .why("The line says too little to be read in one way only.")
            .help(help);
        self.complain(problem)
    }

    /// One problem per place, and none about a line that was already cut wrongly into pieces.
    pub(crate) fn complain(&mut self, problem: Diagnostic) -> Failed {
        let place = |problem: &Diagnostic| problem.labels.first().map(|label| label.span);
        let again = self.problems.last().map(place) == Some(place(&problem));
        let broken = place(&problem).is_some_and(|span| self.is_broken(span));
        if again || broken || self.problems.len() > MAX_PROBLEMS {
            return Failed;
        }
        if self.problems.len() == MAX_PROBLEMS {
            self.give_up();
        } else {
            self.problems.push(problem);
        }
        Failed
    }

    /// The place is on a line with a sign or a text that could not be read.
    fn is_broken(&self, span: Span) -> bool {
        let at = (span.start as usize).min(self.text.len());
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |end| at + end);
        let first = self.broken.partition_point(|place| *place < start);
        self.broken.get(first).is_some_and(|place| *place <= end)
    }

    /// Beyond a hundred problems the text is something else than a model.
    fn give_up(&mut self) {
        let problem = Diagnostic::error(
            "many-problems",
            format!("more than {MAX_PROBLEMS} mistakes in one file"),
        )
        .at(self.span_of(self.peek()), "not read any further")
        .why("A text with so many mistakes is usually something else than a model.")
        .help("mend the first ones, or check that this is the right file");
        self.problems.push(problem);
        self.at = self.pieces.len() - 1;
    }

    pub(crate) fn need_sign(&mut self, sign: &str, help: &str) -> Read<()> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{sign}`"), help))
        }
    }

    pub(crate) fn need_word(&mut self, word: &str, help: &str) -> Read<()> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{word}`"), help))
        }
    }

    /// Runs `inside` one level deeper; too deep is an error, not a crash.
    pub(crate) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            let problem = Diagnostic::error(
                "too-deep",
                format!("more than {MAX_DEPTH} levels of brackets"),
            )
            .at(self.span_of(self.peek()), "here it becomes too deep")
            .why("A formula that deep cannot be read by people either.")
            .help("give parts of it names of their own");
            return Err(self.complain(problem));
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// Reads the lines of a block up to its `}`; one bad line costs one line.
    pub(crate) fn block<T>(
        &mut self,
        item: Item,
        mut line: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let open = self.peek();
        self.need_sign("{", "open the block with  {")?;
        let mut items = Vec::new();
        loop {
            while self.take_sign(",") {}
            if self.take_sign("}") {
                return Ok(items);
            }
            let foreign = item != Item::Decl && self.begins_top_level();
            if self.done() || foreign {
                let problem = Diagnostic::error("block-open", "this block is never closed")
                    .at(self.span_of(open), "opened here")
                    .why("Everything after it would belong to the block.")
                    .help("add  }  where the block ends");
                return Err(self.complain(problem));
            }
            let began = self.at;
            self.begins(item);
            match self.nested(&mut line) {
                Ok(item) => items.push(item),
                Err(Failed) => self.recover(began),
            }
            if self.at == began {
                self.next();
            }
        }
    }

    // --- names and texts

    pub(crate) fn name(&mut self, what: &str) -> Read<Name> {
        let piece = self.peek();
        match piece.kind {
            Kind::Word => {
                self.next();
                Ok(Name {
                    text: self.show(piece).into(),
                    span: self.span_of(piece),
                })
            }
            Kind::Quoted => {
                self.next();
                let inner = self.show(piece).trim_matches('`');
                Ok(Name {
                    text: inner.into(),
                    span: self.span_of(piece),
                })
            }
            _ => Err(self.expected(what, "names begin with a letter")),
        }
    }

    pub(crate) fn names(&mut self, what: &str) -> Read<Vec<Name>> {
        let mut names = vec![self.name(what)?];
        while self.take_sign(",") {
            names.push(self.name(what)?);
        }
        Ok(names)
    }

    pub(crate) fn string(&mut self) -> Option<Text> {
        let piece = self.peek();
        if piece.kind != Kind::Text {
            return None;
        }
        self.next();
        let inner: Arc<str> = self.show(piece).trim_matches('"').into();
        Some(Text {
            text: inner,
            span: self.span_of(piece),
        })
    }

    pub(crate) fn need_string(&mut self, what: &str) -> Read<Text> {
        match self.string() {
            Some(text) => Ok(text),
            None => Err(self.expected(what, "write it between two quotes")),
        }
    }

    /// `"Coal" ru "Уголь"`, on the same line.
    pub(crate) fn title(&mut self) -> Title {
        if self.peek().new_line {
            return Title::default();
        }
        let Some(main) = self.string() else {
            return Title::default();
        };
        let mut title = Title {
            main: Some(main.text),
            other: Vec::new(),
            span: main.span,
        };
        while self.peek().kind == Kind::Word
            && self.show(self.peek()).len() == 2
            && self.ahead(1).kind == Kind::Text
            && !matches!(
                self.show(self.peek()),
                "at" | "by" | "on" | "of" | "in" | "to" | "as"
            )
            && !self.peek().new_line
        {
            let Ok(language) = self.name("a language") else {
                break;
            };
            if let Some(text) = self.string() {
                title.other.push((language, text.text));
            }
        }
        title
    }

    // --- numbers and dates

    pub(crate) fn number(&mut self) -> Read<Number> {
        let negative = self.take_sign("-");
        if negative {
            self.tight();
        }
        let piece = self.peek();
        if !matches!(piece.kind, Kind::Number | Kind::Percent) {
            return Err(self.expected("a number", "write it in figures, for example  1_000.5"));
        }
        self.next();
        let number = self.number_of(piece);
        Ok(Number {
            value: if negative {
                -number.value
            } else {
                number.value
            },
            ..number
        })
    }

    pub(crate) fn number_of(&mut self, piece: Piece) -> Number {
        let percent = piece.kind == Kind::Percent;
        let digits = self.show(piece).replace('_', "");
        let parsed: f64 = digits
            .trim_end_matches('%')
            .parse()
            .unwrap_or(f64::INFINITY);
        if !parsed.is_finite() {
            let problem =
                Diagnostic::error("number-range", "this number is too large to compute with")
                    .at(self.span_of(piece), "beyond 1.8e308")
                    .why("Formulas are computed with about 16 digits and an exponent of 308.")
                    .help("choose a larger unit, for example  unit bn_RUB = 1e9 RUB");
            self.complain(problem);
        }
        let value = if !parsed.is_finite() {
            0.0
        } else if percent {
            parsed / 100.0
        } else {
            parsed
        };
        Number {
            span: self.span_of(piece),
            value,
            percent,
        }
    }

    pub(crate) fn is_date(&self) -> bool {
        self.peek().kind == Kind::Number
    }

    /// `1992`, `1992Q1`, `1992-01`, `1992-01-02`, without spaces.
    pub(crate) fn date(&mut self) -> Read<Date> {
        let start = self.peek().start;
        if !self.is_date() {
            return Err(self.expected("a date", "write  1992,  1992Q1,  1992-01  or  1992-01-02"));
        }
        let rest = &self.text[start..];
        let mut length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == 'Q' || c == '-'))
            .unwrap_or(rest.len());
        // `1990->` and `1990 - x` are no dates: a date ends in a digit.
        while length > 0 && !rest.as_bytes()[length - 1].is_ascii_digit() {
            length -= 1;
        }
        while self.peek().start < start + length && !self.done() {
            if self.peek().start > start {
                self.tight();
            }
            self.next();
        }
        let span = Span::new(self.file, start, start + length);
        match date_of(&rest[..length], span) {
            Some(date) => Ok(date),
            None => {
                let problem = Diagnostic::error(
                    "date-impossible",
                    format!("`{}` is no date", &rest[..length]),
                )
                .at(span, "not in the calendar")
                .why("Events and observations are placed in time by their dates.")
                .help("write  1992,  1992Q1,  1992-01  or  1992-01-02");
                Err(self.complain(problem))
            }
        }
    }

    /// A number that begins a date with a month, quarter or day.
    pub(crate) fn is_long_date(&self) -> bool {
        let rest = &self.text[self.peek().start..];
        let bytes = rest.as_bytes();
        self.is_date()
            && bytes.len() > 5
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && ((bytes[4] == b'-'
                && bytes.len() > 6
                && bytes[5].is_ascii_digit()
                && bytes[6].is_ascii_digit())
                || (bytes[4] == b'Q' && (b'1'..=b'4').contains(&bytes[5])))
    }
}

fn date_of(text: &str, span: Span) -> Option<Date> {
    if let Some((year, quarter)) = text.split_once('Q') {
        let quarter: u8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        return Some(Date {
            span,
            year: year.parse().ok()?,
            part: DatePart::Quarter(quarter),
        });
    }
    let parts: Vec<&str> = text.split('-').collect();
    let year: i32 = parts[0].parse().ok()?;
    let month = |text: &str| text.parse::<u8>().ok().filter(|m| (1..=12).contains(m));
    let part = match parts.as_slice() {
        [_] => DatePart::Year,
        [_, m] => DatePart::Month(month(m)?),
        [_, m, d] => {
            let m = month(m)?;
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let longest = match m {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            DatePart::Day(m, d.parse().ok().filter(|d| (1..=longest).contains(d))?)
        }
        _ => return None,
    };
    Some(Date { span, year, part })
}
