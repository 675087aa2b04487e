//! `saldo explain`: what a message means.

use crate::args::{ExplainArgs, Format};
use crate::talk;
use saldo_diag::{Diagnostic, Page, pages};
use std::process::ExitCode;
use std::time::Instant;

pub fn run(args: &ExplainArgs) -> ExitCode {
    let begin = Instant::now();
    let all = pages();
    let wanted = |page: &&Page| args.id.as_ref().is_none_or(|id| *page.id == **id);
    let found: Vec<&Page> = all.iter().filter(wanted).collect();
    if let (Some(id), true) = (&args.id, found.is_empty()) {
        return talk::refuse(&unknown(id), Format::Full, args.json, 2);
    }
    if args.json {
        let pages = found.iter().map(|page| {
            serde_json::json!({"id": page.id, "chapter": page.chapter, "first": page.first_sentence(), "text": page.text.trim()})
        });
        talk::answer(&serde_json::json!({
            "version": saldo_diag::JSON_VERSION, "pages": pages.collect::<Vec<_>>(),
            "seconds": {"run": begin.elapsed().as_secs_f64()},
        }));
        return ExitCode::SUCCESS;
    }
    match args.id {
        None => talk::say(&list(&found)),
        Some(_) => talk::say(&format!("{}\n\n{}\n", found[0].id, found[0].text.trim())),
    }
    ExitCode::SUCCESS
}

/// Every id with what it means in a sentence, under the heading of its chapter.
fn list(pages: &[&Page]) -> String {
    let mut out = String::new();
    for (at, page) in pages.iter().enumerate() {
        if at == 0 || pages[at - 1].chapter != page.chapter {
            let blank = if at > 0 { "\n" } else { "" };
            out += &format!("{blank}{}\n", page.chapter);
        }
        out += &format!("  {:<24} {}\n", page.id, page.first_sentence());
    }
    out + "\nsaldo explain ID  shows a page with an example\n"
}

fn unknown(id: &str) -> Diagnostic {
    let problem = Diagnostic::error("id-unknown", format!("there is no message `{id}`"));
    match saldo_diag::nearest(id, pages().iter().map(|page| page.id)) {
        Some(near) => problem.help(format!("did you mean  saldo explain {near}?")),
        None => problem.help("saldo explain  lists all messages"),
    }
}
