//! What stands already where results will go: replaced if they are results, and said so; never
//! touched if they are anything else.

use crate::args::RunArgs;
use crate::session::Session;
use crate::talk;
use saldo_diag::Diagnostic;
use saldo_store::Manifest;
use std::ffi::OsStr;
use std::path::Path;

/// The files of a result folder before its manifest.
const OURS: [&str; 3] = ["results.csv", "report.html", "page.json"];

/// Says what will be replaced, or refuses.
pub fn look(args: &RunArgs, place: &Path, session: &Session) -> Result<(), Diagnostic> {
    match Standing::of(place) {
        Standing::Nothing => Ok(()),
        Standing::Results(old) => {
            tell(args, place, &old, session);
            Ok(())
        }
        Standing::Other(name) => Err(refusal(place, &name)),
    }
}

enum Standing {
    Nothing,
    Results(Box<Manifest>),
    /// Something that no run wrote, by the name of one file.
    Other(String),
}

impl Standing {
    fn of(place: &Path) -> Standing {
        let Ok(entries) = std::fs::read_dir(place) else {
            return Standing::Nothing;
        };
        let text = std::fs::read_to_string(place.join("manifest.json"));
        let read = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        if let Some(manifest) = read {
            return Standing::Results(Box::new(manifest));
        }
        let names = entries
            .flatten()
            .map(|it| it.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        // A run that was ended by force leaves its files without a manifest.
        let unfinished = OURS[1..]
            .iter()
            .any(|ours| names.iter().any(|it| it == ours));
        let other = |name: &String| !(unfinished && OURS.contains(&name.as_str()));
        let other = names.into_iter().find(other);
        other.map_or(Standing::Nothing, Standing::Other)
    }
}

fn tell(args: &RunArgs, place: &Path, old: &Manifest, session: &Session) {
    if !same_model(args, old, session) {
        let problem = other_model(args, place, old, session);
        talk::refuse(&problem, args.model.format, args.model.json, 0);
        return;
    }
    let again = args.watch && old.command == super::results::command();
    if !again && !args.model.json {
        talk::warn(&format!(
            "replaces the results of  saldo {}  in {}",
            old.command.join(" "),
            place.display()
        ));
    }
}

/// The same name, and the same place or a text that has not changed since.
fn same_model(args: &RunArgs, old: &Manifest, session: &Session) -> bool {
    let place = |path: &Path| path.canonicalize().ok();
    let moved = || place(Path::new(&old.path)) != place(&args.model.model);
    let own = |path: &str| Path::new(path).file_name().map(OsStr::to_os_string);
    let shares = old.inputs.iter().any(|file| {
        let mut inputs = session.inputs.iter();
        inputs.any(|(name, sha256)| own(name) == own(&file.name) && *sha256 == file.sha256)
    });
    *old.model == *session.model().name && (shares || !moved())
}

fn other_model(args: &RunArgs, place: &Path, old: &Manifest, session: &Session) -> Diagnostic {
    let (here, model) = (args.model.model.display(), &session.model().name);
    let headline = match *old.model == **model {
        true => format!("this replaces the results of another model named `{model}`"),
        false => format!("this replaces the results of the model `{}`", old.model),
    };
    Diagnostic::warning("results-replaced", headline)
        .why(format!(
            "{} held what  saldo {}  wrote, of the model in {}; this run is of the model in {here}.",
            place.display(),
            old.command.join(" "),
            old.path
        ))
        .help(format!("keep both:  saldo run {here} --out results/{model}-2"))
}

fn refusal(place: &Path, name: &str) -> Diagnostic {
    let place = place.display();
    Diagnostic::error(
        "results-place",
        format!("{place} holds something else than results"),
    )
    .why(format!(
        "{name} is in it, and no manifest of a run. Results replace results and nothing else."
    ))
    .help(format!(
        "name a folder that is new or empty:  --out {place}/results"
    ))
}
