//! The one public entry: files to a checked model.

use crate::calendar::Calendar;
use crate::ir::Model;
use crate::lower::{Lowerer, near};
use crate::scenario::Overrides;
use crate::units::UnitTable;
use saldo_diag::{Diagnostic, FileId, Sources, Span};
use saldo_exchange::Files;
use saldo_syntax::Symbol;
use saldo_syntax::ast::{self, DeclKind, FileKind};

/// What one run changes: a scenario, and settings of the command line.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Name of a declared scenario.
    pub scenario: Option<String>,
    /// `NAME=VALUE` in the language's own words.
    pub set: Vec<(String, String)>,
    /// Which explanation of a choice to follow.
    pub choose: Vec<(String, String)>,
    /// Last period to run.
    pub to: Option<String>,
    /// Scenarios whose `show` lines are looked at, in this order. Empty: those of the scenario
    /// itself. Runs that are compared look at the same quantities.
    pub shows_of: Vec<String>,
}

/// What the files offer, known even when the model has errors.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    pub name: Symbol,
    pub title: Symbol,
    /// Scenarios: name, title, draws and seed asked for, what to compare with.
    pub scenarios: Vec<ScenarioInfo>,
    pub choices: Vec<(Symbol, Vec<Symbol>)>,
}

#[derive(Clone, Debug, Default)]
pub struct ScenarioInfo {
    pub name: Symbol,
    pub title: Symbol,
    pub draws: Option<u64>,
    pub seed: Option<u64>,
    pub compare: Option<Symbol>,
    /// Each hand on an equation, in the words of the file.
    pub plans: Vec<String>,
}

/// Everything that came of reading a model.
pub struct Built {
    pub sources: Sources,
    pub inventory: Inventory,
    /// Absent if anything is an error.
    pub model: Option<Model>,
    pub problems: Vec<Diagnostic>,
}

/// Files of a model, read: (path as the user knows it, text).
pub fn build(files: &[(String, String)], tables: &dyn Files, setup: &Setup) -> Built {
    let crate::texts::Texts {
        mut sources,
        files: parsed,
        mut problems,
        mut lost,
        ..
    } = crate::texts::read(files, tables);
    let unread = problems.len();
    crate::belongs::check_files(&parsed, &mut problems);
    let mut inventory = inventory(&parsed);
    let overrides = overrides(&parsed, setup, &mut sources, &mut problems);
    if let Some(info) = inventory
        .scenarios
        .iter_mut()
        .find(|info| Some(&*info.name) == setup.scenario.as_deref())
    {
        info.plans = overrides
            .plans
            .iter()
            .map(|plan| sources.slice(plan.span()).to_string())
            .collect();
    }
    let mut model = lower(&parsed, tables, &overrides, &mut problems, &sources);
    if let Some(model) = &mut model {
        crate::titles::russian(&parsed, &mut model.russian);
    }
    crate::causes::follow(&parsed, &mut lost);
    crate::causes::keep_causes(&mut problems, unread, &lost, &sources);
    tidy(&mut problems, &sources);
    let model = model.filter(|_| !problems.iter().any(Diagnostic::is_error));
    Built {
        sources,
        inventory,
        model,
        problems,
    }
}

/// As [`build`], and every scenario and every rival explanation is looked at too: what is wrong
/// in a branch that this run does not take comes to light before somebody takes it.
pub fn check_all(files: &[(String, String)], tables: &dyn Files, setup: &Setup) -> Built {
    let mut built = build(files, tables, setup);
    for other in others(&built.inventory, setup) {
        let also = build(files, tables, &other);
        // Texts of the command line are places in this build alone.
        let shared = |problem: &Diagnostic| {
            let known = |label: &saldo_diag::Label| (label.span.file.0 as usize) < files.len();
            problem.labels.iter().all(known)
        };
        built
            .problems
            .extend(also.problems.into_iter().filter(shared));
    }
    tidy(&mut built.problems, &built.sources);
    built
}

/// Each scenario, and each explanation that is not the first of its choice.
fn others(inventory: &Inventory, setup: &Setup) -> Vec<Setup> {
    let mut all = Vec::new();
    for scenario in &inventory.scenarios {
        all.push(Setup {
            scenario: Some(scenario.name.to_string()),
            to: None,
            ..setup.clone()
        });
    }
    for (choice, members) in &inventory.choices {
        for member in members.iter().skip(1) {
            let mut other = setup.clone();
            other.choose.push((choice.to_string(), member.to_string()));
            all.push(other);
        }
    }
    all
}

