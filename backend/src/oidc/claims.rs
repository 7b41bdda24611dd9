//! What a claim may be, whatever token it stands in.

use super::{SKEW, jwt::NumericDate};
use serde_json::Value;

/// OIDC Core §2: `sub` has 255 characters at most.
const LONGEST_SUBJECT: usize = 255;
/// Of other texts, in bytes: longer than anybody's name or address.
const LONGEST_TEXT: usize = 1000;

/// # Errors
/// What is wrong with the subject, for the log and, of a logout token, for its sender.
pub fn check_subject(subject: &str) -> Result<(), &'static str> {
    match subject.len() {
        0 => Err("sub is empty"),
        1..=LONGEST_SUBJECT => check_text(Some(subject)),
        _ => Err("sub is longer than 255 characters"),
    }
}

/// A claim that is kept and shown.
///
/// # Errors
/// What is wrong with it: NUL is no character of a text, and PostgreSQL keeps none.
pub fn check_text(text: Option<&str>) -> Result<(), &'static str> {
    let text = text.unwrap_or_default();
    if text.len() > LONGEST_TEXT {
        return Err("a claim is longer than 1,000 bytes");
    }
    if text.contains('\0') {
        return Err("a claim contains NUL");
    }
    Ok(())
}

/// `nbf` (RFC 7519 §4.1.5), in seconds as `now`.
pub fn check_not_before(nbf: Option<i64>, now: i64) -> Result<(), &'static str> {
    if nbf.is_some_and(|nbf| nbf > now.saturating_add(SKEW)) {
        return Err("not valid yet");
    }
    Ok(())
}

/// A time that has passed, in seconds as `now`, of a claim that no rule depends on: what is no such time counts as not
/// said.
pub fn past_time(claim: Option<&Value>, now: i64) -> Option<i64> {
    let NumericDate(time) = claim?.as_f64()?.into();
    (1..=now.saturating_add(SKEW)).contains(&time).then_some(time)
}

/// Some providers write it as a text.
pub fn is_true(claim: Option<&Value>) -> bool {
    claim.is_some_and(|claim| *claim == true || *claim == "true")
}

/// What the shop calls a person: by the whole name, or its parts, or else by the email.
pub fn display_name(name: Option<String>, parts: [Option<&str>; 2], email: Option<&str>) -> String {
    let is_said = |text: &String| !text.trim().is_empty();
    let parts = parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join(" ");
    name.filter(is_said)
        .or_else(|| Some(joined).filter(is_said))
        .or_else(|| email.map(str::to_owned))
        .unwrap_or_else(|| "Customer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_subject_is_a_text_of_at_most_255_characters() {
        assert!(check_subject("ada").is_ok());
        assert!(check_subject(&"a".repeat(255)).is_ok());
        for subject in ["", "a\0b", &"a".repeat(256)] {
            assert!(check_subject(subject).is_err(), "{subject:?}");
        }
    }

    #[test]
    fn a_past_time_is_a_number_of_seconds_up_to_now() {
        let past = |claim: Value| past_time(Some(&claim), 1000);
        assert_eq!(past(1000.into()), Some(1000));
        assert_eq!(past(999.9.into()), Some(999), "RFC 7519 allows a fraction");
        assert_eq!(past((1000 + SKEW).into()), Some(1000 + SKEW));
        for other in
            [json!(1001 + SKEW), json!(0), json!(-5), json!(1e300), json!("900"), json!(null)]
        {
            assert_eq!(past(other.clone()), None, "{other}");
        }
        assert_eq!(past_time(None, 1000), None);
    }

    #[test]
    fn a_person_is_called_by_what_is_known() {
        let name = |name: &str, given, family, email| {
            display_name(Some(name.to_owned()), [given, family], email)
        };
        assert_eq!(name("Ada Lovelace", Some("A"), None, None), "Ada Lovelace");
        assert_eq!(name(" ", Some("Ada"), Some("Lovelace"), None), "Ada Lovelace");
        assert_eq!(name("", Some(""), Some("Lovelace"), Some("a@b.c")), "Lovelace");
        assert_eq!(name("", None, Some(" "), Some("a@b.c")), "a@b.c");
        assert_eq!(display_name(None, [None, None], None), "Customer");
    }
}
