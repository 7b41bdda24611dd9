//! The authorization request (OIDC Core §3.2.2.1), made by the page itself: as a navigation for a login, and as a hidden
//! frame's address for a silent question.

use super::{
    own_traces::record,
    provider::{Provider, provider, with_query},
    settings::settings,
    web_crypto,
};
use crate::{
    auth::{arrival::Arrival, messages::own_path, sign_in_mark, visitor_context::device_now},
    storage::Kept::{InBrowser, InTab},
    ui::replace_address,
};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use shared::{
    paths::{self, page},
    session::{LoginQuery, SignInProblem},
    trace::{Step, Trace, TraceKind},
};
// Leptos' own needs an app that runs.
use wasm_bindgen_futures::spawn_local;

/// Where the identity provider sends the browser back, of this origin.
const LANDING: &str = "/callback";
/// Names this origin to a frame's message; nobody is sent there.
const SILENT_LANDING: &str = "/silent";
const SCOPE: &str = "openid profile email orders account";
const FLOW: &str = "storezero.flow";
const SENT: &str = "storezero.sent.";

/// Which of the two ways to tokens this browser takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Flow {
    /// The document's: tokens in the answer itself.
    #[default]
    Implicit,
    /// Authorization Code with PKCE (RFC 7636): a code in the answer, and the tokens for it and a secret of the page's.
    Code,
}

impl Flow {
    pub fn chosen() -> Self {
        if InBrowser.get(FLOW).as_deref() == Some("code") { Self::Code } else { Self::Implicit }
    }

    pub fn choose(self) {
        match self {
            Self::Implicit => InBrowser.remove(FLOW),
            Self::Code => {
                InBrowser.set(FLOW, "code");
            }
        }
    }

    pub const fn response_type(self) -> &'static str {
        match self {
            Self::Implicit => "id_token token",
            Self::Code => "code",
        }
    }
}

/// What this page must remember to know its answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Sent {
    pub flow: Flow,
    pub state: String,
    pub nonce: String,
    /// RFC 7636 §4.1; of the code flow alone.
    pub verifier: Option<String>,
    /// The same as in the request, as the token request has to repeat it (RFC 6749 §4.1.3).
    pub redirect_uri: String,
    pub max_age: Option<i64>,
    pub return_to: String,
    pub trace: Trace,
}

impl Sent {
    fn new(kind: TraceKind, landing: &str) -> Option<Self> {
        let flow = Flow::chosen();
        Some(Self {
            flow,
            state: web_crypto::random().ok()?,
            nonce: web_crypto::random().ok()?,
            verifier: if flow == Flow::Code { Some(web_crypto::random().ok()?) } else { None },
            redirect_uri: format!("{}{landing}", own_origin()),
            max_age: None,
            return_to: page::HOME.to_owned(),
            trace: Trace::begin(kind, device_now()),
        })
    }

    /// In this tab, until the answer: it holds no token. Found by the `state` that comes back, and once.
    fn keep(&self) -> bool {
        let kept = serde_json::to_string(self).ok();
        kept.is_some_and(|text| InTab.set(&format!("{SENT}{}", self.state), &text))
    }

    pub fn take(state: &str) -> Option<Self> {
        let key = format!("{SENT}{state}");
        let text = InTab.get(&key)?;
        InTab.remove(&key);
        serde_json::from_str(&text).ok()
    }

    /// With what every request has; `more` by name.
    async fn address(
        &mut self,
        provider: &Provider,
        step: Step,
        more: &[(&str, Option<String>)],
    ) -> String {
        let settings = settings();
        let challenge = match &self.verifier {
            Some(verifier) => web_crypto::sha256(verifier).await.ok(),
            None => None,
        };
        let mut parameters: Vec<(&str, String)> = vec![
            ("client_id", settings.client_id),
            ("response_type", self.flow.response_type().to_owned()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("scope", SCOPE.to_owned()),
            ("resource", settings.audience),
            ("state", self.state.clone()),
            ("nonce", self.nonce.clone()),
        ];
        if let Some(challenge) = challenge {
            parameters.push(("code_challenge", web_crypto::encode(&challenge)));
            parameters.push(("code_challenge_method", "S256".to_owned()));
        }
        let more = more.iter().filter_map(|(name, value)| Some((*name, value.clone()?)));
        parameters.extend(more);
        record(&mut self.trace, step, &parameters).await;
        let query = serde_urlencoded::to_string(&parameters).unwrap_or_default();
        with_query(&provider.authorization_endpoint, &query)
    }
}

/// Whether this document is the address of a login, as `LoginQuery::url` writes it: then it only leads on.
pub fn leaves_for_login() -> bool {
    let location = window().location();
    if location.pathname().as_deref() != Ok(paths::auth::LOGIN) {
        return false;
    }
    let search = location.search().unwrap_or_default();
    let login: LoginQuery =
        serde_urlencoded::from_str(search.trim_start_matches('?')).unwrap_or_default();
    if Arrival::of_document(None, "") == Arrival::ByHistory {
        // Back leads over the identity provider's page, which is over, to here. Whoever presses it wants no other login:
        // they stay where they were.
        let page = sign_in_mark::last_end();
        replace_address(own_path(page.as_deref()));
        return false;
    }
    spawn_local(leave_for_login(login));
    true
}

/// Its entry in the history is replaced: Back leads to where the visitor was before.
async fn leave_for_login(login: LoginQuery) {
    let return_to = own_path(Some(&login.return_to)).to_owned();
    let address = request_for(&login, &return_to)
        .await
        .unwrap_or_else(|problem| problem_page(problem, &return_to));
    // Fails for no address.
    let _ = window().location().replace(&address);
}

async fn request_for(login: &LoginQuery, return_to: &str) -> Result<String, SignInProblem> {
    let unavailable = SignInProblem::IdentityProviderUnavailable;
    let provider = provider().await.ok_or(unavailable)?;
    let mut sent = Sent::new(TraceKind::PageLogin, LANDING).ok_or(unavailable)?;
    return_to.clone_into(&mut sent.return_to);
    sent.max_age = login.max_age;
    let more = [
        ("prompt", login.prompt.clone()),
        ("max_age", login.max_age.map(|seconds| seconds.to_string())),
        ("acr_values", login.acr_values.clone()),
        ("connection", login.connection.clone()),
    ];
    let address = sent.address(&provider, Step::PageAuthorizationRequest, &more).await;
    // Whoever cannot keep the attempt could not know its answer either.
    if sent.keep() { Ok(address) } else { Err(SignInProblem::UnknownAttempt) }
}

/// The address of a frame that asks without any page of the identity provider's (OIDC Core §3.1.2.1, `prompt=none`),
/// and what its message has to fit.
pub async fn silent_request(provider: &Provider) -> Option<(String, Sent)> {
    let mut sent = Sent::new(TraceKind::SilentRenewal, SILENT_LANDING)?;
    let more =
        [("prompt", Some("none".to_owned())), ("response_mode", Some("web_message".to_owned()))];
    let address = sent.address(provider, Step::FrameRequest, &more).await;
    Some((address, sent))
}

/// The page about a login that did not succeed.
pub fn problem_page(problem: SignInProblem, return_to: &str) -> String {
    let query = [("problem", problem.into_str()), ("return_to", return_to)];
    format!("{}?{}", page::SIGN_IN_PROBLEM, serde_urlencoded::to_string(query).unwrap_or_default())
}

pub fn own_origin() -> String {
    window().location().origin().unwrap_or_default()
}
