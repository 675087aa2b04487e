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
    /// Banks on the way, where the amount settles in another claim.
    pub stops: [Option<Stop>; 2],
}

/// What arrives in one account of a sector leaves from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub arrives: u32,
    pub leaves: u32,
}

impl Leg {
    /// Every hand-over of the amount: who gives, who takes.
    pub fn moves(&self) -> impl Iterator<Item = (Option<u32>, Option<u32>)> + use<> {
        let stops = self.stops.into_iter().flatten();
        let givers = std::iter::once(self.from).chain(stops.clone().map(|stop| Some(stop.leaves)));
        let takers = stops.map(|stop| Some(stop.arrives)).chain([self.to]);
        givers.zip(takers)
    }

    /// Every account it takes from (−1) or gives to (+1).
    pub fn ends(&self) -> impl Iterator<Item = (u32, i32)> + use<> {
        let signed = |(from, to): (Option<u32>, Option<u32>)| [(from, -1), (to, 1)];
        let ends = self.moves().flat_map(signed);
        ends.filter_map(|(account, sign)| Some((account?, sign)))
    }
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
