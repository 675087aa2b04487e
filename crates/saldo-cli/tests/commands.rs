//! The command line as a user meets it: every verb and option, what it prints where, and the
//! exit codes. Then: every command that README and manual print is run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fresh folder with SIM as `island`, its evidence, a scenario and a rival.
fn place(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("saldo-commands-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).expect("a folder");
    assert!(saldo(&place, "new island").status.success());
    let put = |name: &str, text: &str| std::fs::write(place.join(name), text).expect("a file");
    put("island/evidence.saldo", EVIDENCE);
    put("island/scenarios.saldo", SCENARIO);
    put("island/rivals.saldo", RIVALS);
    put("hands.saldo", HANDS);
    place
}

const EVIDENCE: &str = "evidence for island
prior alpha1 ~ normal(0.6, 0.05) within 0.4 .. 0.8 assumed \"an example\"
prior theta ~ uniform(15%, 25%) assumed \"an example\"
";
const SCENARIO: &str = "scenario spending for island \"More is spent\"
set G = 25 usd/year from 10
";
const RIVALS: &str = "choice mood \"How people feel\" { calm \"Calm\", gloomy \"Gloomy\" }
spirits = if mood == gloomy then 0.9 else 1
";
const HANDS: &str = "scenario hands for island \"Somebody bends an equation\"
fix income = 30 usd/year from 3 to 5
";

fn saldo(place: &Path, words: &str) -> Output {
    let words = words.split_whitespace();
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command.args(words).current_dir(place).stdin(Stdio::null());
    command.output().expect("saldo runs")
}

/// What a command gives: words, exit code, what standard output and standard error contain.
/// `|` separates several that must all be there; `!` before one: it must not.
const TABLE: &[(&str, i32, &str, &str)] = &[
    // nothing, wrong, help
    ("", 2, "", "Usage"),
    ("--help", 0, "Usage|compare|doctor", ""),
    ("--version", 0, "saldo 0.", ""),
    ("fly", 2, "", "unrecognized"),
    (
        "run --help",
        0,
        "--draws|--choices|--watch|--again|--oracle|--allow",
        "",
    ),
    // new
    ("new island", 2, "", "folder-taken"),
    ("new 9lives", 2, "", "name-malformed"),
    ("new sea --template simm", 2, "", "template-unknown|sim"),
    (
        "new sea --template pc --json",
        0,
        "\"version\"|\"seconds\"",
        "",
    ),
    // check
    ("check island", 0, "fine", ""),
    ("check island --json", 0, "\"ok\":true|\"seconds\"", ""),
    ("check nowhere", 2, "", "file-missing"),
    (
        "check island --format short --set thta=3",
        1,
        "",
        "unknown-name|!┌",
    ),
    (
        "check island --format github --set thta=3",
        1,
        "",
        "::error",
    ),
    ("check island --set theta", 2, "", "usage"),
    ("check island --set theta=25apples", 1, "", "error["),
    ("check island --set G=3kg", 1, "", "error["),
    ("check island -s spending", 0, "fine", ""),
    (
        "check island -s nothing",
        1,
        "",
        "scenario-unknown|spending",
    ),
    ("check island --choose mood=angry", 1, "", "choice-unknown"),
    // run
    (
        "run island",
        0,
        "balance exactly|results/island-baseline|mood=calm",
        "!error",
    ),
    (
        "run island -s spending --to 20",
        0,
        "20 of 20 periods|results/island-spending",
        "",
    ),
    ("run island --to 0", 1, "", "time-impossible"),
    ("run island --out a.csv", 0, "a.csv", ""),
    ("run island --out a.parquet", 0, "a.parquet", ""),
    ("run island --out folder/", 0, "folder", ""),
    ("run island --again", 2, "", "not-a-result"),
    (
        "run folder --again",
        0,
        "the same bytes|results.csv|report.html",
        "",
    ),
    ("run folder --again --json", 0, "\"same\":true", ""),
    (
        "run island --draws 8 --seed 3",
        0,
        "median|nine in ten|alpha1, theta|8 ran to the end",
        "",
    ),
    ("run island --draws 0", 2, "", "draws-range"),
    ("run island --draws 99999999", 2, "", "draws-range"),
    ("run island --draws 1000000", 1, "", "draws-memory"),
    ("run island --draws many", 2, "", "invalid value"),
    (
        "run island --threads 2 --draws 4 --out t.csv",
        0,
        "t.csv",
        "",
    ),
    (
        "run island --choices all",
        0,
        "mood=calm|mood=gloomy|range over all",
        "",
    ),
    (
        "run island --choices all --choose mood=gloomy",
        0,
        "as written",
        "",
    ),
    ("run island --choices some", 2, "", "invalid value"),
    (
        "run island -s hands.saldo",
        0,
        "Hand on an equation: income = 30|results/island-hands",
        "",
    ),
    ("run island --oracle", 0, "", "the run is confirmed"),
    (
        "run island --json",
        0,
        "\"seconds\"|\"write\"|\"completed\":60",
        "!{",
    ),
    (
        "run island --set G=1e40usd/year",
        3,
        "no period was completed",
        "books-range",
    ),
    (
        "run island --out island/model.saldo/x",
        1,
        "",
        "write-failed",
    ),
    ("run island --out island.csv/x.csv", 0, "x.csv", ""),
    ("run island --out /dev/null", 0, "written", ""),
    // show
    ("show matrix island", 0, "balance sheet|wages|Σ", ""),
    (
        "show matrix island --at 2 --latex",
        0,
        "\\begin{tabular}",
        "",
    ),
    ("show matrix island --at 2 --markdown", 0, "|---|", ""),
    ("show matrix island --at 2 --csv", 0, "sum", ""),
    ("show matrix island --split", 0, "balance sheet", ""),
    ("show matrix island --at 99", 2, "", "period-unknown"),
    ("show matrix island --csv --latex", 2, "", "cannot be used"),
    ("show order island", 0, "1. ", ""),
    ("show loop output island", 0, "circle", ""),
    ("show loop island output", 0, "circle", ""),
    ("show loop island --name output", 0, "circle", ""),
    ("show loop island", 2, "", "usage"),
    ("show loop outptu island", 2, "", "did you mean"),
    ("show equations island", 0, "output = ", ""),
    ("show equations island --latex", 0, "align*", ""),
    (
        "show equations island --json",
        0,
        "\"shown\"|\"seconds\"",
        "",
    ),
    ("show units island", 0, "usd/year", ""),
    ("show start island", 0, "balance sheet", ""),
    ("show chart output island", 0, "▁", ""),
    ("show chart output island --svg", 0, "<svg", ""),
    ("show everything island", 2, "", "invalid value"),
    // compare
    ("compare island", 2, "", "usage"),
    (
        "compare island -w spending --of output",
        0,
        "output|spending",
        "",
    ),
    (
        "compare island -s spending --of output",
        0,
        "baseline|spending",
        "",
    ),
    (
        "compare island -w spending --of output --by percent --at 60",
        0,
        "24.997|%",
        "",
    ),
    (
        "compare island -w spending --of output --by points --at 60",
        0,
        "percentage points",
        "",
    ),
    (
        "compare island -w spending --of output --by level --at 60",
        0,
        "125",
        "",
    ),
    (
        "compare island -w spending --of output --draws 5 --at 60",
        0,
        "Median [nine in ten] of 5 runs",
        "",
    ),
    (
        "compare island -w spending --of output --choices all --at 60",
        0,
        "range over all 2 combinations",
        "",
    ),
    (
        "compare island -w spending --of outptu",
        2,
        "",
        "name-unknown",
    ),
    (
        "compare island -w spending --at 99",
        2,
        "",
        "period-unknown",
    ),
    (
        "compare island -w spending --json",
        0,
        "\"quantities\"|\"seconds\"",
        "",
    ),
    // test
    ("test island", 0, "held", ""),
    ("test island --to 3", 1, "missed", ""),
    ("test island --draws 3", 0, "draw 2", ""),
    ("test island --json", 0, "\"ok\":true|\"seconds\"", ""),
    ("test island --oracle", 0, "", "the run is confirmed"),
    // export
    ("export island", 0, "period,output", ""),
    (
        "export island --as long-csv",
        0,
        "period,quantity,sector,instrument,unit,value",
        "",
    ),
    ("export island --as json", 0, "\"quantities\"", ""),
    ("export island --as markdown --at 2", 0, "|---|", ""),
    ("export island --as latex", 0, "tabular", ""),
    (
        "export island --as parquet --out b.parquet --json",
        0,
        "\"form\":\"parquet\"|\"seconds\"",
        "",
    ),
    ("export island --draws 2", 0, "draw,period,output", ""),
    (
        "export island --choices all --draws 2",
        0,
        "choices,draw,period|mood=gloomy,1,",
        "",
    ),
    ("export island -s spending --out s.csv", 0, "s.csv", ""),
    ("export island --as excel", 2, "", "form-unknown"),
    ("export island --as latex --at 99", 2, "", "period-unknown"),
    // report, explain, doctor, completions
    ("report island --out r.html", 0, "r.html", ""),
    (
        "report island --out r.html --json",
        0,
        "\"out\"|\"seconds\"",
        "",
    ),
    ("explain", 0, "stock-plus-flow|overdraft", ""),
    ("explain overdraft", 0, "overdraft", ""),
    ("explain overdraft --json", 0, "\"pages\"|\"seconds\"", ""),
    ("explain overdarft", 2, "", "did you mean"),
    ("doctor", 0, "arithmetic", ""),
    ("doctor --json", 0, "\"facts\"|\"seconds\"", ""),
    ("completions bash", 0, "saldo", ""),
    ("completions tcsh", 2, "", "invalid value"),
];

#[test]
fn every_verb_and_option_does_what_the_table_says() {
    let place = place("table");
    let mut wrong = Vec::new();
    for (words, code, stdout, stderr) in TABLE {
        let out = saldo(&place, words);
        let texts = [&out.stdout, &out.stderr].map(|it| String::from_utf8_lossy(it).into_owned());
        let mut amiss: Vec<String> = [(stdout, &texts[0]), (stderr, &texts[1])]
            .iter()
            .flat_map(|(wanted, text)| missing(wanted, text))
            .collect();
        if out.status.code() != Some(*code) {
            amiss.push(format!("exit code {:?}, not {code}", out.status.code()));
        }
        if !amiss.is_empty() {
            wrong.push(format!(
                "saldo {words}: {}\n{}{}",
                amiss.join("; "),
                texts[0],
                texts[1]
            ));
        }
    }
    let _ = std::fs::remove_dir_all(place);
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

fn missing(wanted: &str, text: &str) -> Vec<String> {
    let parts = match wanted {
        "|---|" => vec![wanted],
        _ => wanted.split('|').collect(),
    };
    let amiss = |part: &&str| match part.strip_prefix('!') {
        Some(bad) => text.contains(bad),
        None => !text.contains(*part),
    };
    let told = |part: &str| format!("wanted `{part}`");
    parts.into_iter().filter(amiss).map(told).collect()
}

#[test]
fn json_answers_are_one_line_with_version_and_seconds() {
    let place = place("json");
    for words in [
        "check island",
        "run island",
        "run island --draws 3",
        "run island --choices all",
        "compare island -w spending",
        "show matrix island",
        "test island",
        "export island --out x.csv",
        "report island",
        "explain",
        "doctor",
        "new atoll",
    ] {
        let out = saldo(&place, &format!("{words} --json"));
        let text = String::from_utf8(out.stdout).expect("text");
        assert_eq!(text.lines().count(), 1, "saldo {words} --json: {text}");
        let answer: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(answer["version"], 1, "{words}");
        assert!(answer["seconds"].is_object(), "{words}: {text}");
    }
    let _ = std::fs::remove_dir_all(place);
}

#[test]
fn draws_do_not_depend_on_threads_and_come_first_in_the_table() {
    let place = place("threads");
    let mut tables = Vec::new();
    for threads in 1..=3 {
        let out = saldo(
            &place,
            &format!("run island --draws 150 --seed 5 --threads {threads} --out d{threads}.csv"),
        );
        assert!(out.status.success());
        let table = std::fs::read(place.join(format!("d{threads}.csv")));
        tables.push(table.expect("a table"));
    }
    assert!(tables[0] == tables[1] && tables[1] == tables[2]);
    let text = String::from_utf8(tables.swap_remove(0)).expect("text");
    assert!(text.starts_with("draw,period,output,"));
    assert_eq!(text.lines().count(), 1 + 150 * 61);
    let _ = std::fs::remove_dir_all(place);
}

/// Draw i is the run with the inputs of draw i.
#[test]
fn a_draw_repeats_as_a_single_run() {
    let place = place("single");
    let out = saldo(&place, "run island --draws 3 --seed 9 --out d.csv --json");
    assert!(out.status.success());
    let table = std::fs::read_to_string(place.join("d.csv")).expect("a table");
    let header: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|it| *it == name).expect("a column");
    let cell = |row: &str, name: &str| -> f64 {
        let cell = row.split(',').nth(column(name)).expect("a cell");
        cell.parse().expect("a number")
    };
    // The tax rate of draw 2 shows in its own first period; all its later periods must agree.
    let row = |period: &str| {
        let start = format!("2,{period},");
        let mut rows = table.lines();
        rows.find(|row| row.starts_with(&start))
            .expect("a row")
            .to_string()
    };
    let theta = cell(&row("1"), "taxes") / cell(&row("1"), "wages");
    let last = cell(&row("60"), "output");
    assert!(
        (0.15..0.25).contains(&theta) && (last - 20.0 / theta).abs() < 0.1,
        "{theta} {last}"
    );
    let _ = std::fs::remove_dir_all(place);
}

#[test]
fn what_titles_bring_along_is_shown_and_never_obeyed() {
    let place = place("titles");
    let text = std::fs::read_to_string(place.join("island/model.saldo")).expect("a model");
    let text = text + "\n`=1+1` \"bad \u{1b}[31m title & co_\" = 2 * output\n";
    std::fs::write(place.join("island/model.saldo"), text).expect("a file");
    let csv = saldo(&place, "export island");
    let head = String::from_utf8_lossy(&csv.stdout).into_owned();
    let head = head.lines().next().expect("a header").to_string();
    assert!(!head.split(',').any(|cell| cell.starts_with('=')), "{head}");
    for words in ["run island", "show equations island", "show units island"] {
        let out = saldo(&place, words);
        assert!(!out.stdout.contains(&0x1b), "saldo {words}");
    }
    let _ = std::fs::remove_dir_all(place);
}

/// A reader that goes away is no defect; a full disk is told.
#[cfg(unix)]
#[test]
fn closed_and_full_outputs() {
    let place = place("pipes");
    let shell = |script: &str| {
        let saldo = env!("CARGO_BIN_EXE_saldo");
        let script = script.replace("saldo ", &format!("{saldo} "));
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(&place);
        command.output().expect("a shell")
    };
    let out = shell("saldo export island --as long-csv | head -1");
    assert!(out.status.success() && out.stderr.is_empty(), "{out:?}");
    assert_eq!(shell("saldo explain >&-").status.code(), Some(0));
    if Path::new("/dev/full").exists() {
        let out = shell("saldo explain > /dev/full");
        assert_eq!(out.status.code(), Some(1), "{out:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("write-failed"));
    }
    let _ = std::fs::remove_dir_all(place);
}

/// Ctrl-C ends a run after the current period, with what it has. The run asked for takes many
/// seconds: the signal finds it at work on any machine.
#[cfg(unix)]
#[test]
fn an_interrupted_run_says_so() {
    let place = place("interrupt");
    let model = place.join("island/model.saldo");
    let text = std::fs::read_to_string(&model).expect("a model");
    std::fs::write(&model, text.replace("from 1 to 60", "from 1 to 5000")).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command
        .args(["run", "island", "--draws", "2000", "--out", "out"])
        .current_dir(&place);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("saldo");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let stop = format!("kill -INT {}", child.id());
    Command::new("sh")
        .args(["-c", &stop])
        .status()
        .expect("a signal");
    let out = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(130), "{said}");
    let manifest = std::fs::read_to_string(place.join("out/manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"complete\": false"), "{manifest}");
    let _ = std::fs::remove_dir_all(place);
}

/// `--watch` runs again when a text changes and says what that did.
#[cfg(unix)]
#[test]
fn a_watched_model_runs_again() {
    let place = place("watch");
    let child = Command::new(env!("CARGO_BIN_EXE_saldo"))
        .args(["run", "island", "--watch"])
        .current_dir(&place)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("saldo");
    let manifest = place.join("results/island-baseline/manifest.json");
    let wait = |what: &dyn Fn() -> bool| {
        for _ in 0..200 {
            if what() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("waited too long");
    };
    wait(&|| manifest.exists());
    let first = std::fs::read_to_string(&manifest).expect("a manifest");
    let model = place.join("island/model.saldo");
    let text = std::fs::read_to_string(&model).expect("a model");
    std::thread::sleep(std::time::Duration::from_millis(700));
    std::fs::write(&model, text.replace("theta  = 20%", "theta  = 25%")).expect("a file");
    wait(&|| std::fs::read_to_string(&manifest).is_ok_and(|now| now != first));
    std::thread::sleep(std::time::Duration::from_millis(300));
    let stop = format!("kill -INT {}", child.id());
    Command::new("sh")
        .args(["-c", &stop])
        .status()
        .expect("a signal");
    let out = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(130));
    assert!(said.contains("output: 99.997 → 80.000"), "{said}");
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(told.contains("changed: island/model.saldo"), "{told}");
    let _ = std::fs::remove_dir_all(place);
}

/// Every `saldo …` of the `sh` blocks of README and manual, in a folder of their own.
#[test]
fn documented_commands_run() {
    let mut wrong = Vec::new();
    for (at, page) in pages().iter().enumerate() {
        let text = std::fs::read_to_string(page).expect("a page");
        let commands = commands(&text);
        if commands.is_empty() {
            continue;
        }
        let place = std::env::temp_dir().join(format!("saldo-docs-{}-{at}", std::process::id()));
        let _ = std::fs::remove_dir_all(&place);
        copy(&root().join("models"), &place.join("models"));
        for words in commands {
            let out = saldo(&place, &words);
            // A documented `saldo test` may show a model that misses its evidence.
            let fine =
                out.status.success() || (words.starts_with("test") && out.status.code() == Some(1));
            if !fine {
                let said = String::from_utf8_lossy(&out.stderr).into_owned();
                wrong.push(format!("{}: saldo {words}\n{said}", page.display()));
            }
        }
        let _ = std::fs::remove_dir_all(place);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let folders = ["book", "docs"].map(|name| root().join(name));
    let models = std::fs::read_dir(root().join("models")).expect("models");
    let folders = folders
        .into_iter()
        .chain(models.flatten().map(|it| it.path()));
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        pages.extend(entries.map(|entry| entry.path()));
    }
    pages.retain(|page| page.extension().is_some_and(|end| end == "md"));
    pages.sort();
    pages
}

/// What stands after `saldo ` or `cargo run … -- ` in `sh` blocks, without comments.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.trim().strip_prefix("```") {
            Some(language) => inside = language.trim() == "sh",
            None if inside => {
                let line = line.split(" #").next().unwrap_or_default().trim();
                let line = line.strip_prefix("$ ").unwrap_or(line);
                let run = line
                    .starts_with("cargo run")
                    .then(|| line.split_once(" -- "))
                    .flatten();
                let words = run.map(|(_, words)| words).or(line.strip_prefix("saldo "));
                let endless =
                    |words: &&str| !words.contains("--watch") && !words.contains("--open");
                found.extend(words.filter(endless).map(String::from));
            }
            None => {}
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, &target).expect("a copy")),
        }
    }
}
