//! The equations in mathematical notation, and the model's own text with an anchor a line.

use crate::html::{escape, unit};
use crate::page::document::Document;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, it: &Document) {
    let _ = write!(
        out,
        "{}<details><summary>All equations</summary><dl class=\"equations\">",
        it.paragraph("equations", &[it.equation_count.into()])
    );
    for equation in &it.equations {
        let members = match equation.members {
            1 => String::new(),
            many => {
                let told = it.say("equations.more", &[(many - 1).into()]);
                format!(" <small>{told}</small>")
            }
        };
        let math = match equation.math.as_str() {
            "" => format!("<p class=\"unit\">{}</p>", it.say("equations.long", &[])),
            math => math.to_string(),
        };
        let _ = writeln!(
            out,
            "<dt>{}{}{members} {}</dt><dd class=\"scroll\" tabindex=\"0\">{math}</dd>",
            it.text(&equation.title),
            unit(&equation.unit),
            it.link(equation.place)
        );
    }
    out.push_str("</dl></details>\n<h3>The model’s text</h3>");
    for text in &it.texts {
        let _ = write!(
            out,
            "<details class=\"code\"><summary>{}</summary><pre tabindex=\"0\">",
            escape(&text.path)
        );
        for (at, line) in text.text.lines().enumerate() {
            let _ = writeln!(
                out,
                "<span id=\"L{}-{}\">{}</span>",
                text.file,
                at + 1,
                escape(line)
            );
        }
        out.push_str("</pre></details>\n");
    }
}
