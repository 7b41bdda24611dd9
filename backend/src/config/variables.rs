//! Every setting, once: `storezero --help`, error messages and the README's table come from here.

pub struct Variable {
    pub name: &'static str,
    pub kind: &'static str,
    pub default: Option<&'static str>,
    pub meaning: &'static str,
    pub example: &'static str,
}

const fn variable(
    name: &'static str,
    kind: &'static str,
    default: Option<&'static str>,
    meaning: &'static str,
    example: &'static str,
) -> Variable {
    Variable {
        name,
        kind,
        default,
        meaning,
        example,
    }
}

pub const VARIABLES: &[Variable] = &[
    variable(
        "STOREZERO_LISTEN",
        "address:port",
        Some("127.0.0.1:3000"),
        "the address and port that the shop listens on",
        "0.0.0.0:3000",
    ),
    variable(
        "STOREZERO_PUBLIC_URL",
        "URL",
        None,
        "where browsers reach the shop (scheme, host, port); http://localhost:<port> when not set",
        "https://shop.example.com",
    ),
    variable(
        "STOREZERO_DATABASE_URL",
        "URL",
        Some("sqlite://storezero.sqlite?mode=rwc"),
        "the database of shop and sessions, SQLite or PostgreSQL",
        "postgres://user:password@db.example.com/storezero",
    ),
    variable(
        "STOREZERO_OIDC_ISSUER",
        "URL",
        Some("http://localhost:4000"),
        "the identity provider's issuer, exactly as its discovery document writes it",
        "https://tenant.eu.auth0.com/",
    ),
    variable(
        "STOREZERO_OIDC_CLIENT_ID",
        "text",
        Some("storezero"),
        "the shop's client id at the identity provider",
        "storezero",
    ),
    variable(
        "STOREZERO_OIDC_CLIENT_SECRET",
        "secret",
        Some("storezero-demo-secret"),
        "the shop's client secret; the default works with the demo's provider alone",
        "<from your provider>",
    ),
    variable(
        "STOREZERO_OIDC_ACR_MFA",
        "text",
        Some("http://schemas.openid.net/pape/policies/2007/06/multi-factor"),
        "the acr by which the identity provider says that it asked for a second factor",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    ),
    variable(
        "STOREZERO_OIDC_ACCOUNT_URL",
        "URL",
        None,
        "where a person changes password, email and phone at the identity provider; <issuer>/account when not set",
        "https://id.example.com/realms/shop/account",
    ),
    variable(
        "STOREZERO_SECRET_KEY",
        "64 hex digits",
        None,
        "the key that cookies are signed and stored ID tokens encrypted with; made anew at every start when not set",
        "<openssl rand -hex 32>",
    ),
    variable(
        "STOREZERO_SESSION_IDLE",
        "duration",
        Some("30m"),
        "how long a session lives without activity",
        "30m",
    ),
    variable(
        "STOREZERO_SESSION_ABSOLUTE",
        "duration",
        Some("12h"),
        "how long a session lives at most",
        "12h",
    ),
    variable(
        "STOREZERO_SESSION_PERSISTENT_IDLE",
        "duration",
        Some("3d"),
        "how long a session that is kept beyond the browser lives without activity",
        "3d",
    ),
    variable(
        "STOREZERO_SESSION_PERSISTENT_ABSOLUTE",
        "duration",
        Some("7d"),
        "how long a session that is kept beyond the browser lives at most",
        "7d",
    ),
    variable(
        "STOREZERO_SITE",
        "folder",
        Some("target/site"),
        "the built frontend (`cargo xtask build` makes it)",
        "/srv/storezero/site",
    ),
    variable(
        "STOREZERO_SEED",
        "demo | catalog | none",
        Some("demo"),
        "what an empty database is filled with: the catalogue and the demo accounts' past orders, the catalogue alone, or nothing",
        "catalog",
    ),
    variable(
        "STOREZERO_DEMO",
        "true | false",
        Some("false"),
        "whether the page Sessions has a lever that makes the visitor's own session older",
        "true",
    ),
    variable(
        "STOREZERO_LOG",
        "text | json",
        Some("text"),
        "the form of the log on standard output; RUST_LOG chooses what is logged",
        "json",
    ),
    variable(
        "STOREZERO_CONFIG",
        "file",
        None,
        "a TOML file with the same settings, in lower case and without the prefix; storezero.toml when it exists",
        "/etc/storezero.toml",
    ),
];

/// The text of `storezero --help`.
pub fn help() -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "storezero — the shop and its sessions\n\n\
         Usage: storezero [serve | --help | --version]\n\n\
         Settings are environment variables (or storezero.toml, in lower case and without STOREZERO_):\n",
    );
    for Variable {
        name,
        kind,
        default,
        meaning,
        ..
    } in VARIABLES
    {
        let default = default.unwrap_or("not set");
        let _ = write!(
            text,
            "\n  {name}  ({kind}; default: {default})\n      {meaning}\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of the README's table. `|` would end a cell, `<` begin a tag.
    fn row(variable: &Variable) -> String {
        let words = |text: &str| text.replace('|', r"\|").replace('<', r"\<");
        let default = variable
            .default
            .map_or("not set".to_owned(), |default| format!("`{default}`"));
        let (kind, meaning) = (words(variable.kind), words(variable.meaning));
        format!("| `{}` | {kind} | {default} | {meaning} |\n", variable.name)
    }

    #[test]
    fn the_readme_lists_every_variable_and_no_other() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let readme = std::fs::read_to_string(readme).expect("README.md lies beside the packages");
        let listed: String = readme
            .split_inclusive('\n')
            .filter(|line| line.starts_with("| `STOREZERO_"))
            .collect();
        let table: String = VARIABLES.iter().map(row).collect();
        assert!(listed == table, "README.md's table should be:\n{table}");
    }
}