/// The same cause is told once, and problems follow the order of the text.
fn tidy(problems: &mut Vec<Diagnostic>, sources: &Sources) {
    let place = |problem: &Diagnostic| {
        problem
            .labels
            .first()
            .map_or(Span::default(), |label| label.span)
    };
    // A place in the library of units is none that the user could mend.
    let known = |label: &saldo_diag::Label| (label.span.file.0 as usize) < sources.files.len();
    for problem in problems.iter_mut() {
        problem.labels.retain(known);
    }
    problems.sort_by_key(|problem| (place(problem), problem.id, problem.headline.clone()));
    problems.dedup_by(|a, b| a.id == b.id && place(a) == place(b));
    let strange: Vec<Span> = problems
        .iter()
        .filter(|problem| problem.id == "strange-sign")
        .map(place)
        .collect();
    let half = half_read(problems, sources);
    // What a broken line would have explained is missing for that reason alone.
    problems.retain(|problem| {
        problem.id != "unknown-name" || !half.iter().any(|name| names(problem, sources) == *name)
    });
    // A sign that cannot be read also ends its line, and may come twice: `&&`.
    problems.retain(|problem| {
        let here = place(problem);
        let follows = |it: &Span| (it.file, it.end) == (here.file, here.start);
        match problem.id {
            "strange-sign" => !strange.iter().any(follows),
            "line-rest" | "expected" => !strange.contains(&here),
            _ => true,
        }
    });
    if problems.len() > MAX_PROBLEMS {
        shorten(problems);
        problems.sort_by_key(place);
    }
}

/// The text that a problem points at.
fn names<'s>(problem: &Diagnostic, sources: &'s Sources) -> &'s str {
    let label = problem.labels.first();
    label.map_or("", |label| sources.slice(label.span))
}

/// Names that stand first on lines with an error of their own: `x` of `x = 1 +`.
fn half_read(problems: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let broken = problems
        .iter()
        .filter(|problem| problem.is_error() && problem.id != "unknown-name");
    let spans = broken.filter_map(|problem| Some(problem.labels.first()?.span));
    spans
        .filter_map(|span| first_name(line_of(sources, span)))
        .collect()
}

/// The line of text on which a place begins.
fn line_of(sources: &Sources, span: Span) -> &str {
    let text = &sources.get(span.file).text;
    let at = span.start as usize;
    let from = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let to = text[at..].find('\n').map_or(text.len(), |end| at + end);
    &text[from..to]
}

/// `wages` of `wages : firms -> households`, `G` of `param G = 20`.
fn first_name(line: &str) -> Option<String> {
    const WORDS: [&str; 4] = ["param", "series", "find", "event"];
    let mut words = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    let first = words.next()?;
    let name = if WORDS.contains(&first) {
        words.next()?
    } else {
        first
    };
    Some(name.to_string())
}

/// Most problems told about one model.
pub(crate) const MAX_PROBLEMS: usize = 200;

/// Keeps the weightiest problems and counts the others.
fn shorten(problems: &mut Vec<Diagnostic>) {
    problems.sort_by_key(|problem| problem.severity);
    let more = problems.len() - MAX_PROBLEMS;
    problems.truncate(MAX_PROBLEMS);
    let headline = format!("{more} further problems are not shown");
    let problem = Diagnostic::new("many-problems", problems[0].severity, headline)
        .why("So many problems usually have few causes.")
        .help("mend the first ones and look again");
    problems.push(problem);
}

fn inventory(files: &[ast::File]) -> Inventory {
    let mut found = Inventory::default();
    for file in files {
        match &file.kind {
            FileKind::Model(Some((name, title))) => {
                found.name = name.text;
                found.title = crate::lower::title_or(title, &name.text);
            }
            FileKind::Scenario { name, title, .. } => {
                let mut own = Overrides::default();
                file.decls.iter().for_each(|decl| own.add(decl));
                found.scenarios.push(ScenarioInfo {
                    name: name.text,
                    title: crate::lower::title_or(title, &name.text),
                    draws: own.draws,
                    seed: own.seed,
                    compare: own.compare.map(|with| with.text),
                    plans: Vec::new(),
                });
            }
            _ => {}
        }
        for decl in &file.decls {
            if let DeclKind::Choice(choice) = &decl.kind {
                let members = choice.members.iter().map(|(name, _)| name.text).collect();
                found.choices.push((choice.name.text, members));
            }
        }
    }
    found.scenarios.sort_by_key(|a| a.name);
    found
}

