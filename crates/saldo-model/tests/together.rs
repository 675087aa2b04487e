//! `check` looks at scenarios and rivals together where it can: it says what looking at each of
//! them alone says, no more and no less.

use saldo_diag::Diagnostic;
use saldo_exchange::{Memory, TextFile};
use saldo_model::{Setup, build, check_all};
use std::collections::BTreeSet;

const MODEL: &str = r#"model both "Two theories"
time yearly from 1 to 9
unit usd : money to 0.01
unit ton
sector households
sector firms
instrument cash [usd] { issued by firms  held by households }
set good { bread, coal }
param G     = 20 usd/year "purchases" assumed "x"
param theta = 20% "tax rate" assumed "x"
param twice = 2 * theta "derived" assumed "x"
param first = 5 usd "opening" assumed "x"
event reform on 3 "a reform" assumed "x"
choice fall  { credit, links, peace }
choice price { free, plan }
wage = if fall == links then LINKS else 3 usd/year
gap  = if price == plan and fall == peace then PLAN else 1
size = 3 usd/year + (PLAIN)
late = if after reform then 1 else 0
each k in good WHERE { need[k] = 3 }
flows in cash { pay : firms -> households = wage }
start { households.cash = OPEN }
MORE
"#;

const SCENARIO: &str = "scenario late for both\nLATE\n";
const ANOTHER: &str = "scenario other for both\nOTHER\n";

/// What stands in the places of the texts, if not what is usual.
const CHANGES: &[&[(&str, &str)]] = &[
    &[],
    &[("LINKS", "3 ton/year")],
    &[("LINKS", "nothing")],
    &[("LINKS", "lag(size, 1 year)")],
    &[("PLAN", "3 usd")],
    &[("PLAN", "wage / G + nothing")],
    &[("PLAIN", "fall == links")],
    &[
        ("WHERE", "where k != coal or price == plan"),
        ("MORE", "all = need[coal]"),
    ],
    &[
        ("WHERE", "where k != coal or price == free"),
        ("MORE", "all = need[coal]"),
    ],
    &[(
        "MORE",
        "find x such that (if fall == links then x else 2) == 3 guess 1",
    )],
    &[(
        "MORE",
        "find x such that (if fall == credit then x else 2) == 3 guess 1",
    )],
    &[("OPEN", "if fall == links then 0.05 usd else 3 usd")],
    &[("OPEN", "first"), ("LATE", "set first = 0.05 usd")],
    &[("OPEN", "first"), ("LATE", "set first = 3 ton")],
    &[("LATE", "set theta = 30"), ("OTHER", "set theta = 3 usd")],
    &[("LATE", "set thet = 30%"), ("OTHER", "set G = 1 ton")],
    &[
        ("LATE", "set twice = 3 usd"),
        ("OTHER", "set twice = 1 from 3"),
    ],
    &[("LATE", "move reform to 99"), ("OTHER", "move reform to 4")],
    &[("LATE", "move reform to 4"), ("OTHER", "cancel reform")],
    &[("LATE", "move reform to 4\ncancel reform")],
    &[("LATE", "use fall = links"), ("LINKS", "3 ton/year")],
    &[("LATE", "use fall = nobody")],
    &[("LATE", "use nobody = links")],
    &[("LATE", "run to 2")],
    &[("LATE", "fix wage = 3 ton")],
    &[("LATE", "show nothing"), ("OTHER", "show wage")],
    &[("LATE", "set theta from \"nix.csv\" from 3")],
    &[("LATE", "start { households.cash = 3 ton }")],
    &[("LATE", "set households.cash = 3 ton")],
];

const USUAL: &[(&str, &str)] = &[
    ("LINKS", "4 usd/year"),
    ("PLAN", "2"),
    ("PLAIN", "1 usd/year"),
    ("WHERE", ""),
    ("OPEN", "3 usd"),
    ("MORE", ""),
    ("LATE", "set G = 21 usd/year"),
    ("OTHER", "set theta = 25%"),
];

fn files(changes: &[(&str, &str)]) -> Vec<TextFile> {
    let filled = |text: &str| {
        let all = changes.iter().chain(USUAL);
        all.fold(text.to_string(), |text, (place, with)| {
            text.replace(place, with)
        })
    };
    let named = [
        ("model.saldo", MODEL),
        ("late.saldo", SCENARIO),
        ("other.saldo", ANOTHER),
    ];
    let named = named.iter();
    named
        .map(|(name, text)| (name.to_string(), filled(text).into()))
        .collect()
}

fn said(problems: &[Diagnostic]) -> BTreeSet<String> {
    let place = |it: &Diagnostic| it.labels.first().map(|label| label.span);
    let texts = problems
        .iter()
        .map(|it| format!("{:?} {}", place(it), it.id));
    texts.collect()
}

#[test]
fn what_is_looked_at_together_is_told_as_alone() {
    let mut wrong = 0;
    for changes in CHANGES {
        let (files, tables) = (files(changes), Memory::default());
        let one = |scenario: Option<&str>, choose: Option<(&str, &str)>| {
            let pair = |(choice, member): (&str, &str)| (choice.to_string(), member.to_string());
            let setup = Setup {
                scenario: scenario.map(str::to_string),
                choose: choose.map(pair).into_iter().collect(),
                ..Setup::default()
            };
            said(&build(&files, &tables, &setup).problems)
        };
        let mut alone = one(None, None);
        for scenario in ["late", "other"] {
            alone.extend(one(Some(scenario), None));
        }
        for rival in [("fall", "links"), ("fall", "peace"), ("price", "plan")] {
            let unplaced = |it: &String| !it.contains("FileId(3)");
            alone.extend(one(None, Some(rival)).into_iter().filter(unplaced));
        }
        let together = said(&check_all(&files, &tables, &Setup::default()).problems);
        assert_eq!(together, alone, "{changes:?}");
        wrong += usize::from(!alone.is_empty());
    }
    assert!(
        wrong > CHANGES.len() / 2,
        "{wrong} of them are wrong at all"
    );
}
