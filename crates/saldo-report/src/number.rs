//! Numbers as a reader wants them.

/// Six significant digits: what a picture can show.
pub(crate) fn rounded(value: f64) -> f64 {
    if value.is_finite() {
        format!("{value:.5e}").parse().unwrap_or(value)
    } else {
        f64::NAN
    }
}

/// A number for a reader: four significant digits, thin spaces between thousands, a true minus;
/// a dash for what is not known.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let size = value.abs();
    let text = match size {
        0.0 => "0".into(),
        _ if !(1e-4..1e12).contains(&size) => return scientific(value),
        _ if size >= 999.5 => grouped(&format!("{size:.0}")),
        _ if size >= 99.95 => format!("{size:.1}"),
        _ if size >= 9.995 => format!("{size:.2}"),
        _ if size >= 0.1 => format!("{size:.3}"),
        _ => format!("{size:.5}"),
    };
    format!("{}{}", if value < 0.0 { "−" } else { "" }, text)
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let raised: String = power.chars().map(superscript).collect();
    format!("{} × 10{raised}", digits.replace('-', "−"))
}

fn superscript(digit: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match digit.to_digit(10) {
        Some(at) => RAISED[at as usize],
        None => '⁻',
    }
}

fn grouped(whole: &str) -> String {
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_a_reader() {
        let cases = [
            (0.0, "0"),
            (-27.934, "−27.93"),
            (1234567.8, "1\u{202f}234\u{202f}568"),
            (0.25, "0.250"),
            (2.5e13, "2.500 × 10¹³"),
            (-1.5e-7, "−1.500 × 10⁻⁷"),
            (f64::NAN, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
    }
}
