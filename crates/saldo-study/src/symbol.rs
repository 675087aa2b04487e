//! Names of a model as mathematical symbols (LaTeX): Greek by name, `alpha1` as α₁, the rest of
//! `price_level` as a subscript, the owner of a balance as a superscript, lags as subscripts.

/// A symbol with what stands below and above it.
struct Symbol {
    base: String,
    below: Vec<String>,
    above: Vec<String>,
}

/// `text` as it was `by` periods ago; 0: now. What is asked about an event, as in
/// `since(reform)` or `after reform`, keeps its words.
pub(crate) fn symbol(text: &str, by: u32) -> String {
    if let Some((function, inner)) = text.strip_suffix(')').and_then(|it| it.split_once('(')) {
        return applied(function, &[symbol(inner, by)]);
    }
    match text.split_once(' ') {
        Some(("closing", rest)) => return symbol(rest, by),
        Some((word @ ("after" | "before" | "during"), rest)) => {
            return format!("\\text{{{word} }}{}", symbol(rest, by));
        }
        _ => {}
    }
    let mut symbol = Symbol::of(text);
    if by > 0 {
        symbol.below.push(format!("t-{by}"));
    }
    let set = |sign: &str, parts: &[String]| match parts.is_empty() {
        true => String::new(),
        false => format!("{sign}{{{}}}", parts.join(",")),
    };
    let (below, above) = (set("_", &symbol.below), set("^", &symbol.above));
    format!("{}{below}{above}", symbol.base)
}

impl Symbol {
    /// `firms[coal].trade of firms[oil]`: trade, above it firms, coal and firms, oil.
    fn of(text: &str) -> Symbol {
        let (text, other) = text.split_once(" of ").unwrap_or((text, ""));
        // A dot within brackets belongs to the member's name.
        let outside = text.rfind(']').map_or(0, |at| at + 1);
        let dot = text[outside..].find('.').map(|at| outside + at);
        let dot = dot.or_else(|| text.find('.').filter(|_| !text.contains('[')));
        let (owner, own) = dot.map_or(("", text), |at| (&text[..at], &text[at + 1..]));
        let mut symbol = Symbol::plain(own);
        for name in [owner, other].into_iter().filter(|it| !it.is_empty()) {
            let (family, members) = members(name);
            symbol.above.push(letters(&family.replace('_', " ")));
            symbol.above.extend(members);
        }
        symbol
    }

    /// A name without owner: `alpha1`, `price_level`, `need[coal, oil]`.
    fn plain(text: &str) -> Symbol {
        let (name, members) = members(text);
        let (first, rest) = name.split_once('_').unwrap_or((name, ""));
        let word = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &first[word.len()..];
        // What begins with its digits is no letter with a number.
        let (word, digits) = if word.is_empty() {
            (first, "")
        } else {
            (word, digits)
        };
        let mut below = Vec::new();
        if !digits.is_empty() {
            below.push(digits.to_string());
        }
        if !rest.is_empty() {
            below.push(letters(&rest.replace('_', " ")));
        }
        below.extend(members);
        Symbol {
            base: letters(word),
            below,
            above: Vec::new(),
        }
    }
}

/// `firms[coal, north]`: firms; coal, north.
fn members(text: &str) -> (&str, Vec<String>) {
    let Some((name, rest)) = text.split_once('[') else {
        return (text, Vec::new());
    };
    let members = rest.trim_end_matches(']').split(',');
    let shown = members.map(|it| letters(&it.trim().replace('_', " ")));
    (name, shown.collect())
}

/// A letter, a Greek one by its name, or a word.
fn letters(word: &str) -> String {
    const GREEK: &str = " alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi \
                         pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi \
                         Sigma Upsilon Phi Psi Omega ";
    let mut signs = word.chars();
    match (signs.next(), signs.next()) {
        (Some(one), None) if one.is_ascii_alphanumeric() => word.into(),
        _ if !word.is_empty() && GREEK.contains(&format!(" {word} ")) => format!("\\{word}"),
        _ if word.chars().all(|c| c.is_ascii_alphanumeric()) => format!("\\mathit{{{word}}}"),
        _ => format!("\\text{{\\itshape {}}}", escaped(word)),
    }
}

/// Text that LaTeX shows and does not obey.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            _ => out.push(c),
        }
    }
    out
}

/// A function of the language in its usual sign.
pub(crate) fn applied(function: &str, args: &[String]) -> String {
    const KNOWN: &str = " exp log min max ";
    let inner = args.join(", ");
    match function {
        "sqrt" => format!("\\sqrt{{{inner}}}"),
        "abs" => format!("\\left|{inner}\\right|"),
        _ if KNOWN.contains(&format!(" {function} ")) => {
            format!("\\{function}\\left({inner}\\right)")
        }
        _ => format!("\\operatorname{{{function}}}\\left({inner}\\right)"),
    }
}

/// `3 \cdot 10^{-7}`.
pub(crate) fn power_of_ten(shown: &str) -> String {
    match shown.split_once('e') {
        None => shown.to_string(),
        Some(("1", power)) => format!("10^{{{power}}}"),
        Some((digits, power)) => format!("{digits} \\cdot 10^{{{power}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::symbol;

    #[test]
    fn names_become_symbols() {
        let cases = [
            ("Y", 0, "Y"),
            ("alpha1", 0, "\\alpha_{1}"),
            ("theta", 1, "\\theta_{t-1}"),
            ("output", 0, "\\mathit{output}"),
            ("price_level", 2, "\\mathit{price}_{\\mathit{level},t-2}"),
            (
                "households.cash",
                1,
                "\\mathit{cash}_{t-1}^{\\mathit{households}}",
            ),
            (
                "need[coal, oil]",
                0,
                "\\mathit{need}_{\\mathit{coal},\\mathit{oil}}",
            ),
            (
                "firms[coal].cash",
                0,
                "\\mathit{cash}^{\\mathit{firms},\\mathit{coal}}",
            ),
            ("closing a.cash", 0, "\\mathit{cash}^{a}"),
            ("after reform", 0, "\\text{after }\\mathit{reform}"),
            (
                "since(reform)",
                0,
                "\\operatorname{since}\\left(\\mathit{reform}\\right)",
            ),
            ("100 % pure", 0, "\\text{\\itshape 100 \\% pure}"),
        ];
        for (name, by, wanted) in cases {
            assert_eq!(symbol(name, by), wanted, "{name}");
        }
    }
}
