//! The page, in a real browser where one is installed, and what needs none.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of this test's own.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("page")
        .join(name);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).expect("a folder");
    place
}

fn saldo(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
    command.args(words).output().expect("saldo runs")
}

fn done(words: &[&str]) {
    let output = saldo(words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "saldo {words:?}: {told}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in Unicode")
}

fn model(name: &str) -> String {
    text(&root().join("models").join(name)).to_string()
}

/// The first of these programs that answers.
fn installed(names: &[&str]) -> Option<String> {
    let answers = |name: &&&str| Command::new(name).arg("--version").output().is_ok();
    names.iter().find(answers).map(ToString::to_string)
}

/// Looks at pages in a real browser: `kind=file` each. Says on the terminal if it cannot.
fn look(files: &[(&str, &Path)]) {
    let browser = installed(&["chromium", "chromium-browser", "google-chrome"]);
    let node = installed(&["node"]);
    let library = root()
        .join("tests/page/node_modules/playwright-core")
        .exists();
    let (Some(browser), Some(node), true) = (browser, node, library) else {
        // Past the test's captured output: a skipped test says so.
        let _ = std::io::stderr().write_all(
            b"SKIPPED: the page was not looked at: it needs chromium, node, and `npm ci` in tests/page\n",
        );
        return;
    };
    let found = Command::new("sh")
        .args(["-c", "command -v \"$0\"", &browser])
        .output()
        .expect("a shell");
    let named = files
        .iter()
        .map(|(kind, file)| format!("{kind}={}", text(file)));
    let output = Command::new(node)
        .arg(root().join("tests/page/check.mjs"))
        .arg(String::from_utf8_lossy(&found.stdout).trim())
        .args(named)
        .output()
        .expect("node runs");
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
}

#[test]
fn a_reader_can_do_everything_in_a_browser() {
    let place = place("browser");
    let page = place.join("page.html");
    done(&["report", &model("coal"), "--out", text(&page)]);
    done(&["run", &model("coal"), "--out", text(&place.join("run"))]);
    let markup = place.join("markup.html");
    let hostile = hostile(&place);
    done(&["report", text(&hostile), "--out", text(&markup)]);
    let results = place.join("run/results.csv");
    look(&[("page", &page), ("results", &results), ("markup", &markup)]);
}

#[test]
fn draws_are_bands_and_scenarios_stand_side_by_side() {
    let place = place("bands");
    let (model, many) = (uncertain(&place), place.join("many"));
    done(&["run", text(&model), "--draws", "40", "--out", text(&many)]);
    let three = place.join("three");
    let scenarios = ["-s", "saving", "-s", "spending"];
    let mut words = vec!["run", text(&model), "--out", text(&three)];
    words.extend(scenarios);
    done(&words);
    let pages =
        [&many, &three].map(|folder| (folder.join("report.html"), folder.join("results.csv")));
    let [(fans, draws), (page, runs)] = &pages;
    look(&[
        ("fans", fans),
        ("draws", draws),
        ("scenarios", page),
        ("runs", runs),
    ]);
}

/// SIM with a prior and two scenarios.
fn uncertain(place: &Path) -> PathBuf {
    let model = place.join("island");
    copy(&root().join("models/sim"), &model);
    let prior = "evidence for sim\n\nprior alpha1 ~ normal(0.6, 0.03) within 0.5 .. 0.7 assumed \"a test\"\n";
    std::fs::write(model.join("evidence.saldo"), prior).expect("evidence");
    for (name, value) in [("saving", "0.5"), ("spending", "0.65")] {
        let text =
            format!("scenario {name} for sim \"People are {name}\"\n\nset alpha1 = {value}\n");
        std::fs::write(model.join(format!("scenario_{name}.saldo")), text).expect("a scenario");
    }
    model
}

#[test]
fn the_language_button_reaches_every_title_of_the_flagship() {
    let page = place("russian").join("russia.html");
    done(&[
        "report",
        &model("russia"),
        "--to",
        "1996-12",
        "--out",
        text(&page),
    ]);
    look(&[("russian", &page)]);
}

