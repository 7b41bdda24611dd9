//! What is wrong with the configuration, told so that it can be mended.

use super::settings::{command, explain};
use clap::error::{ContextKind, ContextValue};
use std::error::Error as _;

#[derive(Debug)]
pub enum ConfigError {
    /// A wrong setting, by its variable's name.
    Setting { variable: String, problem: String },
    /// Arguments that make no sense, or ask for help.
    Arguments(clap::Error),
}

impl ConfigError {
    pub(super) fn new(variable: &str, problem: &str) -> Self {
        Self::Setting { variable: variable.to_owned(), problem: problem.to_owned() }
    }
}

impl From<clap::Error> for ConfigError {
    /// A setting's error is told in our words: clap's repeat the value, and that may be a secret.
    fn from(error: clap::Error) -> Self {
        let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidArg) else {
            return Self::Arguments(error);
        };
        let mut command = command();
        // Only then do arguments know how they are written.
        command.build();
        let argument = command.get_arguments().find(|argument| argument.to_string() == *wrong);
        let Some(variable) = argument.and_then(|it| it.get_env()?.to_str()) else {
            return Self::Arguments(error);
        };
        let problem = match (error.source(), error.get(ContextKind::ValidValue)) {
            (Some(problem), _) => problem.to_string(),
            (None, Some(ContextValue::Strings(known))) if !known.is_empty() => {
                format!("is none of {}", known.join(", "))
            }
            _ => "has no value".to_owned(),
        };
        Self::new(variable, &problem)
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (variable, problem) = match self {
            Self::Setting { variable, problem } => (variable, problem),
            Self::Arguments(error) => return error.fmt(f),
        };
        write!(f, "{variable} {problem}.")?;
        if let Some((meaning, example)) = explain(variable) {
            write!(f, "\nIt is {meaning}. Example: {variable}={example}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
