//! What moves the headline quantities; the script makes a walk of it.

use crate::html::unit;
use crate::number::figure;
use crate::page::document::Document;
use crate::page::said::date;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    let why = &it.why;
    let Some(at) = why.first(it.held_to) else {
        out.push_str(&it.paragraph("why.none", &[]));
        return;
    };
    out.push_str(&it.paragraph("why", &[]));
    out.push_str("<div id=\"walk\"></div><div class=\"still-why\">");
    let label = &it.labels[why.dates[at]];
    for root in why.roots.iter().take(6) {
        let node = &why.nodes[*root];
        let _ = write!(
            out,
            "<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Influences\"><table><thead><tr><th scope=\"col\">Influence</th><th scope=\"col\">Strength</th><th scope=\"col\">Its value</th></tr></thead><tbody>",
            it.say("why.moves", &[it.title(&node.title), date(label)])
        );
        for influence in &node.moved_by {
            let other = &why.nodes[influence.node];
            let _ = write!(
                out,
                "<tr><th scope=\"row\">{}{}</th><td>{} %</td><td>{}{}</td></tr>",
                it.text(&other.title),
                past(it, influence.lag),
                figure(influence.strength[at]),
                figure(other.values[at]),
                unit(&other.unit)
            );
        }
        out.push_str("</tbody></table></div></details>");
    }
    out.push_str("</div>\n");
}

fn past(it: &Document, lag: u32) -> String {
    let told = match lag {
        0 => return String::new(),
        1 => it.say("why.one_before", &[]),
        many => it.say("why.before", &[(many as usize).into()]),
    };
    format!(" <small>{told}</small>")
}
