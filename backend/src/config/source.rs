//! Where settings come from: the environment first, then a TOML file with the same names in lower case
//! and without the prefix (`STOREZERO_SESSION_IDLE` is `session_idle`).

use super::{ConfigError, variables::VARIABLES};
use std::collections::HashMap;

const FILE: &str = "storezero.toml";
const PREFIX: &str = "STOREZERO_";

pub(super) struct Source(HashMap<String, String>);

impl Source {
    pub(super) fn from_environment() -> Result<Self, ConfigError> {
        let mut settings = HashMap::new();
        let named = std::env::var("STOREZERO_CONFIG").ok();
        let path = named.clone().unwrap_or_else(|| FILE.to_owned());
        match std::fs::read_to_string(&path) {
            Ok(text) => settings.extend(parse_file(&text)?),
            Err(error) if named.is_some() => {
                return Err(ConfigError::new(
                    "STOREZERO_CONFIG",
                    &format!("names a file that cannot be read: {error}"),
                ));
            }
            Err(_) => {}
        }
        settings.extend(std::env::vars().filter(|(name, _)| name.starts_with(PREFIX)));
        Ok(Self(settings))
    }

    pub(super) fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// The setting or its default, parsed.
    pub(super) fn get<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        let default = VARIABLES
            .iter()
            .find(|variable| variable.name == name)
            .and_then(|v| v.default);
        let text = self.0.get(name).map(String::as_str).or(default);
        let text = text.ok_or_else(|| ConfigError::new(name, "is not set"))?;
        parse(text).map_err(|problem| ConfigError::new(name, &problem))
    }

    pub(super) fn get_optional<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        self.0
            .get(name)
            .map(|text| parse(text).map_err(|problem| ConfigError::new(name, &problem)))
            .transpose()
    }
}

fn parse_file(text: &str) -> Result<HashMap<String, String>, ConfigError> {
    let wrong = |problem: String| ConfigError::new("STOREZERO_CONFIG", &problem);
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| wrong(format!("is not TOML: {}", error.message())))?;
    table
        .into_iter()
        .map(|(key, value)| {
            let name = format!("{PREFIX}{}", key.to_uppercase());
            if !VARIABLES.iter().any(|variable| variable.name == name) {
                return Err(wrong(format!("has the unknown key `{key}`")));
            }
            match value {
                toml::Value::String(text) => Ok((name, text)),
                _ => Err(wrong(format!(
                    "has a value of `{key}` that is no text: put it in quotes"
                ))),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_uses_the_same_names_in_lower_case() {
        let settings = parse_file("session_idle = \"10m\"").unwrap();
        assert_eq!(settings["STOREZERO_SESSION_IDLE"], "10m");
    }

    #[test]
    fn a_mistyped_key_is_told() {
        let error = parse_file("sesion_idle = \"10m\"").unwrap_err().to_string();
        assert!(error.contains("sesion_idle"), "{error}");
    }
}
