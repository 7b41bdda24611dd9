//! Every setting, once: command line, environment variables, `storezero --help`, error messages and the
//! README's table come from here. A first paragraph says what a setting is; where its default is no good
//! example, another one gives one.
//!
//! What reads a value says what is wrong with it and never repeats it, since it may be a secret.

use super::{ConfigError, Network, Secret};
use crate::crypto::SecretKey;
use clap::{ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
use lettre::{
    AsyncSmtpTransport, Tokio1Executor, message::Mailbox,
    transport::smtp::AsyncSmtpTransportBuilder,
};
use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};
use url::{Host, Url};

pub(super) const PREFIX: &str = "STOREZERO_";

const YEAR: Duration = Duration::from_hours(365 * 24);

/// The shop and its sessions.
///
/// Each option can also be given as an environment variable, or in the file storezero.toml under the
/// variable's name in lower case and without STOREZERO_. The command line goes first, then the environment.
#[derive(Parser)]
#[command(name = "storezero", version)]
#[command(args_override_self = true, no_binary_name = true)]
pub(super) struct Settings {
    /// what the program does, with this word or without it
    #[arg(value_name = "serve", value_parser = ["serve"], hide_possible_values = true)]
    _serve: Option<String>,

    /// the address and port that the shop listens on
    #[arg(long, env = "STOREZERO_LISTEN", value_name = "address:port", value_parser = address)]
    #[arg(default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// where browsers reach the shop (scheme, host, port); `http://localhost:<port>` when not set
    ///
    /// Example: `https://shop.example.com`
    #[arg(long, env = "STOREZERO_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    pub public_url: Option<Url>,

    /// the database of shop and sessions, SQLite or PostgreSQL
    ///
    /// Example: `postgres://user:password@db.example.com/storezero`
    #[arg(long, env = "STOREZERO_DATABASE_URL", value_name = "URL", value_parser = database_url)]
    #[arg(default_value = "sqlite://storezero.sqlite?mode=rwc")]
    pub database_url: String,

    /// the identity provider's issuer, exactly as its discovery document writes it
    ///
    /// Example: `https://tenant.eu.auth0.com/`
    #[arg(long, env = "STOREZERO_OIDC_ISSUER", value_name = "URL", value_parser = issuer)]
    #[arg(default_value = "http://localhost:4000")]
    pub oidc_issuer: String,

    /// the shop's client id at the identity provider
    #[arg(long, env = "STOREZERO_OIDC_CLIENT_ID", value_name = "text", value_parser = not_empty)]
    #[arg(default_value = "storezero")]
    pub oidc_client_id: String,

    /// the shop's client secret; the default works with the demo's provider alone
    ///
    /// Example: `<from your provider>`
    #[arg(long, env = "STOREZERO_OIDC_CLIENT_SECRET", value_name = "secret", value_parser = secret)]
    #[arg(default_value = super::DEMO_CLIENT_SECRET)]
    pub oidc_client_secret: Secret,

    /// the acr by which the identity provider says that it asked for a second factor
    #[arg(long, env = "STOREZERO_OIDC_ACR_MFA", value_name = "text", value_parser = not_empty)]
    #[arg(default_value = "http://schemas.openid.net/pape/policies/2007/06/multi-factor")]
    pub oidc_acr_mfa: String,

    /// whether a logout token must say that it is one (`typ` is `logout+jwt`), as the specification recommends; Auth0's
    /// do not
    #[arg(long, env = "STOREZERO_OIDC_LOGOUT_TOKEN_TYPE_REQUIRED", action = ArgAction::Set)]
    #[arg(default_value = "false")]
    pub oidc_logout_token_type_required: bool,

    /// where a person changes password, email and phone at the identity provider; `<issuer>/account` when
    /// not set
    ///
    /// Example: `https://id.example.com/realms/shop/account`
    #[arg(long, env = "STOREZERO_OIDC_ACCOUNT_URL", value_name = "URL", value_parser = http_url)]
    pub oidc_account_url: Option<Url>,

