//! Configuration: the command line, environment variables named `STOREZERO_…`, then an optional
//! `storezero.toml`, then defaults that suit a laptop. Everything is read and checked once, at start; a wrong
//! value stops the start with the variable's name, what was wrong and an example.

mod error;
mod file;
mod network;
mod settings;

pub use error::ConfigError;
pub use network::{Network, first_of};
pub use settings::{Limits, LogFormat, Rate, RequestLimits, Seed, command};

use crate::crypto::SecretKey;
use clap::builder::Resettable;
use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};
use settings::{Settings, SmtpUrl, is_loopback};
use std::{ffi::OsString, net::SocketAddr, num::NonZeroU32, path::PathBuf};
use url::Url;

/// The demo's client secret, known to everybody who has read this line.
const DEMO_CLIENT_SECRET: &str = "storezero-demo-secret";

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Where browsers reach the shop: scheme, host and port, without a path.
    pub public_url: Url,
    pub database_url: String,
    pub oidc: Oidc,
    pub secret_key: SecretKey,
    /// Whose pages may use the API without cookies, as browsers write it in `Origin`.
    pub cors_origins: Vec<String>,
    /// Whom an access token must be made for (RFC 9068 §4).
    pub api_audience: String,
    pub session: Limits,
    pub sessions_per_customer: NonZeroU32,
    pub requests: RequestLimits,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The built frontend.
    pub site: PathBuf,
    pub seed: Seed,
    pub log_format: LogFormat,
    /// Whether visitors may age their own session and read every mail about an order.
    pub demo: bool,
    /// The mail server; without one, nobody is written to.
    pub smtp: Option<Smtp>,
}

#[derive(Clone, Debug)]
pub struct Smtp {
    pub transport: AsyncSmtpTransport<Tokio1Executor>,
    pub from: Mailbox,
}

/// How the shop knows its identity provider, and how that knows the shop.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Exactly as the discovery document writes it: issuers are compared as text (RFC 8414 §3.3).
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// The `acr` by which the provider says that it asked for a second factor.
    pub acr_mfa: String,
    /// Whether a logout token must say that it is one.
    pub requires_logout_token_type: bool,
    /// Where a person changes password, email and phone.
    pub account_url: String,
}

