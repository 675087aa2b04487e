//! Text to pieces: words, numbers, strings, signs. Every byte belongs to a piece or to the
//! space before one, so the text can always be put together again.

use crate::parser::MAX_PROBLEMS;
use saldo_diag::{Diagnostic, FileId, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A name in backquotes: never a keyword.
    Quoted,
    Number,
    /// A number with `%`.
    Percent,
    Text,
    /// One of the language's signs.
    Sign,
    End,
}

#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub kind: Kind,
    start: u32,
    end: u32,
    /// A line ends between the piece before and this one.
    pub new_line: bool,
    /// Space, comment or line end before it.
    pub spaced: bool,
}

impl Piece {
    pub fn start(self) -> usize {
        self.start as usize
    }

    pub fn end(self) -> usize {
        self.end as usize
    }
}

const LONG_SIGNS: [&str; 9] = ["<->", "->", "==", "!=", "<=", ">=", "..", ":=", "//"];

/// Cuts the text; problems are strings without end and signs the language does not have.
pub fn lex(file: FileId, text: &str, problems: &mut Vec<Diagnostic>) -> Vec<Piece> {
    let mut lexer = Lexer {
        file,
        text,
        at: 0,
        strange_end: None,
        problems,
    };
    let mut pieces = Vec::with_capacity(text.len() / 5 + 1);
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    loop {
        let before = lexer.at;
        let new_line = lexer.space() || before == 0;
        let start = lexer.at;
        let kind = lexer.piece();
        pieces.push(Piece {
            kind,
            start: start as u32,
            end: lexer.at as u32,
            new_line,
            spaced: start > before || before == 0,
        });
        if kind == Kind::End {
            return pieces;
        }
    }
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    /// Where the last sign without meaning ended.
    strange_end: Option<usize>,
    problems: &'t mut Vec<Diagnostic>,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    /// Skips space and comments; says whether a line ended.
    fn space(&mut self) -> bool {
        let mut new_line = false;
        loop {
            match self.byte(0) {
                b'\n' => new_line = true,
                b' ' | b'\t' | b'\r' => {}
                b'#' => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                _ => return new_line,
            }
            self.at += 1;
        }
    }

    fn piece(&mut self) -> Kind {
        let Some(first) = self.text[self.at..].chars().next() else {
            return Kind::End;
        };
        match first {
            '"' => self.string(),
            '`' => self.quoted(),
            '0'..='9' => self.number(),
            c if c.is_alphabetic() || c == '_' => self.word(),
            _ => self.sign(first),
        }
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.at += rest.find(|c| !keep(c)).unwrap_or(rest.len());
    }

    fn word(&mut self) -> Kind {
        self.take_while(|c| c.is_alphanumeric() || c == '_');
        Kind::Word
    }

    fn number(&mut self) -> Kind {
        self.take_while(|c| c.is_ascii_digit() || c == '_');
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit() || c == '_');
        }
        let signed = matches!(self.byte(1), b'+' | b'-') && self.byte(2).is_ascii_digit();
        if matches!(self.byte(0), b'e' | b'E') && (self.byte(1).is_ascii_digit() || signed) {
            self.at += if signed { 2 } else { 1 };
            self.take_while(|c| c.is_ascii_digit());
        }
        if self.byte(0) == b'%' {
            self.at += 1;
            return Kind::Percent;
        }
        Kind::Number
    }

    fn string(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        self.take_while(|c| c != '"' && c != '\n');
        if self.byte(0) == b'"' {
            self.at += 1;
            return Kind::Text;
        }
        let problem = Diagnostic::error("text-open", "this text has no closing quote")
            .at(Span::new(self.file, start, self.at), "begins here")
            .why("Titles and sources stand between two quotes on one line; without the second the rest of the line would be swallowed.")
            .help("add  \"  where the text ends");
        self.complain(problem);
        Kind::Text
    }

    fn quoted(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        self.take_while(|c| c != '`' && c != '\n');
        if self.byte(0) == b'`' {
            self.at += 1;
            return Kind::Quoted;
        }
        let problem = Diagnostic::error("text-open", "this name has no closing backquote")
            .at(Span::new(self.file, start, self.at), "begins here")
            .why("A name between backquotes may be any word; it needs both.")
            .help("add  `  where the name ends");
        self.complain(problem);
        Kind::Quoted
    }

    /// Signs side by side are one mistake.
    fn strange(&mut self, sign: char) {
        let start = self.at - sign.len_utf8();
        let again = self.strange_end == Some(start);
        self.strange_end = Some(self.at);
        if again {
            return;
        }
        let problem = Diagnostic::error(
            "strange-sign",
            format!("the sign {} has no meaning here", sign.escape_debug()),
        )
        .at(
            Span::new(self.file, start, self.at),
            "not part of the language",
        )
        .why("Formulas use + - * / ^ and comparisons; a sign that is not known cannot be computed.")
        .help(in_words(sign));
        self.complain(problem);
    }

    /// A text that is no model would give a problem for every sign.
    fn complain(&mut self, problem: Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn sign(&mut self, first: char) -> Kind {
        let rest = &self.text[self.at..];
        if let Some(sign) = LONG_SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            self.at += sign.len();
            return Kind::Sign;
        }
        self.at += first.len_utf8();
        if !"+-*/^=<>()[]{}:,.~;".contains(first) {
            self.strange(first);
        }
        Kind::Sign
    }
}

/// What to write instead of a sign that other languages use.
fn in_words(sign: char) -> &'static str {
    match sign {
        '&' => "write  and",
        '|' => "write  or",
        '!' => "write  not,  or  !=  between two amounts that differ",
        '%' => "a percent stands behind its number:  20%",
        '×' | '·' => "write  *",
        '÷' => "write  /",
        '−' | '–' | '—' => "write the minus of the keyboard:  -",
        '→' => "write  ->",
        '≤' => "write  <=",
        '≥' => "write  >=",
        '≠' => "write  !=",
        '\u{a0}' => "this blank is a no-break space: replace it by a plain one",
        '\'' => "write straight double quotes:  \"…\"",
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' => "write straight quotes:  \"…\"",
        _ => "delete it, or write what it stands for in words",
    }
}
