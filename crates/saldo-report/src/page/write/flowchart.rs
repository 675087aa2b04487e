//! Two pictures of the books: who paid whom, and what each sector owns and owes.

use crate::html::escape;
use crate::number;
use crate::page::document::{Books, Document, Payment};
use crate::page::said::{Said, figure};
use std::fmt::Write;

const WIDE: f64 = 760.0;

const HIGH: f64 = 380.0;

const EDGE: f64 = 196.0;

const GAP: f64 = 12.0;

/// Flows that are drawn with a band of their own; the rest is in the matrix.
const DRAWN: usize = 24;

/// Colours of what is owned and owed.
const KEYS: usize = 14;

/// Top and height.
type Bar = (f64, f64);

/// A ribbon: from, to, amount, and the payment it draws.
struct Ribbon<'a>(usize, usize, f64, &'a Payment);

/// Payers left, receivers right, a ribbon a flow, as wide as its amount.
pub(crate) fn sankey(it: &Document, books: &Books, at: usize) -> String {
    let mut ribbons: Vec<Ribbon> = books
        .payments
        .iter()
        .filter_map(|it| {
            let value = it.values[at];
            match value {
                _ if value > 0.0 => Some(Ribbon(it.from, it.to, value, it)),
                _ if value < 0.0 => Some(Ribbon(it.to, it.from, -value, it)),
                _ => None,
            }
        })
        .collect();
    ribbons.sort_by(|a, b| b.2.total_cmp(&a.2));
    let left_out = ribbons.len().saturating_sub(DRAWN);
    ribbons.truncate(DRAWN);
    if ribbons.is_empty() {
        return it.paragraph("books.unpaid", &[]);
    }
    ribbons.sort_by_key(|ribbon| (ribbon.0, ribbon.1));
    let (payers, scale) = bars(books, &ribbons, |ribbon| ribbon.0, None);
    let (takers, scale) = bars(books, &ribbons, |ribbon| ribbon.1, Some(scale));
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" class=\"sankey\" role=\"img\" aria-label=\"{}\">",
        escape(&in_words(books, &ribbons))
    );
    let drawing = Drawing { it, books, at };
    drawing.ribbons(&mut out, &ribbons, (&payers, &takers), scale);
    drawing.names(&mut out, &payers, Side::Payers);
    drawing.names(&mut out, &takers, Side::Takers);
    out.push_str("</svg>");
    if left_out > 0 {
        let _ = write!(
            out,
            "<p class=\"unit\">{}</p>",
            it.say("books.smaller", &[left_out.into()])
        );
    }
    out
}

/// Top and height of each column's bar on one side.
fn bars(
    books: &Books,
    ribbons: &[Ribbon],
    side: impl Fn(&Ribbon) -> usize,
    scale: Option<f64>,
) -> (Vec<Bar>, f64) {
    let mut sums = vec![0.0; books.columns.len()];
    ribbons
        .iter()
        .for_each(|ribbon| sums[side(ribbon)] += ribbon.2);
    let total: f64 = sums.iter().sum();
    let room = HIGH - 20.0 - GAP * books.columns.len() as f64;
    let scale = scale.unwrap_or(room / total);
    let mut top = 10.0;
    let place = |sum: &f64| {
        let bar = (top, sum * scale);
        if *sum > 0.0 {
            top += sum * scale + GAP;
        }
        bar
    };
    (sums.iter().map(place).collect(), scale)
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Payers,
    Takers,
}

/// Books at a date, drawn with titles in both languages.
struct Drawing<'a> {
    it: &'a Document,
    books: &'a Books,
    at: usize,
}

impl Drawing<'_> {
    fn ribbons(
        &self,
        out: &mut String,
        ribbons: &[Ribbon],
        (payers, takers): (&[Bar], &[Bar]),
        scale: f64,
    ) {
        let mut left: Vec<f64> = payers.iter().map(|bar| bar.0).collect();
        let mut right: Vec<f64> = takers.iter().map(|bar| bar.0).collect();
        for Ribbon(from, to, value, payment) in ribbons {
            let thick = value * scale;
            let (a, b) = (left[*from] + thick / 2.0, right[*to] + thick / 2.0);
            left[*from] += thick;
            right[*to] += thick;
            let middle = WIDE / 2.0;
            let line = payment.place.and_then(|place| self.it.line(place));
            let unit = &self.books.units[self.at];
            let amount = figure(*value).map(|amount| format!("{amount} {unit}"));
            let told = [self.it.title(&payment.title), amount];
            let told = Said::joined(&told, ": ");
            let line = line.unwrap_or_default();
            let (russian, english) = self.it.both(&told.map(|text| format!("{text}\n{line}")));
            let _ = write!(
                out,
                "<path class=\"ribbon c{}\" stroke-width=\"{:.1}\" d=\"M{} {a:.1}C{middle} {a:.1} {middle} {b:.1} {} {b:.1}\"><title{russian}>{english}</title></path>",
                from % 8,
                thick.max(0.7),
                EDGE + 6.0,
                WIDE - EDGE - 6.0,
            );
        }
    }

    fn names(&self, out: &mut String, bars: &[Bar], side: Side) {
        let (x, anchor, bar) = match side {
            Side::Payers => (EDGE - 8.0, "end", EDGE),
            Side::Takers => (WIDE - EDGE + 8.0, "start", WIDE - EDGE - 6.0),
        };
        for (at, (top, height)) in bars.iter().enumerate().filter(|(_, bar)| bar.1 > 0.0) {
            let (russian, english) = self.it.both(
                &self
                    .it
                    .title(&self.books.columns[at])
                    .map(|name| clipped(name, NAME)),
            );
            let _ = write!(
                out,
                "<rect class=\"bar c{}\" x=\"{bar}\" y=\"{top:.1}\" width=\"6\" height=\"{:.1}\"/><text class=\"tick\" x=\"{x}\" y=\"{:.1}\" text-anchor=\"{anchor}\"{russian}>{english}</text>",
                at % 8,
                height.max(1.0),
                top + height / 2.0 + 4.0,
            );
        }
    }
}

