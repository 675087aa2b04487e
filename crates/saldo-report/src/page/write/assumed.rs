//! What was assumed: the share first, then every parameter with its ground.

use crate::html::{escape, unit};
use crate::page::document::Document;
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
        "<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table><thead><tr><th scope=\"col\">Meaning</th><th scope=\"col\">Value</th><th scope=\"col\">Range</th><th scope=\"col\">Ground</th><th scope=\"col\">Text</th></tr></thead><tbody>",
        it.say("assumed.all", &[of.rows.len().into()])
    );
    for row in &of.rows {
        let ground = if row.assumed { "<em>assumed</em> " } else { "" };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}<br><code>{}</code></th><td>{}{}</td><td>{}</td><td class=\"text\">{ground}{}</td><td class=\"text\">{}</td></tr>",
            it.text(&row.title),
            escape(&row.name),
            it.said(&row.value),
            unit(&row.unit),
            it.said(&row.range),
            escape(&row.ground),
            it.link(row.place)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}
