//! `saldo export`: results in another form.

use crate::args::ExportArgs;
use crate::session;
use crate::talk;
use saldo_diag::{Diagnostic, Sources};
use saldo_engine::Trace;
use saldo_ledger::{latex, markdown};
use saldo_model::ir::Model;
use saldo_store::{columns, long_csv, value, wide_csv, write_whole};
use saldo_study::Tables;
use std::process::ExitCode;

const FORMS: &str = "csv, long-csv, json, markdown or latex";

pub fn run(args: &ExportArgs) -> ExitCode {
    let ran = match session::run_once(&args.model, 0) {
        Ok(ran) => ran,
        Err(code) => return code,
    };
    let (model, trace) = (ran.model(), &ran.trace);
    let refuse = |problem: Diagnostic, code: u8| {
        talk::tell(
            &[problem],
            &Sources::default(),
            args.model.format,
            args.model.json,
        );
        ExitCode::from(code)
    };
    let Some(text) = written(&args.form, model, trace) else {
        let problem = Diagnostic::error(
            "form-unknown",
            format!("`{}` is not a form of results", args.form),
        );
        return refuse(problem.help(format!("write  --as FORM  with {FORMS}")), 2);
    };
    match &args.out {
        None => print!("{text}"),
        Some(path) => {
            if let Err(error) = write_whole(path, text.as_bytes()) {
                let headline = format!("{} cannot be written: {error}", path.display());
                return refuse(
                    Diagnostic::error("write-failed", headline)
                        .help("choose another place:  --out PATH"),
                    1,
                );
            }
        }
    }
    ran.finish(&args.model)
}

fn written(form: &str, model: &Model, trace: &Trace) -> Option<String> {
    let traces = std::slice::from_ref(trace);
    Some(match form {
        "csv" => wide_csv(model, traces),
        "long-csv" => long_csv(model, traces),
        "json" => as_json(model, trace),
        "markdown" => tables(model, trace, markdown),
        "latex" => tables(model, trace, latex),
        _ => return None,
    })
}

/// The matrices of the last period.
fn tables(model: &Model, trace: &Trace, write: fn(&saldo_ledger::Matrix) -> String) -> String {
    let all = Tables::new(model, trace, false).all(trace.completed);
    all.iter().map(write).collect::<Vec<_>>().join("\n")
}

fn as_json(model: &Model, trace: &Trace) -> String {
    let labels: Vec<String> = (0..=trace.completed)
        .map(|row| model.calendar.label(row as i64))
        .collect();
    let quantities = columns(model).into_iter().map(|column| {
        let path: Vec<Option<f64>> = (0..=trace.completed)
            .map(|row| Some(value(model, trace, &column, row)).filter(|it| it.is_finite()))
            .collect();
        serde_json::json!({"name": column.name, "title": column.title, "unit": column.unit, "values": path})
    });
    let answer = serde_json::json!({
        "version": saldo_diag::JSON_VERSION, "model": &*model.name, "periods": labels,
        "quantities": quantities.collect::<Vec<_>>(),
    });
    format!("{answer}\n")
}
