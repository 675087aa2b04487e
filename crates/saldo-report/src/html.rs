//! Text made safe in HTML.

/// Text from a model made safe for HTML, in content and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// `[RUB/month]`, or nothing for a pure number.
pub(crate) fn unit(unit: &str) -> String {
    match unit {
        "" | "1" => String::new(),
        _ => format!(" <span class=\"unit\">{}</span>", escape(unit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_from_a_model_is_text() {
        assert_eq!(escape("<b a=\"&\">'"), "&lt;b a=&quot;&amp;&quot;&gt;&#39;");
    }
}
