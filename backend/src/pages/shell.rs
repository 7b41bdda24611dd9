//! The frontend's `shell.html`, cut where pages differ.

use super::content::{Content, Screen};
use crate::http::escape::html;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;

pub struct Shell {
    before_title: String,
    before_description: String,
    /// The shop's own, as HTML.
    description: String,
    before_head_end: String,
    before_screen: String,
    hero: String,
    skeleton: String,
    after_screen: String,
    end: String,
}

impl Shell {
    /// # Errors
    /// Something that differs from page to page is not where the shell has it.
    pub fn read(shell: &[u8]) -> Result<Self> {
        let rest = std::str::from_utf8(shell).context("the shell is no text")?;
        let (before_title, rest) = cut(rest, "<title>")?;
        let (_, rest) = cut(rest, "</title>")?;
        let (before_description, rest) = cut(rest, r#"<meta name="description" content=""#)?;
        let (description, rest) = cut(rest, r#"">"#)?;
        let (before_head_end, rest) = cut(rest, "</head>")?;
        let (before_screen, rest) = cut(rest, r#"<section class="hero shell-home">"#)?;
        let (hero, rest) = cut(rest, "</section>")?;
        let (_, rest) = cut(rest, r#"<div class="shell-other" aria-hidden="true">"#)?;
        let (skeleton, rest) = cut(rest, "</main>")?;
        let (after_screen, end) = cut(rest, "</body>")?;
        Ok(Self {
            before_title: before_title.to_owned(),
            before_description: before_description.to_owned(),
            description: description.to_owned(),
            before_head_end: before_head_end.to_owned(),
            before_screen: format!("</head>{before_screen}"),
            hero: format!(r#"<section class="hero">{hero}</section>"#),
            skeleton: format!(r#"<div class="shell-other" aria-hidden="true">{skeleton}"#),
            after_screen: format!("</main>{after_screen}"),
            end: format!("</body>{end}"),
        })
    }

    /// `head_end` is HTML.
    pub fn fill(&self, content: &Content, head_end: &str) -> Result<String> {
        let Content { head, screen, first_data } = content;
        let mut page = self.before_title.clone();
        write!(page, "<title>{}</title>", html(&head.title))?;
        page.push_str(&self.before_description);
        page.push_str(&head.html(&self.description)?);
        page.push_str(&self.before_head_end);
        page.push_str(head_end);
        page.push_str(&self.before_screen);
        match screen {
            Screen::Hero => page.push_str(&self.hero),
            Screen::Skeleton => page.push_str(&self.skeleton),
            Screen::Titled(title, text) => {
                write!(page, r#"<div class="page-head"><div><h1>{}</h1>"#, html(title))?;
                if !text.is_empty() {
                    write!(page, r#"<p class="page-lead">{}</p>"#, html(text))?;
                }
                page.push_str("</div></div>");
            }
            Screen::Html(html) => page.push_str(html),
        }
        page.push_str(&self.after_screen);
        for answer in first_data {
            let activity = if answer.is_activity { " data-activity" } else { "" };
            let json = std::str::from_utf8(&answer.body.plain)?;
            let path = html(&answer.path);
            writeln!(
                page,
                r#"<script type="application/json" data-api="{path}"{activity}>{json}</script>"#
            )?;
        }
        page.push_str(&self.end);
        Ok(page)
    }
}

fn cut<'a>(text: &'a str, mark: &str) -> Result<(&'a str, &'a str)> {
    text.split_once(mark).with_context(|| format!("the shell has no {mark} where it should"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::head::Head;

    const SHELL: &str = include_str!("../../../frontend/shell.html");

    fn page(screen: Screen) -> String {
        let content = Content { head: Head::titled("Tea & <b>"), screen, first_data: Vec::new() };
        Shell::read(SHELL.as_bytes()).unwrap().fill(&content, "").unwrap()
    }

    #[test]
    fn a_page_is_the_shell_with_its_own_words() {
        let other = page(Screen::Titled("Tea".to_owned(), "<i>".to_owned()));
        assert!(other.contains("<title>Tea &amp; &lt;b&gt; · storezero</title>"));
        assert!(other.contains("<h1>Tea</h1><p class=\"page-lead\">&lt;i&gt;</p>"));
        assert!(!other.contains("zero fuss") && !other.contains("skeleton-tile"));
        let home = page(Screen::Hero);
        assert!(home.contains("zero fuss") && !home.contains("shell-other"));
        for page in [other, home] {
            assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
            assert_eq!(page.matches("<h1").count(), 1);
            assert_eq!(page.matches("<main").count(), page.matches("</main>").count());
        }
    }

    #[test]
    fn another_shell_is_refused_at_the_start() {
        let error = Shell::read(b"<title>x</title>").err().unwrap().to_string();
        assert!(error.contains("description"), "{error}");
    }
}
