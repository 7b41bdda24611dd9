//! The program `storezero`: reads its configuration and serves until it is told to stop.

use backend::{Config, app::serve, config::ConfigError, http::telemetry};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::load() {
        Ok(config) => config,
        // Help and version are of these too.
        Err(ConfigError::Arguments(error)) => error.exit(),
        Err(problem) => {
            eprintln!("storezero: {problem}");
            return ExitCode::from(2);
        }
    };
    telemetry::init(config.log_format);
    match serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "storezero stops");
            eprintln!("storezero: {error:#}");
            ExitCode::FAILURE
        }
    }
}
