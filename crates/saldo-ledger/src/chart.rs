//! The plan of accounts: what may be posted between whom.

/// Everything the books need to know about a model.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Smallest booked amount of each instrument, in base units.
    pub resolutions: Vec<f64>,
    /// Goods appear and disappear by processes; claims always sum to zero.
    pub is_good: Vec<bool>,
    pub accounts: Vec<Account>,
    pub flows: Vec<Flow>,
    /// Accounts and flows by name: wherever one must come first, this decides, and not the place
    /// of a declaration in the text.
    pub account_order: Vec<u32>,
    pub flow_order: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub sector: u32,
    pub instrument: u32,
    /// Accounts of one strand sum to zero: an instrument, or one issuer's part of a bilateral one.
    pub strand: u32,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Issuer,
    Holder,
    Through,
}

/// A line of the books: a flow (one leg), an exchange (two legs), or a process line (one-sided leg).
#[derive(Clone, Debug)]
pub struct Flow {
    pub legs: Vec<Leg>,
    /// May be negative.
    pub signed: bool,
    pub until: Option<Until>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    pub instrument: u32,
    pub from: Option<u32>,
    pub to: Option<u32>,
}

/// Posted last: so much that `account` closes at its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    pub account: u32,
    pub leg: u32,
    /// +1: the account gains by the flow.
    pub sign: i8,
    /// The lesser of the solved amount and what the target allows.
    pub capped: bool,
    pub rank: u32,
}
