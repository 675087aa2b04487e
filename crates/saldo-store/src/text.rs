//! Numbers and names as cells of a CSV table.

/// The shortest text that reads back to the same double; nothing for what was not given.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        String::new()
    } else if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// A name as a cell: quoted where it must be, and never a formula of a spreadsheet.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula {
        format!("'{text}")
    } else {
        text.to_string()
    };
    if safe.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_back_as_they_were_and_run_nothing() {
        let cases = [
            ("output", "output"),
            ("inputs[coal,power]", "\"inputs[coal,power]\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("-x", "'-x"),
            ("say \"a\"", "\"say \"\"a\"\"\""),
        ];
        for (text, written) in cases {
            assert_eq!(cell(text), written);
        }
    }

    #[test]
    fn numbers_read_back_to_the_same_double() {
        for value in [0.1, 1e-300, 1e300, -2.5, 0.0, 123_456_789.125] {
            assert_eq!(number(value).parse::<f64>(), Ok(value));
        }
        assert_eq!(
            (number(f64::NAN), number(f64::INFINITY)),
            Default::default()
        );
    }
}
