//! Saying what is missing, once for each mistake.

use crate::lexer::Kind;
use crate::parser::{Failed, MAX_OPERATORS, MAX_PROBLEMS, Parser, Read};
use saldo_diag::{Diagnostic, Span};

impl Parser<'_> {
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
        if let Some(problem) = self.foreign_arrow(what).or_else(|| self.foreign_sign(what)) {
            return self.complain(problem);
        }
        let piece = self.peek();
        let mut span = self.span_of(piece);
        if (piece.new_line || piece.kind == Kind::End) && self.at > 0 {
            let before = self.pieces[self.at - 1];
            span = Span::new(self.file, before.start(), before.end());
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
}