    /// the key that cookies are signed and stored ID tokens encrypted with; made anew at every start when
    /// not set
    ///
    /// Example: `<openssl rand -hex 32>`
    #[arg(long, env = "STOREZERO_SECRET_KEY", value_name = "64 hex digits", value_parser = secret_key)]
    pub secret_key: Option<SecretKey>,

    /// where pages of another address come from that may use the API with access tokens, with commas between
    /// them
    ///
    /// Example: `https://static.example.com`
    #[arg(long, env = "STOREZERO_CORS_ORIGINS", value_name = "URLs", value_parser = origins)]
    pub cors_origins: Option<Origins>,

    /// what an access token must name as its audience to be good for the API; `<public URL>/api` when not set
    ///
    /// Example: `https://shop.example.com/api`
    #[arg(long, env = "STOREZERO_API_AUDIENCE", value_name = "text", value_parser = not_empty)]
    pub api_audience: Option<String>,

    #[command(flatten)]
    pub session: Limits,

    /// how many sessions a customer may have; at a login beyond it, the one that was not used for the longest time
    /// ends
    #[arg(long, env = "STOREZERO_SESSIONS_PER_CUSTOMER", value_name = "number")]
    #[arg(value_parser = number, default_value = "20")]
    pub sessions_per_customer: NonZeroU32,

    #[command(flatten)]
    pub requests: RequestLimits,

    /// addresses of the reverse proxies whose `X-Forwarded-For` says who sends a request, with commas between them;
    /// whoever is behind another proxy is one sender with all others there
    ///
    /// Example: `127.0.0.1,10.0.0.0/8`
    #[arg(long, env = "STOREZERO_TRUSTED_PROXIES", value_name = "addresses", value_parser = networks)]
    pub trusted_proxies: Option<Networks>,

    /// the built frontend (`cargo xtask dist` makes it)
    #[arg(long, env = "STOREZERO_SITE", value_name = "folder")]
    #[arg(default_value = "target/site")]
    pub site: PathBuf,

    /// what an empty database is filled with: the catalogue and the demo accounts' past orders, the
    /// catalogue alone, or nothing
    #[arg(long, env = "STOREZERO_SEED", value_enum, default_value = "demo")]
    pub seed: Seed,

    /// whether the page Sessions has a control that makes the visitor's own session older, and `/mailbox` shows every
    /// mail about an order
    #[arg(long, env = "STOREZERO_DEMO", action = ArgAction::Set, default_value = "false")]
    pub demo: bool,

    /// the mail server that confirmations of orders go through, `smtps://`, or `smtp://` with `?tls=required`; none are
    /// sent when not set
    ///
    /// Example: `smtps://user:password@mail.example.com`
    #[arg(long, env = "STOREZERO_SMTP_URL", value_name = "URL", value_parser = smtp_url)]
    pub smtp_url: Option<SmtpUrl>,

    /// whom such mails are from; needed with a mail server
    ///
    /// Example: `storezero <orders@shop.example.com>`
    #[arg(long, env = "STOREZERO_MAIL_FROM", value_name = "address", value_parser = mailbox)]
    pub mail_from: Option<Mailbox>,

    /// the form of the log on standard output; `RUST_LOG` chooses what is logged
    #[arg(long, env = "STOREZERO_LOG", value_enum, default_value = "text")]
    pub log: LogFormat,

    /// a TOML file with the same settings, in lower case and without the prefix; `storezero.toml` when it
    /// exists
    ///
    /// Example: `/etc/storezero.toml`
    #[arg(long, env = "STOREZERO_CONFIG", value_name = "file")]
    pub config: Option<PathBuf>,
}

