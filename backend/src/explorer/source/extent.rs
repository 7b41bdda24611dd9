//! Where a function stands in its file. rustfmt has put its end where its head begins.

/// Lines are counted from 1, and both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub first: usize,
    pub last: usize,
}

/// The first function of this name, with the comments and attributes above it.
pub fn of(text: &str, name: &str) -> Option<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().position(|line| is_head(line, name))?;
    let indent = lines[head].len() - lines[head].trim_start().len();
    let end = format!("{}}}", &lines[head][..indent]);
    let body = lines[head..].iter().position(|line| *line == end)?;
    let above = lines[..head].iter().rev().take_while(|line| belongs_to_next(line)).count();
    Some(Function { name: name.to_owned(), first: head - above + 1, last: head + body + 1 })
}

fn is_head(line: &str, name: &str) -> bool {
    let Some((before, after)) = line.trim_start().split_once("fn ") else {
        return false;
    };
    let is_qualifier =
        |word: &str| matches!(word, "async" | "const" | "unsafe") || word.starts_with("pub");
    let is_named = after.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', '<']));
    is_named && before.split_whitespace().all(is_qualifier)
}

fn belongs_to_next(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("#[")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
use x;

/// Says it.
#[inline]
pub(super) async fn say<T>(what: T) {
    if true {
        print(what);
    }
}

// fn other() is called elsewhere.
impl Other {
    const fn other(self) -> u8 {
        1
    }
}
";

    fn lines(name: &str) -> Option<(usize, usize)> {
        of(TEXT, name).map(|function| (function.first, function.last))
    }

    #[test]
    fn a_function_reaches_from_its_comments_to_the_brace_below_its_head() {
        assert_eq!(lines("say"), Some((3, 9)));
        assert_eq!(lines("other"), Some((13, 15)));
    }

    #[test]
    fn a_name_that_is_only_used_or_begins_alike_is_no_function() {
        for name in ["print", "sa", "othe", "", "Other"] {
            assert_eq!(lines(name), None, "{name}");
        }
    }
}
