//! What the parser learns about single pieces and the typed view has no room for: which pieces
//! stand right behind the one before, where each line of the language begins, and how far a
//! formula reaches. With the pieces and the space between them this is the whole tree that the
//! formatter (and an editor) needs.

/// What begins at a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Decl,
    Flow,
    /// `makes coal = …`
    ProcessLine,
    /// A line of `start { … }`.
    Opening,
    /// A member of a set or a choice.
    Member,
    /// A field of a source.
    Field,
    /// A dated value of an observation.
    Point,
    /// `held by …`
    Clause,
    /// A value of an indexed parameter.
    Value,
    /// A line of a population, an entry, an exit, an auction.
    Trait,
}

#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// Pieces without space before them: `x[`, `f(`, `RUB/t`, `1992-01`, `-x`.
    pub tight: Vec<usize>,
    /// First pieces, in the order of the text.
    pub items: Vec<(usize, Item)>,
    /// Formulas and lists of arguments: first piece, one past the last.
    pub formulas: Vec<(usize, usize)>,
}
