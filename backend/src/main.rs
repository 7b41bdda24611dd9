//! The program `storezero`: reads its configuration and serves until it is told to stop.

use backend::{Config, app::serve, config, http::telemetry};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None | Some("serve") => {}
        Some("--help" | "-h" | "help") => {
            print!("{}", config::help());
            return ExitCode::SUCCESS;
        }
        Some("--version" | "-V") => {
            println!("storezero {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Some(other) => {
            eprintln!(
                "storezero: unknown argument {other:?}. `storezero --help` lists what there is."
            );
            return ExitCode::from(2);
        }
    }
    let config = match Config::load() {
        Ok(config) => config,
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
