//! How a period is posted: which amount goes from which account to which, in which order. Laid
//! out once for all periods and lanes.

use crate::chart::{Chart, Flow, Role, Stop, Until};
use crate::grain::Grain;
use crate::order::posting_order;

/// A flow as it is posted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Its number in the chart.
    pub flow: usize,
    /// Where its first leg stands among all postings; a second one follows.
    pub place: usize,
    /// Payer and taker of each leg; what has no other side moves from or to the outside.
    pub ends: [[usize; 2]; 2],
    /// Banks on the way of each leg: the account it arrives in, and the one it leaves from.
    pub stops: [[Option<[usize; 2]>; 2]; 2],
    pub legs: usize,
    pub grain: [Grain; 2],
    /// Counts of the second leg for one of the first, at a price of 1.
    pub ratio: f64,
    pub signed: bool,
}

/// A flow of one leg without banks on its way, as most are: all that is needed to post it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Simple {
    pub flow: u32,
    pub place: u32,
    pub from: u32,
    pub to: u32,
    pub signed: bool,
    pub grain: Grain,
}

/// A flow that is posted last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastLine {
    pub line: Line,
    pub until: Until,
    /// What its target is counted in.
    pub grain: Grain,
    /// Set where it is simple and carries exactly what reaches the target.
    pub closes: Option<Simple>,
    /// What reaches the target is not known yet: the solved amount is posted.
    pub as_solved: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    /// Flows that are posted first: no order matters among them.
    pub plain: Vec<Line>,
    /// The simple ones among them, and the places of the others.
    pub simple: Vec<Simple>,
    pub compound: Vec<usize>,
    pub last: Vec<LastLine>,
    pub roles: Vec<Role>,
    pub strands: Vec<usize>,
    pub strand_count: usize,
    /// Strands that are claims: they sum to zero.
    pub claims: Vec<usize>,
    pub grains: Vec<Grain>,
    pub account_order: Vec<u32>,
    pub legs: usize,
    /// The most numbers that are ever added up: legs of an account, or accounts of a strand.
    pub terms: usize,
}

impl Scheme {
    pub fn new(chart: &Chart) -> Scheme {
        let mut places = vec![0];
        for flow in &chart.flows {
            places.push(places[places.len() - 1] + flow.legs.len());
        }
        let line = |at: u32| Line::new(chart, at as usize, places[at as usize]);
        let plain = chart.flow_order.iter().copied();
        let plain = plain.filter(|at| chart.flows[*at as usize].until.is_none());
        let plain: Vec<Line> = plain.map(line).collect();
        let last = posting_order(chart).into_iter().filter_map(|last| {
            let until = chart.flows[last.flow as usize].until?;
            let line = line(last.flow);
            let exact = !until.capped && !last.as_solved;
            Some(LastLine {
                closes: line.simple().filter(|_| exact),
                line,
                until,
                grain: account_grain(chart, until.account as usize),
                as_solved: last.as_solved,
            })
        });
        let is_claim = |strand: &usize| {
            let member = chart
                .accounts
                .iter()
                .find(|it| it.strand as usize == *strand);
            member.is_some_and(|it| !chart.is_good[it.instrument as usize])
        };
        Scheme {
            simple: plain.iter().filter_map(Line::simple).collect(),
            compound: (0..plain.len())
                .filter(|at| plain[*at].simple().is_none())
                .collect(),
            plain,
            last: last.collect(),
            roles: chart.accounts.iter().map(|it| it.role).collect(),
            strands: chart.accounts.iter().map(|it| it.strand as usize).collect(),
            strand_count: strands(chart),
            claims: (0..strands(chart)).filter(is_claim).collect(),
            grains: (0..chart.accounts.len())
                .map(|at| account_grain(chart, at))
                .collect(),
            account_order: chart.account_order.clone(),
            legs: places[chart.flows.len()],
            terms: most_terms(chart),
        }
    }

    /// Where what has only one side comes from and goes to.
    pub fn outside(&self) -> usize {
        self.roles.len()
    }

    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.plain
            .iter()
            .chain(self.last.iter().map(|last| &last.line))
    }
}

impl Line {
    fn new(chart: &Chart, at: usize, place: usize) -> Line {
        let flow: &Flow = &chart.flows[at];
        let outside = chart.accounts.len();
        let side = |account: Option<u32>| account.map_or(outside, |it| it as usize);
        let leg = |at: usize| &flow.legs[at.min(flow.legs.len() - 1)];
        let grain = [0, 1].map(|at| Grain::new(chart.resolutions[leg(at).instrument as usize]));
        Line {
            flow: at,
            place,
            ends: [0, 1].map(|at| [side(leg(at).from), side(leg(at).to)]),
            stops: [0, 1].map(|at| leg(at).stops.map(|stop| stop.map(halt))),
            legs: flow.legs.len(),
            grain,
            ratio: grain[1].per(grain[0]),
            signed: flow.signed,
        }
    }
}

impl Line {
    fn simple(&self) -> Option<Simple> {
        let is_simple = self.legs == 1 && self.stops[0] == [None, None];
        is_simple.then(|| Simple {
            flow: self.flow as u32,
            place: self.place as u32,
            from: self.ends[0][0] as u32,
            to: self.ends[0][1] as u32,
            signed: self.signed,
            grain: self.grain[0],
        })
    }

    /// What one count of a leg does to an account: −1, 0 or 1.
    pub fn sign(&self, leg: usize, account: usize) -> f64 {
        let [from, to] = self.ends[leg];
        let one = |holds: bool| f64::from(i8::from(holds));
        let stops = self.stops[leg].iter().flatten();
        let passed =
            stops.map(|[arrives, leaves]| one(*arrives == account) - one(*leaves == account));
        one(to == account) - one(from == account) + passed.sum::<f64>()
    }
}

fn halt(stop: Stop) -> [usize; 2] {
    [stop.arrives as usize, stop.leaves as usize]
}

fn account_grain(chart: &Chart, at: usize) -> Grain {
    Grain::new(chart.resolutions[chart.accounts[at].instrument as usize])
}

pub(crate) fn strands(chart: &Chart) -> usize {
    let strands = chart.accounts.iter().map(|account| account.strand + 1);
    strands.max().unwrap_or(0) as usize
}

fn most_terms(chart: &Chart) -> usize {
    let mut legs = vec![0; chart.accounts.len()];
    for leg in chart.flows.iter().flat_map(|flow| &flow.legs) {
        for (account, _) in leg.ends() {
            legs[account as usize] += 1;
        }
    }
    let mut members = vec![0; strands(chart)];
    for account in &chart.accounts {
        members[account.strand as usize] += 1;
    }
    legs.into_iter().chain(members).max().unwrap_or(0)
}
