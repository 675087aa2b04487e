//! Text of any kind: a message and an exit code of the contract, in bounded time and memory.

mod common;

use common::place::Place;

const HEAD: &str = "model h\ntime yearly from 1 to 3\nunit usd : money to 0.01\n";

fn members(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|at| format!("m{at}")).collect();
    format!("set b {{ {} }}\n", names.join(", "))
}

/// A payment that closes an account which others close too.
fn payment(at: usize, end: &str) -> String {
    format!("f{at} : a -> b = 1 usd/year until closing b.cash == 0 usd {end}\n")
}

fn shared(flows: impl Iterator<Item = String>) -> String {
    let flows: String = flows.collect();
    let cash = "instrument cash [usd] { issued by a held by b }";
    format!("sector a\nsector b\n{cash}\nflows in cash {{\n{flows}}}\n")
}

/// Texts and the id each must be answered with.
fn texts() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let model = |body: String| (HEAD.to_string() + &body).into_bytes();
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    vec![
        ("empty", Vec::new(), "model-missing"),
        (
            "brackets",
            model("x = ".to_string() + &"(".repeat(100_000)),
            "too-deep",
        ),
        (
            "closed",
            model(format!(
                "x = {}1{}\n",
                "(".repeat(100_000),
                ")".repeat(100_000)
            )),
            "too-deep",
        ),
        (
            "minus",
            model(format!("x = {}1\n", "-".repeat(100_000))),
            "too-deep",
        ),
        (
            "blocks",
            model("each b in c {\n".repeat(20_000)),
            "too-deep",
        ),
        ("braces", model("{".repeat(100_000)), "expected"),
        (
            "sum",
            model(format!("x = {}1\n", "1 + ".repeat(300_000))),
            "too-deep",
        ),
        (
            "path",
            model(format!("x = {}b\n", "a.".repeat(100_000))),
            "unknown-name",
        ),
        (
            "name",
            model(format!("x = {}\n", "n".repeat(1_000_000))),
            "unknown-name",
        ),
        (
            "number",
            model(format!("x = {}\n", "9".repeat(1_000_000))),
            "number-range",
        ),
        (
            "power",
            model("x = 3 usd^2147483648\nstart empty\n".into()),
            "error[",
        ),
        (
            "year",
            b"model h\ntime yearly from 99999999999 to 3\n".to_vec(),
            "date-impossible",
        ),
        (
            "days",
            b"model h\ntime daily from 1 to 2147483647\n".to_vec(),
            "time-impossible",
        ),
        (
            "index",
            model(members(1000) + "param a[b, b, b, b, b] = 1 \"t\" assumed \"x\"\n"),
            "too-many-elements",
        ),
        (
            "letters",
            model(members(1000) + "each i in b, j in b, k in b { x[i, j, k] = 1 }\n"),
            "too-many-elements",
        ),
        (
            "letter in letter",
            model(
                members(1000) + "each i in b { each j in b { each k in b { x[i, j, k] = 1 } } }\n",
            ),
            "too-many-elements",
        ),
        (
            "reduction",
            model(members(1000) + "x = sum(i in b, j in b, k in b : 1)\n"),
            "too-many-elements",
        ),
        (
            "family",
            model(members(1000) + "sector s over b, b, b\n"),
            "too-many-elements",
        ),
        ("signs", "§".repeat(500_000).into_bytes(), "strange-sign"),
        (
            "junk",
            "x y z\n".repeat(200_000).into_bytes(),
            "many-problems",
        ),
        ("unknown", model("x = y\n".repeat(20_000)), "many-problems"),
        (
            "unknown each",
            model((0..10_000).map(|at| format!("x{at} = y{at}\n")).collect()),
            "many-problems",
        ),
        (
            "all at once",
            model(shared((0..5000).map(|at| payment(at, "")))),
            "two-untils",
        ),
        ("zero bytes", b"model h\0\n".to_vec(), "file-encoding"),
        (
            "utf-16",
            [&b"\xff\xfe"[..], &wide("model h\n")].concat(),
            "UTF-16",
        ),
        ("utf-16 without a mark", wide("model h\n"), "file-encoding"),
        (
            "latin-1",
            b"model h \"caf\xe9\"\n".to_vec(),
            "file-encoding",
        ),
        (
            "old line ends",
            b"model h\rtime yearly from 1 to 3\r".to_vec(),
            "carriage return",
        ),
    ]
}

#[test]
fn every_text_is_answered() {
    let place = Place::new("hostile-texts");
    let mut wrong = Vec::new();
    for (name, text, wanted) in texts() {
        place.write("a.saldo", &text);
        for verb in ["check", "fmt"] {
            let said = place.saldo(&format!("{verb} a.saldo"));
            let (said, code) = (said.err, said.code);
            let after = std::fs::read(place.path("a.saldo")).expect("a file");
            if code != 0 && after != text {
                wrong.push(format!("{name}: {verb} changed a text it cannot read"));
            }
            // What only the checker can know is no matter of layout.
            let syntax = verb == "check" || said.contains(wanted);
            if !matches!(code, 0 | 1) || (verb == "check" && code != 1) {
                wrong.push(format!("{name}: {verb} exits with {code}"));
            }
            if !said.contains(wanted) && syntax {
                wrong.push(format!(
                    "{name}: {verb} says\n{}",
                    &said.chars().take(400).collect::<String>()
                ));
            }
            if said.len() > 300_000 {
                wrong.push(format!("{name}: {verb} says {} bytes", said.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn long_but_plain_texts_are_read() {
    let place = Place::new("hostile-long");
    for (name, body) in [
        ("comments", "# a comment\n".repeat(1_000_000)),
        ("blank", "\n".repeat(1_000_000)),
        (
            "queue",
            shared((0..600).map(|at| payment(at, &format!("after f{}", at + 1)))),
        ),
    ] {
        place.write("a.saldo", HEAD.to_string() + &body + "x = 1\nstart empty\n");
        for verb in ["check", "fmt"] {
            let said = place.saldo(&format!("{verb} a.saldo"));
            assert_eq!(said.code, 0, "{name}: {}", said.err);
        }
    }
}

#[cfg(unix)]
#[test]
fn folders_of_any_kind_are_answered() {
    use std::os::unix::fs::symlink;
    let place = Place::new("hostile-folders");
    let make = |name: &str| std::fs::create_dir_all(place.path(name)).expect("a folder");
    make("nothing");
    make("folder/model.saldo");
    make("loop");
    make("dangling");
    place.write(
        "loop/model.saldo",
        HEAD.to_string() + "x = 1\nstart empty\n",
    );
    symlink(".", place.path("loop/again")).expect("a link");
    symlink("../loop", place.path("loop/once_more")).expect("a link");
    symlink("nowhere", place.path("dangling/model.saldo")).expect("a link");
    let cases = [
        ("nothing", "no-model-file", 1),
        ("folder", "no-model-file", 1),
        ("dangling", "no-model-file", 1),
        ("loop", "", 0),
        ("absent", "file-missing", 2),
        ("/dev/null", "model-missing", 1),
        ("/dev/zero", "file-encoding", 1),
    ];
    for (path, wanted, exit) in cases {
        let said = place.saldo(&format!("check {path}"));
        assert!(
            said.err.contains(wanted) && said.code == exit,
            "{path}: {said:?}"
        );
    }
}
