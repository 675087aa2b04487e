//! The first screen: five computed sentences and three pictures.

use super::charts;
use crate::html::escape;
use crate::page::document::Document;
use std::fmt::Write;

/// How many headline pictures stand on the first screen.
pub(crate) const PICTURES: usize = 3;

pub(crate) fn write(out: &mut String, it: &Document) {
    out.push_str("<ul class=\"says\">");
    for line in &it.says {
        let _ = write!(out, "<li>{}</li>", escape(line));
    }
    out.push_str("</ul>\n<div id=\"views-top\" class=\"views\"></div>\n");
    if it.scenes.len() > 1 {
        charts::legend(out, it);
    }
    out.push_str("<div class=\"grid\">");
    for chart in it.charts.iter().take(PICTURES) {
        charts::write_chart(out, it, chart);
    }
    out.push_str("</div>\n");
}
