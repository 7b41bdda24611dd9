/// Text as it stands in HTML, between tags and in quoted attributes.
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_ends_a_tag_or_an_attribute() {
        assert_eq!(
            super::html(r#"</p a="b" c='d'> & é"#),
            "&lt;/p a=&quot;b&quot; c=&#39;d&#39;&gt; &amp; é"
        );
    }
}
