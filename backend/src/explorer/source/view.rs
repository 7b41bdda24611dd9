//! A source file as a page: no script, and a stylesheet of its own, so that it reads without the app.

use super::extent::Function;
use crate::http::{escape::html, plain_page::plain_page};
use shared::trace::{Section, SourceLocation, Step};
use std::fmt::Write as _;

pub struct View<'a> {
    /// From the repository's root.
    pub file: &'a str,
    pub text: &'a str,
    /// What is marked.
    pub function: Option<Function>,
    pub back: &'a str,
}

impl View<'_> {
    pub fn page(&self) -> String {
        let title = match &self.function {
            Some(function) => format!("{} · {}", function.name, self.file),
            None => self.file.to_owned(),
        };
        let body = format!(
            "<header>\n<nav aria-label=\"This file\">\n<a href=\"{back}\">← Back to Sessions</a>\n\
             <a href=\"?plain=1\">Plain text</a>\n</nav>\n<h1>{file}</h1>\n{about}</header>\n\
             <main>\n<pre>{lines}</pre>\n</main>\n",
            back = html(self.back),
            file = html(self.file),
            about = self.about(),
            lines = self.lines(),
        );
        plain_page(&title, "", &body)
    }

    /// Which function is marked, which steps of a flow it handles, and by which rules.
    fn about(&self) -> String {
        let Some(function) = &self.function else {
            return String::new();
        };
        let mut about = format!(
            "<p><a href=\"#function\"><code>{}</code></a>, lines {} to {}</p>\n",
            html(&function.name),
            function.first,
            function.last,
        );
        let steps = steps_of(self.file, &function.name);
        if !steps.is_empty() {
            let items: String = steps.into_iter().map(item).collect();
            let _ = writeln!(about, "<ul aria-label=\"What it handles\">\n{items}</ul>");
        }
        about
    }

    fn lines(&self) -> String {
        let mut lines = String::with_capacity(self.text.len() * 2);
        for (line, number) in self.text.lines().zip(1..) {
            let function = self.function.as_ref();
            if function.is_some_and(|function| function.first == number) {
                lines.push_str("<span id=\"function\" class=\"function\">");
            }
            let kind = if line.trim_start().starts_with("//") { " class=\"comment\"" } else { "" };
            let _ = writeln!(
                lines,
                "<span class=\"line\" id=\"L{number}\"><a href=\"#L{number}\">{number}</a><code{kind}>{}</code>",
                html(line)
            );
            lines.push_str("</span>");
            if function.is_some_and(|function| function.last == number) {
                lines.push_str("</span>");
            }
        }
        lines
    }
}

fn steps_of(file: &str, function: &str) -> Vec<Step> {
    let handles = |step: &&Step| {
        let SourceLocation { file: handled_in, function: handled_by } = step.handled_by();
        (handled_in, handled_by) == (file, function)
    };
    Step::ALL.iter().filter(handles).copied().collect()
}

fn item(step: Step) -> String {
    let rules: String = step.sections(false).iter().map(link).collect();
    format!("<li>{}{rules}</li>\n", html(step.title()))
}

fn link(Section { name, url }: &Section) -> String {
    format!(" · <a href=\"{}\" rel=\"external noopener\">{}</a>", html(url), html(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str, function: Option<Function>) -> String {
        View { file: "a/<b>.rs", text, function, back: "/sessions" }.page()
    }

    #[test]
    fn every_line_has_its_number_and_is_text() {
        let page = page("let a = \"<script>\" & 'b';\n\n}", None);
        assert!(page.contains(
            "<span class=\"line\" id=\"L1\"><a href=\"#L1\">1</a>\
             <code>let a = &quot;&lt;script&gt;&quot; &amp; &#39;b&#39;;</code>"
        ));
        assert!(page.contains("id=\"L3\"") && !page.contains("id=\"L4\""));
        assert!(page.contains("<h1>a/&lt;b&gt;.rs</h1>"));
        assert!(!page.contains("id=\"function\"") && !page.contains("<script"));
    }

    #[test]
    fn the_functions_lines_are_marked_and_no_others() {
        let function = Function { name: "f".to_owned(), first: 2, last: 3 };
        let page = page("one\ntwo\nthree\nfour", Some(function));
        let (before, marked) = page.split_once("<span id=\"function\"").unwrap();
        let (marked, after) = marked.split_once("</span></span>").unwrap();
        assert!(before.contains("one") && !before.contains("<code>two"));
        assert!(marked.contains("two") && marked.contains("three") && !marked.contains("four"));
        assert!(after.contains("four"));
        assert_eq!(page.matches("<span").count(), page.matches("</span>").count());
        assert!(page.contains("lines 2 to 3"));
    }

    #[test]
    fn a_handler_says_what_it_handles_and_by_which_rule() {
        let function = Function { name: "validate".to_owned(), first: 1, last: 1 };
        let file = "backend/src/oidc/id_token.rs";
        let view = View { file, text: "x", function: Some(function), back: "/sessions" };
        let page = view.page();
        assert!(page.contains("ID token validated"));
        assert!(page.contains(">OIDC Core §3.1.3.7</a>"));
    }
}
