//! What can be taken away, and how it was made.

use crate::html::escape;
use crate::page::document::Document;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    out.push_str("<p>Everything shown can be taken away as tables; numbers of the runs are in full precision; bands of draws and rival explanations have four digits and, in long runs, only every few periods; matrices and influences have six digits.</p><div id=\"downloads\" class=\"views\"></div><noscript><p>The buttons need scripts. Without them the tables under the charts have the numbers, and <code>saldo run</code> writes all of them to <code>results.csv</code>.</p></noscript>");
    if !it.left_out.is_empty() {
        out.push_str("<h3>What this page leaves out</h3><ul>");
        for note in &it.left_out {
            let _ = write!(out, "<li>{}</li>", escape(note));
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
    out.push_str("<p>The same command on any machine gives the same bytes. Files read, with the beginning of their SHA-256:</p><ul class=\"hashes\">");
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
