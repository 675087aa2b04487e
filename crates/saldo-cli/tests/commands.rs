//! The command line as a user meets it: every verb and option, what it prints where, and the
//! exit codes (`commands.txt`); what newcomers, careless and hostile users stumble over
//! (`stumbles.txt`). Then: every command that README and manual print is run.

mod common;

use common::place::{Place, interrupt};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fresh folder with SIM as `island`, its evidence, a scenario and a rival.
fn place(name: &str) -> Place {
    let place = Place::new(name);
    assert_eq!(place.saldo("new island").code, 0);
    place.write("island/evidence.saldo", EVIDENCE);
    place.write("island/scenarios.saldo", SCENARIO);
    place.write("island/rivals.saldo", RIVALS);
    place.write("hands.saldo", HANDS);
    place.write("dour.saldo", DOUR);
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

const DOUR: &str = "scenario dour for island \"Everybody is gloomy\"
use mood = gloomy
";

/// Each line a command of the shell, `=>`, its exit code, then what standard output (`out:`) and
/// standard error (`err:`) contain: parts set apart by `; `, with `!` before what they must not.
const TABLES: [(&str, &str); 2] = [
    ("commands", include_str!("commands.txt")),
    ("stumbles", include_str!("stumbles.txt")),
];

#[test]
fn every_command_does_what_the_tables_say() {
    let mut wrong = Vec::new();
    for (name, table) in TABLES {
        let place = place(name);
        let rows = table.lines().filter(|line| line.contains(" => "));
        wrong.extend(rows.filter_map(|row| amiss(&place, row)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

/// What a command did otherwise than its row says.
fn amiss(place: &Place, row: &str) -> Option<String> {
    let (script, wanted) = row.split_once(" => ").expect("an arrow");
    let (wanted, err) = wanted.split_once(" err: ").unwrap_or((wanted, ""));
    let (code, out) = wanted.split_once(" out: ").unwrap_or((wanted, ""));
    let said = place.shell(script);
    let mut amiss: Vec<String> = missing(out, &said.out)
        .chain(missing(err, &said.err))
        .collect();
    if said.code.to_string() != code {
        amiss.push(format!("exit code {}, not {code}", said.code));
    }
    let told = amiss.join("; ");
    (!amiss.is_empty()).then(|| format!("{script}: {told}\n{}{}", said.out, said.err))
}

fn missing<'a>(wanted: &'a str, text: &'a str) -> impl Iterator<Item = String> + 'a {
    let parts = wanted.split("; ").filter(|part| !part.is_empty());
    let amiss = |part: &&str| match part.strip_prefix('!') {
        Some(bad) => text.contains(bad),
        None => !text.contains(*part),
    };
    parts.filter(amiss).map(|part| format!("wanted `{part}`"))
}

/// A template brings every text of its model in the gallery, and runs.
#[test]
fn templates_are_whole() {
    let place = Place::new("templates");
    let told = place.saldo("new x --template nothing").err;
    let names = told.split_once("one of: ").expect("a list").1;
    for name in names
        .split_whitespace()
        .map(|name| name.trim_end_matches(','))
    {
        assert_eq!(
            place.saldo(&format!("new {name} --template {name}")).code,
            0
        );
        assert_eq!(place.saldo(&format!("check {name}")).code, 0, "{name}");
        let count = |folder: &Path| saldo_exchange::texts_below(folder).len();
        let gallery = root().join("models").join(name);
        assert_eq!(count(&place.path(name)), count(&gallery), "{name}");
    }
}

/// Completions of every shell name every verb, and are read by the shells that are installed.
#[test]
fn completions_are_read_by_their_shells() {
    let place = Place::new("completions");
    let shells = [
        ("bash", "bash", "bash -n script"),
        ("zsh", "zsh", "zsh -n script"),
        ("fish", "fish", "fish --no-execute script"),
        ("powershell", "pwsh", "pwsh -NoProfile -File script.ps1"),
        ("elvish", "elvish", "elvish -compileonly script"),
    ];
    for (shell, program, judge) in shells {
        let script = place.saldo(&format!("completions {shell}"));
        assert_eq!(script.code, 0, "{shell}");
        for verb in verbs(&place) {
            assert!(script.out.contains(&verb), "{shell} does not know {verb}");
        }
        place.write("script", &script.out);
        place.write("script.ps1", &script.out);
        if place.shell(&format!("command -v {program}")).code == 0 {
            let said = place.shell(judge);
            assert!(said.code == 0 && said.err.is_empty(), "{shell}: {said:?}");
        }
    }
}

/// The first word of each line below `Commands:`.
fn verbs(place: &Place) -> Vec<String> {
    let help = place.saldo("--help").out;
    let list = help.split_once("Commands:\n").expect("commands").1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    let first = |line: &str| line.split_whitespace().next().map(String::from);
    let verbs: Vec<String> = lines.filter_map(first).collect();
    assert!(verbs.len() > 10, "{verbs:?}");
    verbs
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
        let text = place.saldo(&format!("{words} --json")).out;
        assert_eq!(text.lines().count(), 1, "saldo {words} --json: {text}");
        let answer: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(answer["version"], 1, "{words}");
        assert!(answer["seconds"].is_object(), "{words}: {text}");
    }
}

#[test]
fn draws_do_not_depend_on_threads_and_come_first_in_the_table() {
    let place = place("threads");
    let mut tables = Vec::new();
    for threads in 1..=3 {
        let words = "run island --draws 150 --seed 5 --out";
        let said = place.saldo(&format!("{words} d{threads}.csv --threads {threads}"));
        assert_eq!(said.code, 0);
        tables.push(place.text(&format!("d{threads}.csv")));
    }
    assert!(tables[0] == tables[1] && tables[1] == tables[2]);
    let text = tables.swap_remove(0);
    assert!(text.starts_with("draw,period,output,"));
    assert_eq!(text.lines().count(), 1 + 150 * 61);
}

/// Draw i is the run with the inputs of draw i.
#[test]
fn a_draw_repeats_as_a_single_run() {
    let place = place("single");
    let said = place.saldo("run island --draws 3 --seed 9 --out d.csv --json");
    assert_eq!(said.code, 0);
    let table = place.text("d.csv");
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
}

#[test]
fn what_titles_bring_along_is_shown_and_never_obeyed() {
    let place = place("titles");
    let text =
        place.text("island/model.saldo") + "\n`=1+1` \"bad \u{1b}[31m title & co_\" = 2 * output\n";
    place.write("island/model.saldo", text);
    let head = place.saldo("export island").out;
    let head = head.lines().next().expect("a header").to_string();
    assert!(!head.split(',').any(|cell| cell.starts_with('=')), "{head}");
    for words in ["run island", "show equations island", "show units island"] {
        assert!(!place.saldo(words).out.contains('\u{1b}'), "saldo {words}");
    }
}

/// Ctrl-C ends a command with what it has, says so and gives 130. The work asked for takes many
/// seconds: the signal finds it on any machine.
#[cfg(unix)]
#[test]
fn interrupted_work_says_so() {
    let place = place("interrupt");
    let text = place.text("island/model.saldo");
    place.write(
        "island/model.saldo",
        text.replace("from 1 to 60", "from 1 to 5000"),
    );
    for words in [
        "run island --draws 2000 --out out",
        "compare island --draws 2000 --of output",
        "test island --draws 2000",
        "export island --draws 2000 --out e.csv",
    ] {
        let child = place.spawn(words);
        std::thread::sleep(Duration::from_millis(700));
        interrupt(&child);
        let said = child.wait_with_output().expect("an end");
        assert_eq!(said.status.code(), Some(130), "{words}: {said:?}");
    }
    let manifest = place.text("out/manifest.json");
    assert!(manifest.contains("\"complete\": false"), "{manifest}");
}

/// Waits for something that a running command does.
fn wait(what: impl Fn() -> bool) {
    for _ in 0..200 {
        if what() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited too long");
}

/// `--watch` runs again when a text changes and says what that did.
#[cfg(unix)]
#[test]
fn a_watched_model_runs_again() {
    let place = place("watch");
    let child = place.spawn("run island --watch");
    let manifest = place.path("results/island-baseline/manifest.json");
    wait(|| manifest.exists());
    let first = std::fs::read_to_string(&manifest).expect("a manifest");
    let text = place.text("island/model.saldo");
    std::thread::sleep(Duration::from_millis(700));
    place.write(
        "island/model.saldo",
        text.replace("theta  = 20%", "theta  = 25%"),
    );
    wait(|| std::fs::read_to_string(&manifest).is_ok_and(|now| now != first));
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    let out = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(130));
    assert!(said.contains("output: 99.997 → 80.000"), "{said}");
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(told.contains("changed: island/model.saldo"), "{told}");
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
        let place = Place::new(&format!("docs-{at}"));
        for folder in ["models", "book"] {
            copy(&root().join(folder), &place.path(folder));
        }
        for words in commands {
            let said = place.saldo(&words);
            // A documented `saldo test` may show a model that misses its evidence.
            let fine = said.code == 0 || (words.starts_with("test") && said.code == 1);
            if !fine {
                wrong.push(format!("{}: saldo {words}\n{}", page.display(), said.err));
            }
        }
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
