//! The books at a date: two pictures and three matrices.

use super::flowchart::{blocks, key, sankey};
use crate::html::escape;
use crate::number::figure;
use crate::page::document::{Books, Document, Sheet};
use crate::page::said::date;
use std::fmt::Write;

/// A matrix of more rows names its columns at the foot too.
const LONG: usize = 20;

pub(crate) fn write(out: &mut String, it: &Document) {
    if it.books.iter().all(|books| books.dates.is_empty()) {
        return;
    }
    out.push_str(&it.paragraph("books", &[]));
    out.push_str("<div class=\"slider\" id=\"slider\"></div>");
    for (which, books) in it.books.iter().enumerate() {
        let _ = write!(out, "<div class=\"book\" data-book=\"{which}\">");
        if it.books.len() > 1 {
            let head = it.say("books.money", &[books.money.as_str().into()]);
            let _ = write!(out, "<h3>{head}</h3>");
        }
        one(out, it, books, which);
        out.push_str("</div>\n");
    }
}

fn one(out: &mut String, it: &Document, books: &Books, which: usize) {
    let at = books.dates.len() - 1;
    let label = format!(
        "<span class=\"date\">{}</span>",
        date(&it.labels[books.dates[at]]).english
    );
    let _ = write!(
        out,
        "<h3>{} {label}</h3>{}<div class=\"sankey-now\">{}</div><h3>{} {label}</h3>{}<div class=\"blocks-now\">{}</div>{}",
        it.text("Who paid whom in"),
        it.paragraph("books.sankey", &[]),
        sankey(it, books, at),
        it.text("What each sector owns and owes, end of"),
        it.paragraph("books.blocks", &[]),
        blocks(it, books, at),
        key(it, books)
    );
    let sheets = [
        (
            "balance",
            "Balance sheet",
            "assets +, debts −",
            &books.balance,
        ),
        (
            "flows",
            "Transactions-flow matrix",
            "sources +, uses −, change of assets −",
            &books.flows,
        ),
        (
            "gains",
            "Revaluation matrix",
            "gains + and losses − by prices alone",
            &books.gains,
        ),
    ];
    for (id, title, note, sheet) in sheets {
        let id = if which == 0 {
            id.to_string()
        } else {
            format!("{id}-{which}")
        };
        if sheet.rows.len() < 2 && title.starts_with("Revaluation") {
            let _ = write!(out, "<p id=\"{id}\">{}</p>", it.say("books.still", &[]));
            continue;
        }
        let _ = write!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title} {2}\"><table class=\"matrix\" id=\"{id}\"><caption>{0}, {label} <small>{1} <span class=\"unit money\">{3}</span></small></caption>",
            it.text(title),
            it.text(note),
            escape(&books.money),
            escape(format!("{} {}", scale(sheet, at).1, books.units[at]).trim())
        );
        matrix(out, it, books, (sheet, at));
        out.push_str("</table></div>");
    }
}

/// One scale for a table, so that its largest number has at most six digits before the point.
fn scale(sheet: &Sheet, at: usize) -> (f64, &'static str) {
    let cells = sheet.rows.iter().flat_map(|row| &row.cells[at]);
    let known = cells.filter(|value| value.is_finite());
    let largest = known.fold(0.0, |most: f64, value| most.max(value.abs()));
    let scales = [
        (1e15, "quadrillion"),
        (1e12, "trillion"),
        (1e9, "billion"),
        (1e6, "million"),
    ];
    let fits = |(by, _): &(f64, &str)| largest >= 10.0 * by;
    scales.into_iter().find(fits).unwrap_or((1.0, ""))
}

fn matrix(out: &mut String, it: &Document, books: &Books, (sheet, at): (&Sheet, usize)) {
    let columns = books.columns.iter();
    let heads: String = columns
        .map(|column| format!("<th scope=\"col\">{}</th>", it.text(column)))
        .collect();
    let head = format!("<tr><td></td>{heads}<th scope=\"col\">Σ</th></tr>");
    let _ = write!(out, "<thead>{head}</thead><tbody>");
    let (by, _) = scale(sheet, at);
    for row in &sheet.rows {
        let cells = &row.cells[at];
        if cells.is_empty() {
            continue;
        }
        let total = row.is_sum();
        let tip = row.place.and_then(|place| it.line(place)).unwrap_or("");
        let _ = write!(
            out,
            "<tr{}><th scope=\"row\" title=\"{}\">{}</th>",
            if total { " class=\"total\"" } else { "" },
            escape(tip),
            it.text(&row.title)
        );
        for column in 0..books.columns.len() {
            let value = row
                .at
                .iter()
                .position(|known| *known == column)
                .map(|known| cells[known]);
            cell(out, value, by);
        }
        let sum = cells.last().copied().filter(|_| row.name != "Σ");
        cell(out, sum, by);
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    if sheet.rows.len() > LONG {
        let _ = write!(out, "<tfoot>{head}</tfoot>");
    }
}

/// What is too small for the table's scale is not a zero, and does not look like one.
fn cell(out: &mut String, value: Option<f64>, by: f64) {
    let _ = match value.filter(|value| value.is_finite()) {
        None => write!(out, "<td></td>"),
        Some(0.0) => write!(out, "<td class=\"zero\">0</td>"),
        Some(value) => write!(
            out,
            "<td{}>{}</td>",
            if value < 0.0 { " class=\"minus\"" } else { "" },
            match (value / by).abs() < 1e-3 {
                true => "≈ 0".into(),
                false => figure(value / by),
            }
        ),
    };
}
