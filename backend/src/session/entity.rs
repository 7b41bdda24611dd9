//! Rows of the local session. Times are milliseconds since the Unix epoch.

use sea_orm::entity::prelude::*;

/// The session itself: facts, and nothing secret.
pub mod session {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// `None` while nobody is signed in.
        pub customer_id: Option<i64>,
        pub created_at: i64,
        pub last_seen_at: i64,
        pub idle_deadline: i64,
        pub absolute_deadline: i64,
        /// Whether its cookie outlives the browser.
        pub persistent: bool,
        pub issuer: Option<String>,
        pub subject: Option<String>,
        /// The IdP's own name of its session (OpenID Connect Back-Channel Logout 1.0 §2.1).
        pub sid: Option<String>,
        /// When the IdP last asked for credentials.
        pub auth_time: Option<i64>,
        pub acr: Option<String>,
        /// Methods of authentication, separated by spaces (RFC 8176).
        pub amr: Option<String>,
        /// `iat` of the ID token, in the IdP's time.
        pub id_token_issued_at: Option<i64>,
        /// The upstream provider that the IdP passed the visitor on to.
        pub provider: Option<String>,
        /// In words, such as "Firefox on Linux".
        pub user_agent: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A cookie value that opens a session, as its SHA-256.
pub mod session_key {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_hash: String,
        pub session_id: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Why a key opens nothing any more.
pub mod session_end {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_end")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_hash: String,
        pub reason: String,
        pub at: i64,
        pub was_guest: bool,
        /// How the IdP ended it, as a `Trace` in JSON.
        pub trace: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// How a session came to be what it is, for the page that shows it.
pub mod session_history {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_history")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub session_id: String,
        /// When the last login replaced the key.
        pub key_since: Option<i64>,
        /// What that login took the place of, masked.
        pub former_key: Option<String>,
        pub former_sid: Option<String>,
        /// Why the session before it ended, and when; none where it went on.
        pub former_end: Option<String>,
        pub former_ended_at: Option<i64>,
        pub login_began_at: Option<i64>,
        /// By how much the demo's control has made the session older.
        pub aged_by: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The ID token of a session's login, encrypted; used as a logout hint and for nothing else.
pub mod session_id_token {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_id_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub session_id: String,
        pub ciphertext: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Logins that a person ended here, which must not come back unasked.
pub mod signed_out_login {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signed_out_login")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub login_hash: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub elsewhere: bool,
        pub authenticated_until: i64,
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Logins that the IdP ended lately, for callbacks that arrive after their own logout.
pub mod ended_login {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ended_login")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub issuer: String,
        pub sid: Option<String>,
        pub subject: Option<String>,
        pub token_issued_at: i64,
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
