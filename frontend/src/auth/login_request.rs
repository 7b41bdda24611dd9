//! What is asked of a login, and its address. No I/O.

use shared::paths;

/// What the IdP calls its social provider.
pub const FRIENDBOOK: &str = "friendbook";

/// The query of `GET /auth/login`. Whatever is left out is the IdP's to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginRequest {
    /// The page of this shop to come back to.
    pub return_to: String,
    /// "Keep me signed in": the session's cookie outlives the browser.
    pub keep: bool,
    /// The social provider that the IdP passes the visitor on to at once.
    pub connection: Option<&'static str>,
    /// `login` asks anew although the IdP knows the visitor (OIDC Core §3.1.2.1).
    pub prompt: Option<&'static str>,
    /// How many seconds ago the customer may have proved who they are; a day at most.
    pub max_age: Option<u32>,
    /// How they must have proved it, such as with a second factor.
    pub acr_values: Option<String>,
}

impl LoginRequest {
    /// The address of a top-level navigation that signs in.
    pub fn url(&self) -> String {
        let max_age = self.max_age.map(|seconds| seconds.to_string());
        let parameters = [
            ("return_to", Some(self.return_to.as_str())),
            ("keep", self.keep.then_some("1")),
            ("connection", self.connection),
            ("prompt", self.prompt),
            ("max_age", max_age.as_deref()),
            ("acr_values", self.acr_values.as_deref()),
        ];
        let given = parameters.map(|(name, value)| value.map(|value| (name, value)));
        let given: Vec<_> = given.into_iter().flatten().collect();
        let query = serde_urlencoded::to_string(given).unwrap_or_default();
        format!("{}?{query}", paths::auth::LOGIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_says_what_is_wished_and_nothing_else() {
        let everything = LoginRequest {
            return_to: "/account/orders?q=a%20b#late".to_owned(),
            keep: true,
            connection: Some(FRIENDBOOK),
            prompt: Some("login"),
            max_age: Some(600),
            acr_values: Some("urn:example:acr mfa".to_owned()),
        };
        assert_eq!(
            everything.url(),
            "/auth/login?return_to=%2Faccount%2Forders%3Fq%3Da%2520b%23late&keep=1&connection=friendbook\
             &prompt=login&max_age=600&acr_values=urn%3Aexample%3Aacr+mfa"
        );
        let kept = LoginRequest {
            return_to: "/".to_owned(),
            keep: true,
            ..LoginRequest::default()
        };
        assert_eq!(kept.url(), "/auth/login?return_to=%2F&keep=1");
        let not_kept = LoginRequest {
            keep: false,
            ..kept
        };
        assert_eq!(not_kept.url(), "/auth/login?return_to=%2F");
    }
}
