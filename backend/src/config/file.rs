//! The optional TOML file: the variables' names in lower case and without the prefix
//! (`STOREZERO_SESSION_IDLE` is `session_idle`), each with a text.

use super::{
    ConfigError,
    settings::{PREFIX, explain},
};
use std::{collections::HashMap, io::ErrorKind, path::PathBuf};

const USUAL: &str = "storezero.toml";

/// The settings of the file by their variables' names; of none, where none is `named` and the usual one
/// does not exist.
pub(super) fn read(named: Option<PathBuf>) -> Result<HashMap<String, String>, ConfigError> {
    let is_usual = named.is_none();
    match std::fs::read_to_string(named.unwrap_or_else(|| USUAL.into())) {
        Ok(text) => parse(&text),
        Err(error) if is_usual && error.kind() == ErrorKind::NotFound => Ok(HashMap::new()),
        Err(error) => Err(wrong(&format!("is a file that cannot be read: {error}"))),
    }
}

fn parse(text: &str) -> Result<HashMap<String, String>, ConfigError> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| wrong(&format!("is not TOML: {}", error.message())))?;
    table
        .into_iter()
        .map(|(key, value)| {
            let variable = format!("{PREFIX}{}", key.to_uppercase());
            if explain(&variable).is_none() {
                return Err(wrong(&format!("has the unknown key `{key}`")));
            }
            match value {
                toml::Value::String(text) => Ok((variable, text)),
                _ => {
                    Err(wrong(&format!("has a value of `{key}` that is no text: put it in quotes")))
                }
            }
        })
        .collect()
}

fn wrong(problem: &str) -> ConfigError {
    ConfigError::new("STOREZERO_CONFIG", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_uses_the_same_names_in_lower_case() {
        let settings = parse("session_idle = \"10m\"").unwrap();
        assert_eq!(settings["STOREZERO_SESSION_IDLE"], "10m");
    }

    #[test]
    fn a_mistyped_key_is_told() {
        let error = parse("sesion_idle = \"10m\"").unwrap_err().to_string();
        assert!(error.contains("sesion_idle"), "{error}");
    }
}
