//! What was assumed: the share first, then every parameter with its ground.

use crate::html::{escape, unit};
use crate::page::document::{Document, Row};
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    let of = &it.assumed;
    if of.all == 0 {
        out.push_str(&it.paragraph("assumed.none", &[]));
        return;
    }
    let share = of.assumed as f64 / of.all as f64 * 100.0;
    let _ = write!(
        out,
        "<p class=\"big\"><strong>{share:.0} %</strong> {}</p><div class=\"share\" role=\"img\" aria-label=\"{share:.0} percent assumed\"><i style=\"width:{share:.1}%\"></i></div>",
        it.say("assumed", &[of.all.into()])
    );
    let _ = write!(
        out,
        "<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table class=\"parameters\"><thead><tr><th scope=\"col\">Meaning</th><th scope=\"col\">Value</th><th scope=\"col\">Range</th><th scope=\"col\" class=\"text\">Ground</th><th scope=\"col\" class=\"text\">Text</th></tr></thead><tbody>",
        it.say("assumed.all", &[of.rows.len().into()])
    );
    // Those whose doubt is stated come first.
    let stated = |row: &&Row| !row.range.english.is_empty();
    let rows = of.rows.iter();
    let (stated, others): (Vec<&Row>, Vec<&Row>) = rows.partition(stated);
    let all = stated.into_iter().chain(others);
    all.for_each(|row| write_row(out, it, row));
    out.push_str("</tbody></table></div></details>\n");
}

fn write_row(out: &mut String, it: &Document, row: &Row) {
    let ground = if row.assumed { "<em>assumed</em> " } else { "" };
    let range = match row.range.english.is_empty() {
        true => format!("<small>{}</small>", it.text("none given")),
        false => it.said(&row.range),
    };
    let _ = writeln!(
        out,
        "<tr><th scope=\"row\">{}<br><code>{}</code></th><td>{}{}</td><td>{range}</td><td class=\"text\">{ground}{}</td><td class=\"text\">{}</td></tr>",
        it.text(&row.title),
        escape(&row.name),
        it.said(&row.value),
        unit(&row.unit),
        escape(&row.ground),
        it.link(row.place)
    );
}
