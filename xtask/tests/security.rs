//! `docs/security.md` names a test for each line of a standard that holds. Here its names are looked up.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Where a name without a folder is, by its ending; the first that fits counts.
const TESTS: [(&str, &str); 3] =
    [(".test.ts", "e2e/idp/test"), (".spec.ts", "e2e/tests"), (".rs", "backend/tests/http")];
/// Where a file without a folder is.
const FILES: [&str; 2] = ["", "backend/src"];
const ENDINGS: [&str; 7] = [".rs", ".ts", ".js", ".md", ".sql", ".yml", ".toml"];
/// How a row begins to say that its line does not hold, or not whole.
const EXCEPTIONS: [&str; 4] = ["**Partly.**", "**No.**", "**Not here.**", "**Unproved.**"];

#[test]
fn every_test_that_the_page_names_exists() {
    let page = page();
    let names: BTreeSet<_> = spans(&page).filter_map(|span| span.split_once("::")).collect();
    assert!(names.len() > 150, "only {} tests were found on the page", names.len());
    let unknown: Vec<_> =
        names.into_iter().filter(|(file, name)| !is_test(&root(), file, name)).collect();
    assert!(unknown.is_empty(), "docs/security.md names no test: {unknown:#?}");
}

#[test]
fn every_file_that_the_page_names_exists() {
    let page = page();
    let unknown: Vec<_> = spans(&page)
        .filter(|span| is_path(span))
        .filter(|span| FILES.iter().all(|folder| !root().join(folder).join(span).exists()))
        .collect();
    assert!(unknown.is_empty(), "docs/security.md names no file: {unknown:#?}");
}

#[test]
fn no_line_holds_without_a_test() {
    let page = page();
    let bare: Vec<_> = rows(&page).filter(|row| !is_proved(row)).collect();
    assert!(bare.is_empty(), "docs/security.md proves nothing of: {bare:#?}");
}

#[test]
fn what_does_not_exist_is_told_from_what_does() {
    let known = [
        ("gate.rs", "a_visitor_without_a_session_is_asked_to_sign_in"),
        ("backchannel_logout/validation.rs", "an_id_token_is_no_logout_token"),
        ("backend/src/crypto.rs", "each_purpose_has_a_key_of_its_own"),
        ("logout.test.ts", "a_forged_confirmation_signs_nobody_out"),
        ("S12-logout.spec.ts", "the old key opens nothing any more"),
    ];
    for (file, name) in known {
        assert!(is_test(&root(), file, name), "{file}::{name}");
        assert!(!is_test(&root(), file, &name[1..]), "the end of a name is not the name");
        assert!(!is_test(&root(), file, &name[..name.len() - 1]), "nor is its beginning");
        assert!(!is_test(&root(), "gone.rs", name));
    }
    assert!(!is_test(&root(), "backend/src/crypto.rs", "fingerprint"), "a function is no test");
    assert!(is_path("session/key.rs") && is_path("e2e/idp/logout.ts"));
    assert!(!is_path("prompt=none") && !is_path("logout.rs::a_name") && !is_path("/auth/login"));
    assert!(is_proved("| 1 | asks | here | `a.rs` | `a.rs::b` |"));
    assert!(is_proved("| 1 | asks | **No.** Nobody can | — | — |"));
    assert!(!is_proved("| 1 | asks | here | `a.rs` | — |"));
    assert!(!is_proved("| 1 | asks | here, `a.rs::b` | `a.rs` | — |"), "the last cell counts");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

fn page() -> String {
    fs::read_to_string(root().join("docs/security.md")).expect("docs/security.md")
}

/// What stands between backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Tables of five cells are those of the standards: line, what it asks, how it holds, where, tests.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    let tables = text.lines().filter(|line| line.starts_with('|') && cells(line).len() == 5);
    tables.filter(|line| !line.starts_with("|---") && !line.starts_with("| line |"))
}

fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

fn is_proved(row: &str) -> bool {
    let cells = cells(row);
    cells[4].contains("::") || EXCEPTIONS.iter().any(|word| cells[2].starts_with(word))
}

fn is_path(span: &str) -> bool {
    let is_plain =
        |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    !span.starts_with('/') && is_plain(span) && ENDINGS.iter().any(|ending| span.ends_with(ending))
}

fn is_test(root: &Path, file: &str, name: &str) -> bool {
    let folder = TESTS.iter().find(|(ending, _)| file.ends_with(ending)).map(|(_, folder)| *folder);
    let places = [root.join(file), root.join(folder.unwrap_or_default()).join(file)];
    let text = places.iter().find_map(|place| fs::read_to_string(place).ok());
    let is_rs = Path::new(file).extension().is_some_and(|ending| ending == "rs");
    let holds = if is_rs { is_rust } else { is_ts };
    text.is_some_and(|text| holds(&text, name))
}

/// A function under an attribute that says `test`.
fn is_rust(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let head = format!("fn {name}(");
    lines.iter().enumerate().any(|(at, line)| {
        let is_head = line.strip_prefix("async ").unwrap_or(line).starts_with(&head);
        let mut attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        is_head && attributes.any(|line| line.starts_with("#[test") || line.contains("::test"))
    })
}

/// `test('…'`, where tags may follow the title.
fn is_ts(text: &str, title: &str) -> bool {
    let calls = text.lines().filter_map(|line| line.trim_start().strip_prefix("test("));
    calls
        .filter_map(|call| call.get(1..)?.strip_prefix(title))
        .any(|rest| rest.starts_with(['\'', '"', '`']) || rest.starts_with(" @"))
}
