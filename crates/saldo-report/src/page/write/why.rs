//! What moves the headline quantities; the script makes a walk of it.

use crate::html::{escape, unit};
use crate::number::figure;
use crate::page::document::Document;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    let why = &it.why;
    let Some(at) = why.dates.len().checked_sub(1) else {
        out.push_str("<p>The run has no period to explain.</p>\n");
        return;
    };
    out.push_str("<p>Walk from a quantity to what its formula reads. The strength of an influence is an elasticity, by the exact derivative of the model’s own formula at the chosen date: by how many percent the quantity would move at once if the other one alone were 1 % larger. What follows through further steps is found by walking on. A balance is moved by its flows; there the strength is the flow as a share of the balance.</p><div id=\"walk\"></div><div class=\"still-why\">");
    let label = &it.labels[why.dates[at]];
    for root in why.roots.iter().take(6) {
        let node = &why.nodes[*root];
        let _ = write!(
            out,
            "<details><summary>{}: what moves it in {}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Influences\"><table><thead><tr><th scope=\"col\">Influence</th><th scope=\"col\">Strength</th><th scope=\"col\">Its value</th></tr></thead><tbody>",
            it.text(&node.title),
            escape(label)
        );
        for influence in &node.moved_by {
            let other = &why.nodes[influence.node];
            let _ = write!(
                out,
                "<tr><th scope=\"row\">{}{}</th><td>{} %</td><td>{}{}</td></tr>",
                it.text(&other.title),
                past(influence.lag),
                figure(influence.strength[at]),
                figure(other.values[at]),
                unit(&other.unit)
            );
        }
        out.push_str("</tbody></table></div></details>");
    }
    out.push_str("</div>\n");
}

fn past(lag: u32) -> String {
    match lag {
        0 => String::new(),
        1 => " <small>one period before</small>".into(),
        many => format!(" <small>{many} periods before</small>"),
    }
}