#[test]
fn a_report_draws_priors_and_pairs_the_draws_of_scenarios() {
    let place = place("priors");
    let (model, page) = (uncertain(&place), place.join("page.html"));
    done(&[
        "report",
        text(&model),
        "-s",
        "saving",
        "--draws",
        "30",
        "--out",
        text(&page),
    ]);
    let page = std::fs::read_to_string(page).expect("a page");
    // Both runs say so, at the head of the page and above the charts.
    assert_eq!(page.matches("30 draws").count(), 4);
    assert!(page.contains("class=\"band half b0\""));
}

/// A model whose titles are markup.
fn hostile(place: &Path) -> PathBuf {
    let text = std::fs::read_to_string(root().join("models/sim/model.saldo")).expect("SIM");
    let bad = "</script><script>window.taken=1</script><img src=x onerror='window.taken=1'>";
    let text = text.replace("SIM: the simplest", bad);
    let text = text.replace("\"Households\"", &format!("\"{bad}\""));
    assert!(
        text.contains(bad),
        "SIM still has the title that is replaced"
    );
    let path = place.join("model.saldo");
    std::fs::write(&path, text).expect("a model");
    path
}

#[test]
fn the_flagship_with_three_scenarios_stays_small() {
    let place = place("size");
    let model = place.join("russia");
    copy(&root().join("models/russia"), &model);
    for (name, rate) in [("slower", 0.003), ("faster", 0.005), ("fastest", 0.006)] {
        let text = format!(
            "scenario {name} for russia \"Capital wears out {name}\"\n\nset wear_rate = {rate} per month\n"
        );
        std::fs::write(model.join(format!("scenario_{name}.saldo")), text).expect("a scenario");
    }
    let page = place.join("russia.html");
    let names = ["slower", "faster", "fastest"].map(|name| ["-s", name]);
    let mut words = vec!["report", text(&model), "--out", text(&page)];
    words.extend(names.iter().flatten());
    let output = saldo(&words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(page.exists(), "{told}");
    let page = std::fs::read_to_string(page).expect("a page");
    assert!(page.contains("and 3 scenarios beside it"));
    assert!(page.len() <= 1_900_000, "{} bytes", page.len());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &place),
            false => drop(std::fs::copy(&path, &place).expect("a file")),
        }
    }
}

#[test]
fn a_result_folder_gives_the_same_page_without_running() {
    let place = place("folder");
    let (run, page) = (place.join("run"), place.join("again.html"));
    done(&["run", &model("pc"), "--out", text(&run)]);
    done(&["report", text(&run), "--out", text(&page)]);
    let bytes = |path: &Path| std::fs::read_to_string(path).expect("a page");
    assert_eq!(bytes(&run.join("report.html")), bytes(&page));

    // Edited: the page says so.
    let results = run.join("results.csv");
    std::fs::write(&results, "period\n").expect("an edit");
    done(&["report", text(&run), "--out", text(&page)]);
    assert!(bytes(&page).contains("results.csv was changed after the run"));

    // Of another version, broken, or incomplete: refused with the reason.
    let document = run.join("page.json");
    let whole = std::fs::read_to_string(&document).expect("a document");
    assert!(
        whole.contains("\"version\":3"),
        "another form needs another number"
    );
    let other = whole.replacen("\"version\":3", "\"version\":99", 1);
    let cases = [
        (Some(other.as_str()), "another version of Saldo wrote it"),
        (Some(&whole[..whole.len() / 2]), "it is not whole"),
        (None, "page.json"),
    ];
    for (content, expected) in cases {
        match content {
            Some(content) => std::fs::write(&document, content).expect("an edit"),
            None => std::fs::remove_file(&document).expect("an edit"),
        }
        let output = saldo(&["report", text(&run)]);
        let told = String::from_utf8_lossy(&output.stderr).to_string();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}
