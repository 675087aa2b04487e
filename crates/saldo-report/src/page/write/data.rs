//! What can be taken away, and how it was made.

use crate::html::escape;
use crate::page::document::Document;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    out.push_str(&it.paragraph("data", &[]));
    let files = ["saldo run".into(), "results.csv".into()];
    let _ = write!(
        out,
        "<div id=\"downloads\" class=\"views\"></div><noscript>{}</noscript>",
        it.paragraph("data.scripts", &files)
    );
    if !it.left_out.is_empty() {
        out.push_str("<h3>What this page leaves out</h3><ul>");
        for note in &it.left_out {
            let _ = write!(out, "<li>{}</li>", it.said(note));
        }
        out.push_str("</ul>");
    }
    let made = &it.made;
    let _ = write!(
        out,
        "<h3>How it was made</h3><dl class=\"made\"><dt>Command</dt><dd><code>{}</code></dd><dt>Version</dt><dd>saldo {}</dd><dt>Seed</dt><dd>{}</dd></dl>",
        escape(&made.command),
        escape(&made.version),
        made.seed
    );
    out.push_str(&it.paragraph("data.same", &[]));
    out.push_str("<ul class=\"hashes\">");
    for (name, hash) in &made.inputs {
        let _ = write!(
            out,
            "<li><code>{}</code> {}</li>",
            escape(hash.get(..12).unwrap_or(hash)),
            escape(name)
        );
    }
    out.push_str("</ul>\n");
}
