//! The specification holds: every program of `spec/language/*.md` gives what stands below it.
//! `spec/README.md` describes the form. `SALDO_ACCEPT=1 cargo test -p saldo-cli --test spec`
//! writes what came in place of what was expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block: its word, the rest of its first line, and the lines of its body.
struct Block {
    word: String,
    rest: String,
    /// Numbers of the body's lines in the chapter: from, one past the last.
    body: std::ops::Range<usize>,
    text: String,
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len())
            .find(|line| lines[*line] == "```")
            .unwrap_or_else(|| panic!("a block is never closed: {info}"));
        let (word, rest) = info.split_once(' ').unwrap_or((info, ""));
        found.push(Block {
            word: word.into(),
            rest: rest.trim().into(),
            body: at + 1..end,
            text: lines[at + 1..end]
                .iter()
                .map(|line| format!("{line}\n"))
                .collect(),
        });
        at = end + 1;
    }
    found
}

/// A base with the lines of `-` taken away and those of `+` put in their place, or behind the
/// last line of the diff that begins with a blank.
fn changed(base: &str, diff: &str) -> String {
    let mut lines: Vec<&str> = base.lines().collect();
    let mut at = lines.len();
    let place = |lines: &[&str], wanted: &str| {
        let same = |line: &&str| line.trim() == wanted.trim();
        lines
            .iter()
            .position(same)
            .unwrap_or_else(|| panic!("the base has no line `{wanted}`"))
    };
    for change in diff.lines().filter(|line| !line.trim().is_empty()) {
        match (change.strip_prefix('-'), change.strip_prefix('+')) {
            (Some(gone), _) => {
                at = place(&lines, gone);
                lines.remove(at);
            }
            (_, Some(new)) => {
                lines.insert(at, new.strip_prefix(' ').unwrap_or(new));
                at += 1;
            }
            _ => at = place(&lines, change) + 1,
        }
    }
    lines.join("\n") + "\n"
}

/// A program in a folder of its own, which goes when it is done.
struct Program {
    place: PathBuf,
}

impl Program {
    fn new(key: &str, model: &str) -> Program {
        let name = format!("saldo-spec-{}-{key}", std::process::id());
        let place = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&place);
        let program = Program { place };
        program.write("model.saldo", model);
        program
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.place.join("model").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Standard output, standard error and exit code of `saldo` in this folder.
    fn saldo(&self, args: &[&str]) -> (String, String, i32) {
        let run = Command::new(env!("CARGO_BIN_EXE_saldo"))
            .args(args)
            .current_dir(&self.place)
            .output()
            .expect("saldo");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            text(&run.stdout),
            text(&run.stderr),
            run.status.code().unwrap_or(-1),
        )
    }

    /// Runs to the end and gives the wide table.
    fn paths(&self, more: &[&str]) -> Result<String, String> {
        let args = [&["run", "model", "--out", "out.csv"], more].concat();
        let (_, said, code) = self.saldo(&args);
        match code {
            0 => Ok(std::fs::read_to_string(self.place.join("out.csv")).expect("out.csv")),
            _ => Err(said),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

/// What a program gives for an expectation: the body that should stand there.
fn answer(program: &Program, block: &Block) -> String {
    let words: Vec<&str> = block.rest.split_whitespace().collect();
    match (block.word.as_str(), words.as_slice()) {
        ("table", ["path", asked @ ..]) => path_table(program, asked),
        ("table", ["show", what, more @ ..]) => {
            let args = [&["show", what, "model"], more].concat();
            let (out, said, _) = program.saldo(&args);
            out + &said
        }
        ("said", [verb, more @ ..]) => {
            let (_, said, _) = program.saldo(&[&[*verb, "model"], more].concat());
            said
        }
        ("error", more) => messages(program, more, "short"),
        ("message", more) => messages(program, more, "full"),
        _ => panic!("unknown block: {} {}", block.word, block.rest),
    }
}

/// Every message of `check`, and of `run` if that was fine: `line:column id: headline`.
fn messages(program: &Program, more: &[&str], format: &str) -> String {
    let said = |verb: &str| {
        let out: &[&str] = if verb == "run" {
            &["--out", "out.csv"]
        } else {
            &[]
        };
        let args = [&[verb, "model", "--format", format], out, more].concat();
        program.saldo(&args)
    };
    let (_, mut told, code) = said("check");
    if code == 0 && !told.contains("warning[") {
        let (_, ran, code) = said("run");
        let stop = ran.lines().filter(|line| !line.starts_with("written to "));
        told = match (code, format) {
            (0, _) => return "nothing is wrong\n".into(),
            (_, "short") => stop
                .filter(|line| line.contains("error["))
                .map(ended)
                .collect(),
            _ => stop.map(ended).collect(),
        };
    }
    match format {
        "short" => told.lines().map(short).map(ended).collect(),
        _ => told.lines().map(|line| ended(line.trim_end())).collect(),
    }
}

fn ended(line: impl AsRef<str>) -> String {
    format!("{}\n", line.as_ref())
}

/// `model/model.saldo:3:1: error[id]: headline` to `3: id: headline`, warnings marked.
fn short(line: &str) -> String {
    let text = line.strip_prefix("model/").unwrap_or(line);
    let (place, rest) = text.split_once(": ").unwrap_or(("", text));
    let mut parts = place.rsplit(':').skip(1);
    let number = parts.next().unwrap_or_default();
    let file = parts.next().filter(|file| *file != "model.saldo");
    let head = rest
        .replace("error[", "")
        .replace("warning[", "warning: ")
        .replacen("]: ", ": ", 1);
    match file {
        Some(file) => format!("{file}:{number}: {head}"),
        None => format!("{number}: {head}"),
    }
}

/// Quantities down, periods across: `path NAME, NAME at PERIOD, PERIOD`, options behind.
fn path_table(program: &Program, asked: &[&str]) -> String {
    let options = asked.iter().position(|word| word.starts_with('-'));
    let (asked, more) = asked.split_at(options.unwrap_or(asked.len()));
    let text = asked.join(" ");
    let (names, periods) = text.split_once(" at ").expect("path NAMES at PERIODS");
    let table = match program.paths(more) {
        Ok(table) => table,
        Err(said) => return said,
    };
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head: Vec<String> = reader
        .headers()
        .expect("a head")
        .iter()
        .map(String::from)
        .collect();
    // With draws the draw comes before the period.
    let period = head.iter().position(|name| name == "period");
    let period = period.expect("a column of periods");
    let rows: BTreeMap<String, csv::StringRecord> = reader
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| (row[period].to_string(), row))
        .collect();
    let periods: Vec<&str> = periods.split(',').map(str::trim).collect();
    let mut lines = vec![
        [&[""], periods.as_slice()]
            .concat()
            .iter()
            .map(|s| s.to_string())
            .collect::<Vec<_>>(),
    ];
    for name in split_names(names) {
        let column = head.iter().position(|known| *known == name);
        let value = |period: &&str| match (column, rows.get(*period)) {
            (Some(column), Some(row)) => rounded(&row[column]),
            (None, _) => "no such name".into(),
            (_, None) => "no such period".into(),
        };
        let row = [name.clone()].into_iter().chain(periods.iter().map(value));
        lines.push(row.collect());
    }
    aligned(&lines)
}

/// Names separated by commas; commas inside brackets belong to a name.
fn split_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        match (c, depth) {
            (',', 0) => names.push(String::new()),
            _ => names.last_mut().expect("a name").push(c),
        }
    }
    names
        .into_iter()
        .map(|name| name.trim().to_string())
        .collect()
}