/// A secret text whose `Debug` form says nothing.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Config {
    /// From command line, environment and file.
    pub fn load() -> Result<Self, ConfigError> {
        let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
        let named = Settings::read(command(), arguments.clone())?.config;
        let file = file::read(named)?
            .into_iter()
            .filter(|(variable, _)| std::env::var_os(variable).is_none())
            .map(|(variable, value)| settings::argument(&variable, &value));
        Settings::read(command(), file.chain(arguments))?.try_into()
    }

    /// From these settings by their variables' names, and from nothing else: what tests start a shop with.
    pub fn from_settings(settings: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let command = command().mut_args(|argument| argument.env(Resettable::Reset));
        let arguments =
            settings.iter().map(|(variable, value)| settings::argument(variable, value));
        Settings::read(command, arguments)?.try_into()
    }

    /// Plain http, and the demo with what everybody knows of it, stay on this machine.
    fn check_reach(&self) -> Result<(), ConfigError> {
        let addresses = [
            ("STOREZERO_PUBLIC_URL", self.public_url.as_str()),
            ("STOREZERO_OIDC_ISSUER", &self.oidc.issuer),
        ];
        let origins = self.cors_origins.iter().map(|it| ("STOREZERO_CORS_ORIGINS", it.as_str()));
        for (variable, address) in addresses.into_iter().chain(origins) {
            if address.starts_with("http:") && !is_loopback(address) {
                return Err(ConfigError::new(
                    variable,
                    "is plain http and not on this machine, so that everybody on the way can read and change what is \
                     sent: https is needed",
                ));
            }
        }
        let is_here = self.listen.ip().is_loopback() && is_loopback(self.public_url.as_str());
        if self.demo && !is_here {
            return Err(ConfigError::new(
                "STOREZERO_DEMO",
                "is true, while STOREZERO_LISTEN or STOREZERO_PUBLIC_URL lets others in than this machine: set it to \
                 false, or have both on 127.0.0.1 or localhost",
            ));
        }
        Ok(())
    }

    /// What no value shows alone.
    fn check_together(&self) -> Result<(), ConfigError> {
        self.check_reach()?;
        let demo_secret = self.oidc.client_secret.0 == DEMO_CLIENT_SECRET;
        if demo_secret && !is_loopback(&self.oidc.issuer) {
            return Err(ConfigError::new(
                "STOREZERO_OIDC_CLIENT_SECRET",
                "is the demo's secret, which everybody knows, while the identity provider is not on this machine",
            ));
        }
        if self.is_https() && self.secret_key.is_ephemeral() {
            return Err(ConfigError::new(
                "STOREZERO_SECRET_KEY",
                "is needed when STOREZERO_PUBLIC_URL is https, so that sessions outlive a restart and replicas agree",
            ));
        }
        if self.cors_origins.contains(&self.origin()) {
            return Err(ConfigError::new(
                "STOREZERO_CORS_ORIGINS",
                "names the shop's own address, whose pages use cookies",
            ));
        }
        for (name, idle, absolute) in [
            ("STOREZERO_SESSION_IDLE", self.session.idle, self.session.absolute),
            (
                "STOREZERO_SESSION_PERSISTENT_IDLE",
                self.session.persistent_idle,
                self.session.persistent_absolute,
            ),
        ] {
            if idle > absolute {
                return Err(ConfigError::new(
                    name,
                    "is longer than the absolute limit, which would never let it act",
                ));
            }
        }
        Ok(())
    }

    /// Whether anybody reads what is written: at their address, or in the demo's mailbox.
    pub fn sends_mails(&self) -> bool {
        self.smtp.is_some() || self.demo
    }

    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// `path` (absolute) at the shop's public address.
    pub fn public(&self, path: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(path);
        url
    }

    /// The public address as browsers write it in `Origin`.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

impl TryFrom<Settings> for Config {
    type Error = ConfigError;