/// The scenario's declarations, then the command line's.
fn overrides(
    files: &[ast::File],
    setup: &Setup,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Overrides {
    let mut all = Overrides::default();
    if let Some(wanted) = &setup.scenario {
        let scenario = files.iter().find(
            |file| matches!(&file.kind, FileKind::Scenario { name, .. } if *name.text == **wanted),
        );
        match scenario {
            Some(file) => file.decls.iter().for_each(|decl| all.add(decl)),
            None => problems.push(no_scenario(files, wanted)),
        }
    }
    let text = command_line(setup);
    if !text.is_empty() {
        let id = sources.add("command line", text.as_str());
        let parse = saldo_syntax::parse(id, &text);
        problems.extend(parse.problems);
        parse.file.decls.iter().for_each(|decl| all.add(decl));
    }
    if !setup.shows_of.is_empty() {
        all.shows = shows_of(files, &setup.shows_of);
    }
    check_choices(files, &all, problems);
    all
}

/// The `show` lines of several scenarios, one after the other.
fn shows_of(files: &[ast::File], scenarios: &[String]) -> Vec<ast::Show> {
    let mut all = Overrides::default();
    for wanted in scenarios {
        let scenario = files.iter().find(
            |file| matches!(&file.kind, FileKind::Scenario { name, .. } if *name.text == **wanted),
        );
        let decls = scenario.map_or(&[][..], |file| &file.decls[..]);
        decls.iter().for_each(|decl| all.add(decl));
    }
    all.shows
}

/// Settings of the command line in the words of a scenario file.
fn command_line(setup: &Setup) -> String {
    let sets = setup
        .set
        .iter()
        .map(|(name, value)| format!("set {name} = {value}\n"));
    let choices = setup
        .choose
        .iter()
        .map(|(choice, member)| format!("use {choice} = {member}\n"));
    let to = setup.to.iter().map(|to| format!("run to {to}\n"));
    let body: String = sets.chain(choices).chain(to).collect();
    if body.is_empty() {
        body
    } else {
        format!("scenario command_line for model_\n{body}")
    }
}

fn check_choices(files: &[ast::File], all: &Overrides, problems: &mut Vec<Diagnostic>) {
    let mut known = Vec::new();
    for decl in files.iter().flat_map(|file| &file.decls) {
        if let DeclKind::Choice(choice) = &decl.kind {
            known.push(choice.name.text);
        }
    }
    for (name, (choice, _)) in all.choices.iter().filter(|(name, _)| !known.contains(name)) {
        let problem = Diagnostic::error("choice-unknown", format!("there is no choice `{name}`"))
            .at(choice.span, "chosen here")
            .why("A run must know which rival it follows.");
        problems.push(match near(name, &known) {
            Some(close) => problem.help(format!("did you mean `{close}`?")),
            None => problem.help("declare it in the model:  choice NAME { first, second }"),
        });
    }
}

fn no_scenario(files: &[ast::File], wanted: &str) -> Diagnostic {
    let known: Vec<Symbol> = files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Scenario { name, .. } => Some(name.text),
            _ => None,
        })
        .collect();
    let problem = Diagnostic::error(
        "scenario-unknown",
        format!("there is no scenario `{wanted}`"),
    )
    .why("A scenario is found by the name it declares, in a file that begins with `scenario`.");
    match (near(wanted, &known), known.is_empty()) {
        (Some(close), _) => problem.help(format!("did you mean `{close}`?")),
        (None, false) => problem.help(format!("choose one of: {}", known.join(", "))),
        (None, true) => problem.help("write one:  scenario NAME for MODEL \"what is different\""),
    }
}

/// All declarations of evidence files. The model text never sees them.
fn evidence_decls(files: &[ast::File]) -> Vec<&ast::Decl> {
    files
        .iter()
        .filter(|file| matches!(file.kind, FileKind::Evidence { .. }))
        .flat_map(|file| &file.decls)
        .chain(
            model_decls(files)
                .into_iter()
                .filter(|decl| matches!(decl.kind, DeclKind::Source(_))),
        )
        .collect()
}

/// All declarations of model files.
fn model_decls(files: &[ast::File]) -> Vec<&ast::Decl> {
    files
        .iter()
        .filter(|file| matches!(file.kind, FileKind::Model(_)))
        .flat_map(|file| &file.decls)
        .collect()
}

