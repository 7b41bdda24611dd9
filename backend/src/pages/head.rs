//! What a page tells those who do not look at it: title, description, address, preview, linked data.

use crate::http::{escape::html, representation::json_for_html};
use serde_json::Value;
use std::fmt::Write as _;

/// Characters that search engines show of a description.
const DESCRIPTION: usize = 160;

pub struct Head {
    pub title: String,
    /// The shop's own where there is none.
    pub description: Option<String>,
    /// Where search engines find it; none for what they have no use for.
    pub address: Option<String>,
    pub picture: Option<String>,
    /// Of Open Graph.
    pub kind: &'static str,
    pub linked_data: Vec<Value>,
}

impl Head {
    pub fn titled(title: &str) -> Self {
        Self {
            title: format!("{title} · storezero"),
            description: None,
            address: None,
            picture: None,
            kind: "website",
            linked_data: Vec::new(),
        }
    }

    /// Everything but the title, which stands first. `usual` is the shop's own description, as HTML.
    pub fn html(&self, usual: &str) -> anyhow::Result<String> {
        let description =
            self.description.as_deref().map_or(usual.to_owned(), |text| html(&shorten(text)));
        let mut head = format!(r#"<meta name="description" content="{description}">"#);
        let Some(address) = &self.address else {
            head.push_str("\n    <meta name=\"robots\" content=\"noindex\">");
            return Ok(head);
        };
        let (address, title) = (html(address), html(&self.title));
        write!(head, "\n    <link rel=\"canonical\" href=\"{address}\">")?;
        let graph = [
            ("site_name", "storezero"),
            ("type", self.kind),
            ("title", &title),
            ("description", &description),
            ("url", &address),
        ];
        for (name, content) in graph {
            write!(head, "\n    <meta property=\"og:{name}\" content=\"{content}\">")?;
        }
        if let Some(picture) = &self.picture {
            write!(head, "\n    <meta property=\"og:image\" content=\"{}\">", html(picture))?;
        }
        for data in &self.linked_data {
            let json = json_for_html(data)?;
            write!(head, "\n    <script type=\"application/ld+json\">{json}</script>")?;
        }
        Ok(head)
    }
}

/// To whole words.
fn shorten(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(DESCRIPTION) else { return text.to_owned() };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', '.', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_description_ends_with_a_whole_word() {
        assert_eq!(shorten("short"), "short");
        let long = shorten(&"ünder the table, ".repeat(20));
        assert!(long.chars().count() <= DESCRIPTION + 1 && long.ends_with('…'), "{long}");
        assert_eq!(shorten(&"ü".repeat(500)).chars().count(), DESCRIPTION + 1);
    }

    #[test]
    fn what_is_not_for_search_engines_has_no_address() {
        let head = Head::titled("Cart").html("Shop.").unwrap();
        assert!(head.contains("noindex") && !head.contains("canonical") && !head.contains("og:"));
    }

    #[test]
    fn no_name_breaks_out_of_its_place() {
        let evil = r#"</script><!-- "><script>alert(1)</script>"#;
        let head = Head {
            description: Some(evil.to_owned()),
            address: Some("http://shop/p/x".to_owned()),
            linked_data: vec![json!({ "name": evil })],
            ..Head::titled(evil)
        };
        let html = head.html("").unwrap();
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert_eq!(html.matches("</script>").count(), 1, "{html}");
        assert!(!html.contains("<!--"), "{html}");
    }
}