/// How long a session lives: without activity, and at all; with an ordinary cookie,
/// and with one that outlives the browser.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// how long a session lives without activity
    #[arg(long = "session-idle", env = "STOREZERO_SESSION_IDLE")]
    #[arg(value_name = "duration", value_parser = duration, default_value = "30m")]
    pub idle: Duration,

    /// how long a session lives at most
    #[arg(long = "session-absolute", env = "STOREZERO_SESSION_ABSOLUTE")]
    #[arg(value_name = "duration", value_parser = duration, default_value = "12h")]
    pub absolute: Duration,

    /// how long a session that is kept beyond the browser lives without activity
    #[arg(long = "session-persistent-idle", value_name = "duration", value_parser = duration)]
    #[arg(env = "STOREZERO_SESSION_PERSISTENT_IDLE", default_value = "3d")]
    pub persistent_idle: Duration,

    /// how long a session that is kept beyond the browser lives at most
    #[arg(long = "session-persistent-absolute", value_name = "duration", value_parser = duration)]
    #[arg(env = "STOREZERO_SESSION_PERSISTENT_ABSOLUTE", default_value = "7d")]
    pub persistent_absolute: Duration,
}

/// How much one sender may ask for. A sender is an IPv4 address, or an IPv6 network of 64 bits; one of 48 may ask for four
/// times as much.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// how many logins one sender may begin in which time
    #[arg(
        long = "limit-sign-ins",
        env = "STOREZERO_LIMIT_SIGN_INS",
        value_name = "number/duration"
    )]
    #[arg(value_parser = rate, default_value = "300/1m")]
    pub sign_ins: Rate,

    /// how many sessions and carts one sender may begin
    #[arg(long = "limit-first-carts", env = "STOREZERO_LIMIT_FIRST_CARTS")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "300/1m")]
    pub first_carts: Rate,

    /// how often one sender may check out
    #[arg(long = "limit-checkouts", env = "STOREZERO_LIMIT_CHECKOUTS")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "300/1m")]
    pub checkouts: Rate,

    /// how many carts of one sender may keep items for a card's owner to confirm; beyond it a payment may be confirmed as
    /// well, and keeps nothing
    #[arg(long = "limit-holds", env = "STOREZERO_LIMIT_HOLDS")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "10/5m")]
    pub holds: Rate,

    /// how many declined cards one sender may try
    #[arg(long = "limit-declined", env = "STOREZERO_LIMIT_DECLINED")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "10/15m")]
    pub declined: Rate,

    /// how many orders one sender may look for by number and email, and how often one number may be tried
    #[arg(long = "limit-order-lookups", env = "STOREZERO_LIMIT_ORDER_LOOKUPS")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "20/10m")]
    pub order_lookups: Rate,

    /// how many promotion codes one sender may give
    #[arg(long = "limit-promotion-codes", env = "STOREZERO_LIMIT_PROMOTION_CODES")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "20/10m")]
    pub promotion_codes: Rate,

    /// how many logout tokens the shop takes from one sender
    #[arg(long = "limit-backchannel-logouts", env = "STOREZERO_LIMIT_BACKCHANNEL_LOGOUTS")]
    #[arg(value_name = "number/duration", value_parser = rate, default_value = "600/1m")]
    pub backchannel_logouts: Rate,

    /// how many times as much as one sender all of them together may ask for
    #[arg(long = "limit-all-senders", env = "STOREZERO_LIMIT_ALL_SENDERS", value_name = "number")]
    #[arg(value_parser = number, default_value = "20")]
    pub all_senders: NonZeroU32,

    /// how many event streams a session may have open; a browser's tabs share one, and one too many ends the oldest
    #[arg(long = "limit-streams", env = "STOREZERO_LIMIT_STREAMS", value_name = "number")]
    #[arg(value_parser = number, default_value = "10")]
    pub streams: NonZeroU32,

    /// how long a client may take to send a request's body
    #[arg(long = "limit-body", env = "STOREZERO_LIMIT_BODY", value_name = "duration")]
    #[arg(value_parser = duration, default_value = "15s")]
    pub body: Duration,
}

/// So many times at once, and as many again spread over the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub times: NonZeroU32,
    pub per: Duration,
}

/// A type of its own, as `Origins`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks(pub Vec<Network>);

/// Origins as browsers write them in `Origin`. A type of its own, since clap would take a list for several arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origins(pub Vec<String>);

