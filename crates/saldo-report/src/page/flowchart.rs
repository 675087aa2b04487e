//! Two pictures of the books: who paid whom, and what each sector owns and owes.

use super::books::Books;
use super::html::{escape, figure};
use std::fmt::Write;

const WIDE: f64 = 760.0;
const HIGH: f64 = 380.0;
const EDGE: f64 = 150.0;
const GAP: f64 = 12.0;
/// Flows that are drawn with a band of their own; the rest is in the matrix.
const DRAWN: usize = 24;

/// Top and height.
type Bar = (f64, f64);

/// A ribbon: from, to, amount, title.
struct Ribbon<'a>(usize, usize, f64, &'a str);

/// Payers left, receivers right, a ribbon a flow, as wide as its amount.
pub(crate) fn sankey(books: &Books, at: usize) -> String {
    let mut ribbons: Vec<Ribbon> = books
        .payments
        .iter()
        .filter_map(|it| {
            let value = it.values[at];
            match value {
                _ if value > 0.0 => Some(Ribbon(it.from, it.to, value, &it.title)),
                _ if value < 0.0 => Some(Ribbon(it.to, it.from, -value, &it.title)),
                _ => None,
            }
        })
        .collect();
    ribbons.sort_by(|a, b| b.2.total_cmp(&a.2));
    let left_out = ribbons.len().saturating_sub(DRAWN);
    ribbons.truncate(DRAWN);
    if ribbons.is_empty() {
        return "<p>No payment is made in this period.</p>".into();
    }
    ribbons.sort_by_key(|ribbon| (ribbon.0, ribbon.1));
    let (payers, scale) = bars(books, &ribbons, |ribbon| ribbon.0, None);
    let (takers, scale) = bars(books, &ribbons, |ribbon| ribbon.1, Some(scale));
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDE} {HIGH}\" class=\"sankey\" role=\"img\" aria-label=\"{}\">",
        escape(&in_words(books, &ribbons))
    );
    drawn(&mut out, &ribbons, (&payers, &takers), scale);
    names(&mut out, books, &payers, EDGE - 8.0, "end", EDGE);
    names(
        &mut out,
        books,
        &takers,
        WIDE - EDGE + 8.0,
        "start",
        WIDE - EDGE - 6.0,
    );
    out.push_str("</svg>");
    if left_out > 0 {
        let _ = write!(
            out,
            "<p class=\"unit\">{left_out} smaller flows are in the matrix below.</p>"
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

fn drawn(out: &mut String, ribbons: &[Ribbon], (payers, takers): (&[Bar], &[Bar]), scale: f64) {
    let mut left: Vec<f64> = payers.iter().map(|bar| bar.0).collect();
    let mut right: Vec<f64> = takers.iter().map(|bar| bar.0).collect();
    for Ribbon(from, to, value, title) in ribbons {
        let thick = value * scale;
        let (a, b) = (left[*from] + thick / 2.0, right[*to] + thick / 2.0);
        left[*from] += thick;
        right[*to] += thick;
        let middle = WIDE / 2.0;
        let _ = write!(
            out,
            "<path class=\"ribbon c{}\" stroke-width=\"{:.1}\" d=\"M{} {a:.1}C{middle} {a:.1} {middle} {b:.1} {} {b:.1}\"><title>{}: {}</title></path>",
            from % 8,
            thick.max(0.7),
            EDGE + 6.0,
            WIDE - EDGE - 6.0,
            escape(title),
            figure(*value)
        );
    }
}

fn names(out: &mut String, books: &Books, bars: &[Bar], x: f64, anchor: &str, bar: f64) {
    for (at, (top, height)) in bars.iter().enumerate().filter(|(_, bar)| bar.1 > 0.0) {
        let _ = write!(
            out,
            "<rect class=\"bar c{}\" x=\"{bar}\" y=\"{top:.1}\" width=\"6\" height=\"{:.1}\"/><text class=\"tick\" x=\"{x}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            at % 8,
            height.max(1.0),
            top + height / 2.0 + 4.0,
            escape(&short(&books.columns[at]))
        );
    }
}

fn short(name: &str) -> String {
    match name.chars().count() {
        0..=22 => name.to_string(),
        _ => name.chars().take(21).chain(['…']).collect(),
    }
}

fn in_words(books: &Books, ribbons: &[Ribbon]) -> String {
    let mut largest: Vec<&Ribbon> = ribbons.iter().collect();
    largest.sort_by(|a, b| b.2.total_cmp(&a.2));
    let told: Vec<String> = largest
        .iter()
        .take(4)
        .map(|Ribbon(from, to, value, title)| {
            format!(
                "{title}, {} to {}, {}",
                books.columns[*from],
                books.columns[*to],
                figure(*value)
            )
        })
        .collect();
    format!("Flows between sectors. The largest: {}.", told.join("; "))
}

/// Assets stand above the line, debts hang below it; the same height is the same amount.
pub(crate) fn blocks(books: &Books, at: usize) -> String {
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
        return "<p>All balances are zero.</p>".into();
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
                let _ = write!(
                    out,
                    "<rect class=\"c{}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"><title>{}: {} {}</title></rect>",
                    row % 8,
                    x + 6.0,
                    width - 12.0,
                    escape(&books.columns[column]),
                    escape(&it.title),
                    figure(amount)
                );
            }
        }
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x + width / 2.0,
            HIGH - 6.0,
            escape(&clipped(&books.columns[column], width))
        );
    }
    out.push_str("</svg>");
    out + &key(books)
}

fn clipped(name: &str, width: f64) -> String {
    let most = (width / 6.2) as usize;
    match name.chars().count() {
        count if count <= most => name.to_string(),
        _ => name
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

fn key(books: &Books) -> String {
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
            row % 8,
            escape(&it.title)
        );
    }
    out + "</ul>"
}