/// Letters of a name beside its bar.
const NAME: usize = 26;

fn in_words(books: &Books, ribbons: &[Ribbon]) -> String {
    let mut largest: Vec<&Ribbon> = ribbons.iter().collect();
    largest.sort_by(|a, b| b.2.total_cmp(&a.2));
    let told: Vec<String> = largest
        .iter()
        .take(4)
        .map(|Ribbon(from, to, value, payment)| {
            format!(
                "{}, {} to {}, {}",
                payment.title,
                books.columns[*from],
                books.columns[*to],
                number::figure(*value)
            )
        })
        .collect();
    format!("Flows between sectors. The largest: {}.", told.join("; "))
}

/// Assets stand above the line, debts hang below it; the same height is the same amount.
pub(crate) fn blocks(doc: &Document, books: &Books, at: usize) -> String {
    let rows = || {
        books
            .balance
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.name != "net worth")
    };
    let value = |row: usize, column: usize| {
        let it = &books.balance.rows[row];
        let known = it.at.iter().position(|known| *known == column);
        known
            .and_then(|known| it.cells[at].get(known).copied())
            .filter(|v| v.is_finite())
            .unwrap_or(0.0)
    };
    let side = |column: usize, sign: f64| {
        rows()
            .map(|(row, _)| (value(row, column) * sign).max(0.0))
            .sum::<f64>()
    };
    let columns = books.columns.len();
    let up = (0..columns)
        .map(|column| side(column, 1.0))
        .fold(0.0, f64::max);
    let down = (0..columns)
        .map(|column| side(column, -1.0))
        .fold(0.0, f64::max);
    if up + down == 0.0 {
        return doc.paragraph("books.empty", &[]);
    }
    let scale = (HIGH - 70.0) / (up + down);
    let zero = 20.0 + up * scale;
    let width = (WIDE - 20.0) / columns as f64;
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" class=\"blocks\" role=\"img\" aria-label=\"Balance sheets as blocks: assets above the line, debts below; the numbers are in the balance sheet below\"><line class=\"zeroline\" x1=\"10\" x2=\"{}\" y1=\"{zero:.1}\" y2=\"{zero:.1}\"/>",
        WIDE - 10.0
    );
    for column in 0..columns {
        let x = 10.0 + width * column as f64;
        let (mut top, mut bottom) = (zero, zero);
        for (row, it) in rows() {
            let amount = value(row, column);
            let tall = amount.abs() * scale;
            let y = if amount > 0.0 {
                top -= tall;
                top
            } else {
                bottom += tall;
                bottom - tall
            };
            if tall > 0.2 {
                let amount = figure(amount).map(|amount| format!("{amount} {}", books.units[at]));
                let whose = [
                    doc.title(&books.columns[column]),
                    doc.title(&it.title),
                    amount,
                ];
                let (russian, english) = doc.both(&Said::joined(&whose, ": "));
                let _ = write!(
                    out,
                    "<rect class=\"c{}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"><title{russian}>{english}</title></rect>",
                    row % KEYS,
                    x + 6.0,
                    width - 12.0,
                );
            }
        }
        names(
            &mut out,
            doc,
            &books.columns[column],
            (x + width / 2.0, width),
        );
    }
    out.push_str("</svg>");
    out
}

/// The name of a column under its blocks, on two lines at most.
fn names(out: &mut String, doc: &Document, name: &str, (middle, width): (f64, f64)) {
    let most = (width / 6.2) as usize;
    let name = doc.title(name);
    for (line, y) in [HIGH - 19.0, HIGH - 6.0].into_iter().enumerate() {
        let (russian, english) = doc.both(&name.map(|name| wrapped(name, most)[line].clone()));
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{middle:.1}\" y=\"{y}\" text-anchor=\"middle\"{russian}>{english}</text>",
        );
    }
}

/// As many words on the first line as have room there, the others on the second.
fn wrapped(name: &str, most: usize) -> [String; 2] {
    let letters = |text: &str| text.chars().count();
    let ends = name.match_indices(' ').map(|(at, _)| at);
    let mut fitting = ends.filter(|at| letters(&name[..*at]) <= most);
    match fitting.next_back() {
        Some(end) if letters(name) > most => {
            [name[..end].to_string(), clipped(&name[end + 1..], most)]
        }
        _ => [clipped(name, most), String::new()],
    }
}

fn clipped(name: &str, most: usize) -> String {
    match name.chars().count() {
        count if count <= most => name.to_string(),
        _ => {
            let kept: String = name.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end_matches([' ', '(']))
        }
    }
}

/// The colours of what is owned and owed.
pub(crate) fn key(doc: &Document, books: &Books) -> String {
    let mut out = String::from("<ul class=\"legend\">");
    for (row, it) in books
        .balance
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.name != "net worth")
    {
        let _ = write!(
            out,
            "<li><i class=\"key c{}\"></i>{}</li>",
            row % KEYS,
            doc.text(&it.title)
        );
    }
    out + "</ul>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_take_two_lines() {
        let cases = [
            ("Banks", 10, ["Banks", ""]),
            (
                "Households of the North",
                13,
                ["Households of", "the North"],
            ),
            ("Builders of new capital", 9, ["Builders", "of new c…"]),
            ("Builders", 5, ["Buil…", ""]),
        ];
        for (name, most, lines) in cases {
            assert_eq!(wrapped(name, most), lines, "{name}");
        }
    }
}