    fn try_from(settings: Settings) -> Result<Self, ConfigError> {
        let localhost = || {
            settings::origin(&format!("http://localhost:{}", settings.listen.port()))
                .map_err(|problem| ConfigError::new("STOREZERO_PUBLIC_URL", &problem))
        };
        let issuer = settings.oidc_issuer;
        let public_url = settings.public_url.map_or_else(localhost, Ok)?;
        let origin = public_url.origin().ascii_serialization();
        let smtp = match (settings.smtp_url, settings.mail_from) {
            (Some(SmtpUrl(server)), Some(from)) => Some(Smtp { transport: server.build(), from }),
            (None, _) => None,
            (Some(_), None) => {
                return Err(ConfigError::new(
                    "STOREZERO_MAIL_FROM",
                    "is not set, while STOREZERO_SMTP_URL is: a mail needs a sender",
                ));
            }
        };
        let config = Self {
            listen: settings.listen,
            public_url,
            database_url: settings.database_url,
            oidc: Oidc {
                account_url: settings.oidc_account_url.map_or_else(
                    || format!("{}/account", issuer.trim_end_matches('/')),
                    String::from,
                ),
                issuer,
                client_id: settings.oidc_client_id,
                client_secret: settings.oidc_client_secret,
                acr_mfa: settings.oidc_acr_mfa,
                requires_logout_token_type: settings.oidc_logout_token_type_required,
            },
            secret_key: settings.secret_key.unwrap_or_else(SecretKey::ephemeral),
            cors_origins: settings.cors_origins.unwrap_or_default().0,
            api_audience: settings.api_audience.unwrap_or_else(|| format!("{origin}/api")),
            session: settings.session,
            sessions_per_customer: settings.sessions_per_customer,
            requests: settings.requests,
            trusted_proxies: settings.trusted_proxies.unwrap_or_default().0,
            site: settings.site,
            seed: settings.seed,
            log_format: settings.log,
            demo: settings.demo,
            smtp,
        };
        config.check_together()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "8d1f6e0c27b95a43fe70194cd2836bb8e5a90f7731c64d28b7903eef5c12d846";

    fn load(settings: &[(&str, &str)]) -> Result<Config, String> {
        Config::from_settings(settings).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_suits_a_laptop() {
        let config = load(&[]).unwrap();
        assert_eq!(config.origin(), "http://localhost:3000");
        assert_eq!(config.oidc.issuer, "http://localhost:4000");
        assert_eq!(config.api_audience, "http://localhost:3000/api");
        assert!(config.cors_origins.is_empty());
        assert!(!config.is_https());
    }

    #[test]
    fn the_public_address_follows_the_port() {
        assert_eq!(
            load(&[("STOREZERO_LISTEN", "127.0.0.1:8123")]).unwrap().origin(),
            "http://localhost:8123"
        );
    }

    #[test]
    fn a_wrong_value_is_told_with_name_reason_and_example() {
        let wrong = [
            ("STOREZERO_LISTEN", "3000"),
            ("STOREZERO_PUBLIC_URL", "https://shop.example/path"),
            ("STOREZERO_PUBLIC_URL", "shop.example"),
            ("STOREZERO_DATABASE_URL", "mysql://localhost/shop"),
            ("STOREZERO_OIDC_ISSUER", "ftp://issuer.example"),
            ("STOREZERO_OIDC_CLIENT_ID", " "),
            ("STOREZERO_SECRET_KEY", "abc"),
            ("STOREZERO_CORS_ORIGINS", "*"),
            ("STOREZERO_API_AUDIENCE", ""),
            ("STOREZERO_SESSION_IDLE", "half an hour"),
            ("STOREZERO_SESSION_IDLE", "0m"),
            ("STOREZERO_SEED", "everything"),
            ("STOREZERO_SMTP_URL", "mail.example.com"),
            ("STOREZERO_SMTP_URL", "smtp://mail.example.com"),
            ("STOREZERO_SMTP_URL", "smtp://mail.example.com?tls=opportunistic"),
            ("STOREZERO_MAIL_FROM", "storezero"),
        ];
        for (name, value) in wrong {
            let error = load(&[(name, value)]).unwrap_err();
            assert!(error.starts_with(name), "{error}");
            assert!(error.contains(&format!("Example: {name}=")), "{error}");
        }
    }

    #[test]
    fn a_secret_is_never_repeated_by_an_error() {
        for (name, value) in [
            ("STOREZERO_SECRET_KEY", "not-a-key-but-secret"),
            ("STOREZERO_DATABASE_URL", "mysql://shop:secret@localhost/shop"),
            ("STOREZERO_SMTP_URL", "smtp://shop:secret@mail.example.com"),
        ] {
            let error = load(&[(name, value)]).unwrap_err();
            assert!(!error.contains(value) && !error.contains(":secret@"), "{error}");
        }
    }

    #[test]
    fn what_is_no_setting_is_told() {
        let error = load(&[("STOREZERO_SESION_IDLE", "10m")]).unwrap_err();
        assert!(error.contains("--sesion-idle"), "{error}");
    }

    #[test]
    fn of_two_values_the_last_one_counts() {
        let settings = [("STOREZERO_SEED", "none"), ("STOREZERO_SEED", "catalog")];
        assert_eq!(load(&settings).unwrap().seed, Seed::Catalog);
    }

    #[test]
    fn the_demo_secret_opens_no_foreign_provider() {
        let error = load(&[("STOREZERO_OIDC_ISSUER", "https://issuer.example")]).unwrap_err();
        assert!(error.starts_with("STOREZERO_OIDC_CLIENT_SECRET"), "{error}");
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for (name, far, near) in [
            ("STOREZERO_PUBLIC_URL", "http://shop.example", "http://shop.localhost:3000"),
            ("STOREZERO_PUBLIC_URL", "http://192.168.1.7:3000", "http://127.0.0.2:3000"),
            ("STOREZERO_PUBLIC_URL", "http://localhost.example", "http://[::1]:3000"),
            (
                "STOREZERO_OIDC_ISSUER",
                "http://id.example",
                "http://localhost:8080/realms/storezero",
            ),
            (
                "STOREZERO_CORS_ORIGINS",
                "https://a.example,http://b.example",
                "http://localhost:3001",
            ),
        ] {
            let secret = ("STOREZERO_OIDC_CLIENT_SECRET", "of this shop alone");
            let error = load(&[secret, (name, far)]).unwrap_err();
            assert!(error.starts_with(name) && error.contains("plain http"), "{error}");
            load(&[secret, (name, near)]).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    #[test]
    fn the_demo_starts_on_this_machine_alone() {
        let demo = ("STOREZERO_DEMO", "true");
        for (name, far, near) in [
            ("STOREZERO_LISTEN", "0.0.0.0:3000", "127.0.0.1:3000"),
            ("STOREZERO_LISTEN", "[::]:3000", "[::1]:3000"),
            ("STOREZERO_LISTEN", "192.168.1.7:3000", "127.0.0.2:3000"),
            ("STOREZERO_PUBLIC_URL", "https://shop.example", "http://shop.localhost:3000"),
        ] {
            let key = ("STOREZERO_SECRET_KEY", KEY);
            let error = load(&[key, demo, (name, far)]).unwrap_err();
            assert!(error.starts_with("STOREZERO_DEMO"), "{error}");
            assert!(load(&[key, demo, (name, near)]).unwrap().demo);
            assert!(!load(&[key, (name, far)]).unwrap().demo, "without the demo it may");
        }
    }

    #[test]
    fn a_key_that_is_easily_guessed_is_refused() {
        let counting_up = hex::encode((0..32).collect::<Vec<u8>>());
        let counting_down = hex::encode_upper((224..=255).rev().collect::<Vec<u8>>());
        for key in [
            &"00".repeat(32),
            &"5a".repeat(32),
            &"0123456789abcdef".repeat(4),
            &"deadbeef".repeat(8),
            &counting_up,
            &counting_down,
        ] {
            let error = load(&[("STOREZERO_SECRET_KEY", key)]).unwrap_err();
            assert!(error.starts_with("STOREZERO_SECRET_KEY") && !error.contains(key), "{error}");
        }
        assert!(load(&[("STOREZERO_SECRET_KEY", KEY)]).is_ok());
    }

    #[test]
    fn mails_need_a_sender_and_go_encrypted_or_stay_on_this_machine() {
        let from = ("STOREZERO_MAIL_FROM", "storezero <orders@shop.example>");
        for server in [
            "smtps://shop:pass%21word@mail.example.com",
            "smtp://mail.example.com?tls=required",
            "smtp://localhost:1025",
            "smtp://127.0.0.1:1025",
        ] {
            let url = ("STOREZERO_SMTP_URL", server);
            assert!(load(&[url, from]).unwrap().sends_mails(), "{server}");
            assert!(load(&[url]).unwrap_err().starts_with("STOREZERO_MAIL_FROM"));
        }
        assert!(!load(&[from]).unwrap().sends_mails());
    }

    #[test]
    fn a_public_shop_needs_a_key_that_stays() {
        let error = load(&[("STOREZERO_PUBLIC_URL", "https://shop.example")]).unwrap_err();
        assert!(error.starts_with("STOREZERO_SECRET_KEY"), "{error}");
    }

    #[test]
    fn the_shops_own_pages_are_no_pages_of_another_address() {
        let own = ("STOREZERO_CORS_ORIGINS", "http://localhost:3001,http://localhost:3000");
        assert!(load(&[own]).unwrap_err().starts_with("STOREZERO_CORS_ORIGINS"));
        let config = load(&[own, ("STOREZERO_LISTEN", "127.0.0.1:8123")]).unwrap();
        assert_eq!(config.cors_origins, ["http://localhost:3001", "http://localhost:3000"]);
    }

    #[test]
    fn the_idle_limit_lies_within_the_absolute_one() {
        let error = load(&[("STOREZERO_SESSION_IDLE", "13h")]).unwrap_err();
        assert!(error.starts_with("STOREZERO_SESSION_IDLE"), "{error}");
    }
}
