//! What the books promise, tried at their edges: a table of small economies and how each ends.

mod common;

use common::{model, plan_and_run, run};
use saldo_engine::oracle::judge;
use saldo_model::ir::Model;
use saldo_study::explain_stop;

const HEAD: &str = "model edge\ntime yearly from 1 to 3\nunit usd : money to 0.01\n\
    sector a\nsector b\nsector c\ninstrument cash [usd] { issued by a held by b, c }\n";

fn economy(rest: &str) -> Model {
    let text = format!("{HEAD}{rest}");
    model(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

/// Runs and tells the message of the stop: its id, headline, labels and reasons.
fn stop(rest: &str) -> String {
    let model = economy(rest);
    let trace = plan_and_run(&model);
    let sums: i128 = trace.positions.iter().sum();
    assert_eq!(sums, 0, "what was booked before balances");
    let found = explain_stop(&model, &trace);
    let told = found.unwrap_or_else(|| panic!("{rest} runs through"));
    let labels: Vec<&str> = told.labels.iter().map(|label| &*label.text).collect();
    format!(
        "{}: {}; {}; {}",
        told.id,
        told.headline,
        labels.join(", "),
        told.why.join(" ")
    )
}

/// Each line: what the economy does, and words its message must carry.
#[test]
fn what_cannot_be_booked_is_told() {
    let cases: &[(&str, &[&str])] = &[
        (
            "flows in cash { pay : a -> b = 1e30 usd/year * 1e30 }\nstart empty\n",
            &["books-range", "cash", " in 1", "1.000e60 usd"],
        ),
        (
            "flows in cash { pay : a -> b = 1e33 usd/year }\nstart empty\n",
            &["books-range", "cash", " in 1"],
        ),
        (
            "grow = opening grow * 1e12\nflows in cash { pay : a -> b = 1 usd/year * grow }\nstart {\n grow = 1\n others empty\n}\n",
            &["books-range", "cash", " in 3"],
        ),
        (
            "flows in cash {\n one : a -> b = 6e32 usd/year\n two : a -> b = 7e32 usd/year\n}\nstart empty\n",
            &["books-range", "a.cash", " in 1", "moves most of it"],
        ),
        (
            "start {\n b.cash = 1e40 usd\n others empty\n}\n",
            &["books-range", "b.cash", "the opening", "1.000e40 usd"],
        ),
        (
            "flows in cash { pay : b -> c = -5 usd/year }\nstart empty\n",
            &["flow-negative", "`pay`", " in 1", "−5.00 usd/year"],
        ),
        (
            "flows in cash { pay : b -> c = 5 usd/year }\nstart {\n b.cash = 12 usd\n others empty\n}\n",
            &["overdraft", "b cannot pay in 3"],
        ),
        (
            "flows in cash { pay : b -> c until closing b.cash == 20 usd }\nstart {\n b.cash = 12 usd\n others empty\n}\n",
            &["flow-negative", "`pay`"],
        ),
        (
            "x = 1 / (opening b.cash / (1 usd) - 12)\nflows in cash { pay : a -> b = 1 usd/year * x }\nstart {\n b.cash = 12 usd\n others empty\n}\n",
            &["not-a-number", "`x`", " in 1"],
        ),
        (
            "x = log(opening b.cash / (1 usd) - 13)\nflows in cash { pay : a -> b = 1 usd/year * max(1, x) }\nstart {\n b.cash = 12 usd\n others empty\n}\n",
            &["not-a-number", "`x`", " in 1"],
        ),
        (
            "x = exp(1e4 * opening b.cash / (1 usd))\nflows in cash { pay : a -> b = 1 usd/year / x }\nstart {\n b.cash = 12 usd\n others empty\n}\n",
            &["not-a-number", "`x`", " in 1"],
        ),
        (
            "x = x + 1\nflows in cash { pay : a -> b = 1 usd/year * x }\nstart empty\n",
            &["no-solution", " in 1"],
        ),
    ];
    for (rest, words) in cases {
        let told = stop(rest);
        for word in *words {
            assert!(
                told.contains(word),
                "{rest} is told so, without `{word}`:\n{told}"
            );
        }
    }
}

/// Each line: a flow's end and what b's account closes at after a year, from 100.03 usd.
#[test]
fn until_reaches_to_the_unit() {
    let cases = [
        ("pay : b -> c until closing b.cash == 20.01 usd", 2001),
        ("pay : c <-> b until closing b.cash == 20.01 usd", 2001),
        ("pay : b -> c = 30 usd/year until closing b.cash == 0", 7003),
        ("pay : b -> c = 300 usd/year until closing b.cash == 0", 0),
        (
            "pay : b -> c = 300 usd/year until closing b.cash == 1 usd / 3",
            33,
        ),
        (
            "pay : b -> c = 0.004 usd/year until closing b.cash == 0",
            10003,
        ),
        (
            "pay : b -> c = 300 usd/year until closing b.cash == 200 usd",
            10003,
        ),
        (
            "pay : b -> c = 60 usd/year until closing b.cash == 0\n  rest : b -> a until closing b.cash == 7 usd after pay",
            700,
        ),
        (
            "pay : b -> c = 60 usd/year until closing b.cash == 0\n  rest : b -> a = 90 usd/year until closing b.cash == 0 after pay",
            0,
        ),
        (
            "in : c -> b = 50.005 usd/year\n  pay : b -> c until closing b.cash == 0",
            0,
        ),
        (
            "in : c -> b = 1 usd/year * pay / (2 usd/year)\n  pay : b -> a until closing b.cash == 0",
            0,
        ),
    ];
    for (flows, wanted) in cases {
        let mut model = economy(&format!(
            "flows in cash {{\n  {flows}\n}}\nstart {{\n b.cash = 100.03 usd\n c.cash = 500 usd\n others empty\n}}\n"
        ));
        model.calendar.len = 1;
        let trace = plan_and_run(&model);
        assert_eq!(trace.stop, None, "{flows}");
        let names: Vec<&str> = model
            .accounts
            .iter()
            .map(|account| &*account.name)
            .collect();
        let b = names
            .iter()
            .position(|name| *name == "b.cash")
            .expect("b.cash");
        assert_eq!(trace.positions[model.accounts.len() + b], wanted, "{flows}");
        assert_eq!(judge(&model, &trace, 0, 0).findings, [], "{flows}");
    }
}

/// Two payments that wait for each other: one closes an account that the other moves, and the
/// other goes as far as an account allows that the first one fills.
#[test]
fn payments_that_wait_for_each_other_are_posted_as_solved() {
    let model = economy(
        "instrument note [usd] { issued by a held by b, c }\n\
         exchange note for cash { swap : b <-> c until closing b.note == 0.99 * opening b.note }\n\
         flows in note { back : c -> b = 40 usd/year until closing c.note == 0.5 * opening c.note }\n\
         start {\n b.cash = 900 usd\n c.cash = 900 usd\n b.note = 100 usd\n c.note = 700 usd\n}\n",
    );
    let trace = plan_and_run(&model);
    assert_eq!(trace.stop, None);
    assert_eq!(judge(&model, &trace, 0, 0).findings, []);
    let names: Vec<&str> = model
        .accounts
        .iter()
        .map(|account| &*account.name)
        .collect();
    let note = names
        .iter()
        .position(|name| *name == "b.note")
        .expect("b.note");
    assert_eq!(trace.positions[names.len() + note], 9900);
}

/// An opening with several debtors is theirs as it is said; a gap is refused.
#[test]
fn several_debtors() {
    let loans = "instrument loans [usd] { issued by a, b held by c pooled }\n";
    let told = |start: &str| {
        let text = format!("{HEAD}{loans}start {{\n {start}\n others empty\n}}\n");
        model(&text).map(|model| {
            let trace = plan_and_run(&model);
            let name = |name: &str| model.accounts.iter().position(|a| &*a.name == name);
            let at = |account| trace.positions[name(account).expect("an account")];
            (at("a.loans"), at("b.loans"), at("c.loans"))
        })
    };
    assert_eq!(
        told("c.loans = 10 usd of a 6 usd, b 4 usd"),
        Ok((-600, -400, 1000))
    );
    let gap = told("c.loans = 10 usd of a 6 usd, b 5 usd").expect_err("a gap");
    assert!(gap[0].starts_with("start-unbalanced"), "{gap:?}");
    let open = told("c.loans = 10 usd").expect_err("nobody owes it");
    assert!(open[0].starts_with("start-issuer-split"), "{open:?}");
}

/// Two holders of one pooled claim: each debtor owes the sum of what both lines say.
#[test]
fn debtors_of_several_holders_owe_the_sum() {
    let model = model(
        "model pool\ntime yearly from 1 to 2\nunit usd : money to 0.01\nsector a\nsector b\nsector c\nsector d\n\
         instrument loans [usd] { issued by a, b held by c, d pooled }\n\
         start {\n c.loans = 10 usd of a 6 usd, b 4 usd\n d.loans = 3 usd of a 1 usd, b 2 usd\n others empty\n}\n",
    );
    let model = model.expect("a model");
    let trace = plan_and_run(&model);
    assert_eq!(trace.stop, None);
    let mut opening: Vec<i128> = trace.positions[..model.accounts.len()].to_vec();
    opening.sort_unstable();
    assert_eq!(opening, [-700, -600, 300, 1000]);
}

/// A draw that fails is counted with its inputs; it takes nothing from its neighbours.
#[test]
fn a_failed_draw_leaves_the_others_alone() {
    let model = economy(
        "flows in cash { pay : b -> c = 1 usd/year * normal(10, 20) }\nstart {\n b.cash = 60 usd\n others empty\n}\n",
    );
    let program = saldo_plan::plan(&model);
    let drawn = vec![Vec::new(); 70];
    let traces = saldo_engine::run_draws(&model, &program, (5, 0), &drawn, &common::ALL, &|_| true);
    assert_eq!(traces.len(), 70);
    let failed = traces.iter().filter(|trace| trace.stop.is_some()).count();
    assert!((5..70).contains(&failed), "{failed} of 70 failed");
    for trace in &traces {
        assert!(
            trace
                .vars
                .iter()
                .skip(model.vars.len())
                .all(|value| value.is_finite())
        );
        let through = trace.completed == model.calendar.len;
        assert_eq!(trace.stop.is_none(), through);
        assert_eq!(
            trace.positions.len(),
            (trace.completed + 1) * model.accounts.len()
        );
    }
    let first = run(&model, &program, 5);
    assert_eq!(format!("{:?}", traces[0]), format!("{first:?}"));
}