/// A mail server and how it is spoken to.
#[derive(Clone, Debug)]
pub(super) struct SmtpUrl(pub AsyncSmtpTransportBuilder);

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    Demo,
    Catalog,
    #[value(name = "none")]
    Nothing,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Settings {
    /// From these arguments, of which the last one of a name counts, and from what `command` reads besides.
    pub(super) fn read(
        command: clap::Command,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, ConfigError> {
        let mut matches = command.try_get_matches_from(arguments)?;
        Ok(Self::from_arg_matches_mut(&mut matches)?)
    }
}

/// Every setting as an argument. Help shows the variables' names, and of their values none.
pub fn command() -> clap::Command {
    Settings::command().mut_args(|argument| argument.hide_env_values(true))
}

/// The setting of a variable as it is written on the command line.
pub(super) fn argument(variable: &str, value: &str) -> OsString {
    let name = variable.trim_start_matches(PREFIX).to_lowercase();
    format!("--{}={value}", name.replace('_', "-")).into()
}

/// What a variable is, and an example of it.
pub(super) fn explain(variable: &str) -> Option<(String, String)> {
    let command = Settings::command();
    let argument = command
        .get_arguments()
        .find(|argument| argument.get_env().is_some_and(|name| name == variable))?;
    let help = argument.get_long_help().or(argument.get_help())?.to_string();
    let (meaning, example) = match help.split_once("\n\nExample: ") {
        Some((meaning, example)) => (meaning, example.trim_matches('`')),
        None => (&*help, argument.get_default_values().first()?.to_str()?),
    };
    Some((meaning.to_owned(), example.to_owned()))
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "is not an IP address and a port with a colon between them")
}

fn not_empty(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("is empty"),
        text => Ok(text.to_owned()),
    }
}

fn secret(text: &str) -> Result<Secret, &'static str> {
    not_empty(text).map(Secret)
}

fn secret_key(text: &str) -> Result<SecretKey, &'static str> {
    let key = SecretKey::from_hex(text)
        .ok_or("is not 64 hexadecimal digits (`openssl rand -hex 32` makes some)")?;
    if key.is_trivial() {
        return Err(
            "is a key that others would try first (`openssl rand -hex 32` makes a good one)",
        );
    }
    Ok(key)
}

fn http_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("is not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err("is not an http or https URL".to_owned()),
    }
}

fn issuer(text: &str) -> Result<String, String> {
    let url = http_url(text)?;
    match (url.query(), url.fragment()) {
        (None, None) => Ok(text.to_owned()),
        _ => Err("has a query or a fragment, which no issuer has".to_owned()),
    }
}

pub(super) fn origin(text: &str) -> Result<Url, String> {
    let url = http_url(text)?;
    let is_more = url.path() != "/"
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty();
    if is_more {
        return Err("has more than scheme, host and port".to_owned());
    }
    Ok(url)
}

fn origins(text: &str) -> Result<Origins, String> {
    let origin = |text: &str| Ok(origin(text.trim())?.origin().ascii_serialization());
    text.split(',').map(origin).collect::<Result<_, String>>().map(Origins)
}

fn database_url(text: &str) -> Result<String, &'static str> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    let is_known = known.iter().any(|scheme| text.starts_with(scheme));
    is_known.then(|| text.to_owned()).ok_or("is neither a sqlite nor a postgres URL")
}

pub(super) fn is_loopback(url: &str) -> bool {
    match Url::parse(url).as_ref().map(Url::host) {
        // Of schemes that it does not know, `url` reads an IPv4 address as a name.
        Ok(Some(Host::Domain(name))) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        }
        Ok(Some(Host::Ipv4(address))) => address.is_loopback(),
        Ok(Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

/// Names and addresses of customers do not cross a network that others can read.
fn smtp_url(text: &str) -> Result<SmtpUrl, &'static str> {
    let wrong = "is no smtps or smtp URL";
    let url: Url = text.parse().map_err(|_| wrong)?;
    let is_encrypted = url.scheme() == "smtps"
        || url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    if !is_encrypted && !is_loopback(text) {
        return Err(
            "is not encrypted, and not on this machine: smtps:// or ?tls=required is needed",
        );
    }
    AsyncSmtpTransport::<Tokio1Executor>::from_url(text).map(SmtpUrl).map_err(|_| wrong)
}

fn mailbox(text: &str) -> Result<Mailbox, &'static str> {
    text.parse().map_err(|_| "is no email address, or a name and one in angle brackets")
}