fn lower(
    files: &[ast::File],
    tables: &dyn Files,
    overrides: &Overrides,
    problems: &mut Vec<Diagnostic>,
    sources: &Sources,
) -> Option<Model> {
    let decls = model_decls(files);
    let header = header(files, problems)?;
    // A calendar that cannot be read has been told already.
    let half_told = |problem: &Diagnostic| {
        let line = problem
            .labels
            .first()
            .map(|label| line_of(sources, label.span));
        line.is_some_and(|line| line.trim_start().starts_with("time "))
    };
    if problems.iter().any(half_told)
        && !decls
            .iter()
            .any(|decl| matches!(decl.kind, DeclKind::Time(_)))
    {
        return None;
    }
    let calendar = calendar(&decls, overrides, problems)?;
    let units: Vec<&ast::Unit> = decls
        .iter()
        .filter_map(|decl| match &decl.kind {
            DeclKind::Unit(unit) => Some(unit),
            _ => None,
        })
        .collect();
    let (standard, faults) = crate::standard::units();
    problems.extend(faults);
    let table = UnitTable::build(&standard, &units, calendar.frequency, problems);
    let mut lowerer = Lowerer::new(header.0, header.1, calendar, table, tables, overrides);
    lowerer.model.currency = units
        .iter()
        .find(|unit| {
            unit.kind
                .as_ref()
                .is_some_and(|kind| &*kind.text == "money")
        })
        .map(|unit| unit.names[0].text);
    lowerer.unread = problems
        .iter()
        .flat_map(|problem| problem.labels.first().map(|label| label.span))
        .collect();
    if lowerer.later(&decls) {
        problems.append(&mut lowerer.problems);
        return None;
    }
    lowerer.run(&decls, &evidence_decls(files));
    if lowerer.overfull {
        lowerer
            .problems
            .retain(|problem| problem.id == "too-many-elements");
        problems.append(&mut lowerer.problems);
        return None;
    }
    problems.append(&mut lowerer.problems);
    let mut model = lowerer.model;
    let units = crate::units::check_units(&mut model, sources);
    if units.is_empty() {
        problems.extend(crate::units::check_prices(&model));
    }
    problems.extend(units);
    problems.extend(crate::headroom::warnings(&model));
    Some(model)
}

fn header(files: &[ast::File], problems: &mut Vec<Diagnostic>) -> Option<(Symbol, Symbol)> {
    let headers: Vec<_> = files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Model(Some((name, title))) => Some((name, title)),
            _ => None,
        })
        .collect();
    match headers.as_slice() {
        [] => {
            let span = Span::new(FileId(0), 0, 0);
            let problem = Diagnostic::error("model-missing", "no file declares the model")
                .at(span, "nothing begins with `model`")
                .why("Results, scenarios and evidence are kept under the model's name.")
                .help("begin one file with  model NAME \"title\"");
            problems.push(problem);
            None
        }
        [(name, title), more @ ..] => {
            for (second, _) in more {
                let problem = Diagnostic::error(
                    "model-twice",
                    format!(
                        "two models in one folder: `{}` and `{}`",
                        name.text, second.text
                    ),
                )
                .at(second.span, "declared again here")
                .why("All files of a folder are one model.")
                .help("move one of the two into a folder of its own");
                problems.push(problem);
            }
            Some((name.text, crate::lower::title_or(title, &name.text)))
        }
    }
}

fn calendar(
    decls: &[&ast::Decl],
    overrides: &Overrides,
    problems: &mut Vec<Diagnostic>,
) -> Option<Calendar> {
    let times: Vec<(&ast::Time, Span)> = decls
        .iter()
        .filter_map(|decl| match &decl.kind {
            DeclKind::Time(time) => Some((time, decl.span)),
            _ => None,
        })
        .collect();
    let Some((time, span)) = times.first() else {
        let problem = Diagnostic::error("time-missing", "over which time does the model run?")
            .at(Span::new(FileId(0), 0, 0), "no `time` is declared")
            .why(
                "Rates post their amounts period by period; without a calendar no amount is known.",
            )
            .help("add  time yearly from 1990 to 2010");
        problems.push(problem);
        return None;
    };
    if let Some((_, second)) = times.get(1) {
        let problem = Diagnostic::error("two-lines", "two calendars in one model")
            .at(*second, "declared again here")
            .also(*span, "first declared here")
            .why("All books of a model close on the same day.")
            .help("delete one of them");
        problems.push(problem);
    }
    let first = crate::calendar::ordinal(time.frequency, time.from);
    let last = crate::calendar::ordinal_last(time.frequency, overrides.to.unwrap_or(time.to));
    let len = last - first + 1;
    if !(1..=1_000_000).contains(&len) {
        let problem = Diagnostic::error(
            "time-impossible",
            "this calendar has no periods, or too many",
        )
        .at(
            overrides.to.map_or(*span, |to| to.span),
            format!("{len} periods"),
        )
        .why("A model runs from its first to its last period, at most a million of them.")
        .help("make `to` later than `from`");
        problems.push(problem);
        return None;
    }
    Some(Calendar {
        frequency: time.frequency,
        first,
        len: len as usize,
    })
}