/// Ten significant digits, without zeros at the end.
fn rounded(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(0.0) => "0".into(),
        Ok(value) => format!("{value:.9e}")
            .parse::<f64>()
            .expect("a number")
            .to_string(),
        Err(_) => "·".into(),
    }
}

fn aligned(lines: &[Vec<String>]) -> String {
    let width = |at: usize| {
        lines
            .iter()
            .map(|line| line[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let mut out = String::new();
    for line in lines {
        let cells = line
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(at, (text, width))| {
                let pad = " ".repeat(width - text.chars().count());
                if at == 0 {
                    format!("{text}{pad}")
                } else {
                    format!("{pad}{text}")
                }
            });
        let text = cells.collect::<Vec<_>>().join("  ");
        out.push_str(&ended(text.trim_end()));
    }
    out
}

/// The program of each expectation, and the text that should stand below it.
fn run_chapter(name: &str, lines: &[&str]) -> Vec<(Block, String)> {
    let mut bases: BTreeMap<String, String> = BTreeMap::new();
    let mut program: Option<Program> = None;
    let mut asked = true;
    let mut answers = Vec::new();
    for (at, block) in blocks(lines).into_iter().enumerate() {
        let key = format!("{}-{at}", name.trim_end_matches(".md"));
        match block.word.as_str() {
            "saldo" | "csv" if block.rest.contains('.') => {
                program
                    .as_ref()
                    .expect("a model before its files")
                    .write(&block.rest, &block.text);
                continue;
            }
            "saldo" | "diff" => {
                finish(program.as_ref().filter(|_| !asked), name);
                let text = match block.word.as_str() {
                    "saldo" => block.text.clone(),
                    _ => changed(
                        bases
                            .get(&block.rest)
                            .unwrap_or_else(|| panic!("{name}: no base `{}`", block.rest)),
                        &block.text,
                    ),
                };
                if block.word == "saldo" {
                    bases.insert(block.rest.clone(), text.clone());
                }
                program = Some(Program::new(&key, &text));
                asked = false;
            }
            "table" | "error" | "message" | "said" => {
                let came = answer(program.as_ref().expect("a model first"), &block);
                answers.push((block, came));
                asked = true;
            }
            // `text`, `sh` and the like are only read by people.
            _ => {}
        }
    }
    finish(program.as_ref().filter(|_| !asked), name);
    answers
}

/// A program of which nothing is said must run to its end.
fn finish(silent: Option<&Program>, chapter: &str) {
    if let Some(program) = silent
        && let Err(said) = program.paths(&[])
    {
        panic!("{chapter}: a program without expectation must be fine:\n{said}");
    }
}

fn judge(path: &Path, accept: bool) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a chapter");
    let name = path
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let answers = run_chapter(&name, &lines);
    let differs: Vec<_> = answers
        .iter()
        .filter(|(block, came)| block.text != *came)
        .collect();
    if accept {
        let mut new: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        for (block, came) in differs.iter().rev() {
            new.splice(block.body.clone(), came.lines().map(String::from));
        }
        std::fs::write(path, new.join("\n") + "\n").expect("a chapter");
        return Vec::new();
    }
    let told = |(block, came): &&(Block, String)| {
        format!(
            "{name}:{}: expected\n{}but this came\n{came}",
            block.body.start, block.text
        )
    };
    differs.iter().map(told).collect()
}

#[test]
fn every_program_gives_what_stands_below_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/language");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("spec/language")
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    files.sort();
    let accept = std::env::var_os("SALDO_ACCEPT").is_some();
    let wrong: Vec<String> = files.iter().flat_map(|path| judge(path, accept)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