fn networks(text: &str) -> Result<Networks, &'static str> {
    let networks: Option<_> = text.split(',').map(Network::parse).collect();
    networks
        .map(Networks)
        .ok_or("is not IP addresses, or networks like 10.0.0.0/8, with commas between them")
}

fn number(text: &str) -> Result<NonZeroU32, &'static str> {
    text.trim().parse().map_err(|_| "is not a whole number from 1 to 4294967295")
}

fn rate(text: &str) -> Result<Rate, String> {
    let (times, per) =
        text.split_once('/').ok_or("is not a number and a duration with / between")?;
    Ok(Rate { times: number(times)?, per: duration(per.trim())? })
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("is not numbers with units: {error}"))?;
    (Duration::from_secs(1)..=YEAR)
        .contains(&duration)
        .then_some(duration)
        .ok_or_else(|| "is not between one second and 365 days".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of the README's table. `|` would end a cell.
    fn row(argument: &clap::Arg) -> Option<String> {
        let variable = argument.get_env()?.display();
        let values: Vec<String> = argument
            .get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned())
            .collect();
        let kind = match argument.get_value_names() {
            Some([name]) if values.is_empty() => name.to_string(),
            _ => values.join(r" \| "),
        };
        let default = argument
            .get_default_values()
            .first()
            .map_or("not set".to_owned(), |text| format!("`{}`", text.display()));
        let meaning = argument.get_help()?;
        Some(format!("| `{variable}` | {kind} | {default} | {meaning} |\n"))
    }

    #[test]
    fn the_readme_lists_every_variable_and_no_other() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let readme = std::fs::read_to_string(readme).expect("README.md lies beside the packages");
        let listed: String =
            readme.split_inclusive('\n').filter(|line| line.starts_with("| `STOREZERO_")).collect();
        let table: String = command().get_arguments().filter_map(row).collect();
        assert!(listed == table, "README.md's table should be:\n{table}");
    }

    #[test]
    fn every_variable_is_an_argument_of_the_same_name() {
        for variable in command().get_arguments().filter_map(clap::Arg::get_env) {
            let variable = variable.to_str().unwrap();
            let (meaning, example) = explain(variable).unwrap();
            assert!(!meaning.is_empty() && !example.is_empty(), "{variable}");
            let arguments = [argument(variable, &example)];
            if let Err(ConfigError::Arguments(error)) =
                Settings::read(Settings::command(), arguments)
            {
                panic!("{error}");
            }
        }
    }

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        let read = origins("http://localhost:3001, https://Static.example:443/").unwrap();
        assert_eq!(read.0, ["http://localhost:3001", "https://static.example"]);
        for wrong in ["", "*", "null", "https://a.example,", "https://a.example/path", "ftp://a"] {
            assert!(origins(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_so_many_times_in_so_long() {
        let read = |times, per| Ok(Rate { times: NonZeroU32::new(times).unwrap(), per });
        assert_eq!(rate("300/1m"), read(300, Duration::from_mins(1)));
        assert_eq!(rate("1 / 1h 30m"), read(1, Duration::from_mins(90)));
        for wrong in ["", "300", "0/1m", "-1/1m", "/1m", "300/", "300/0s", "300/m", "1.5/1m"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(duration("45s"), Ok(Duration::from_secs(45)));
        assert_eq!(duration("7d"), Ok(Duration::from_hours(168)));
        assert_eq!(duration("1h 30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("1.5h"), Ok(Duration::from_mins(90)));
        for wrong in
            ["", "m", "30", "-1m", "500ms", "30 m x", "400d", "18446744073709551615d", "1é"]
        {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
