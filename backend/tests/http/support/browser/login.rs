//! The way to the identity provider, through its pages, and back.

use super::{Browser, Destination, Request};
use crate::support::answer::{Answer, parameter};
use reqwest::{Method, Url};
use shared::paths::{auth, header};

/// A login that left the shop: what it asks of the identity provider.
#[derive(Clone, Debug)]
pub struct Login {
    pub authorization_url: Url,
}

impl Login {
    pub fn parameter(&self, name: &str) -> String {
        parameter(&self.authorization_url, name)
            .unwrap_or_else(|| panic!("no {name}: {}", self.authorization_url))
    }

    pub fn state(&self) -> String {
        self.parameter("state")
    }
}

impl Browser {
    /// Leaves for the identity provider, to come back to `return_to`.
    pub async fn start_login(&self, return_to: &str) -> Login {
        self.start_login_with(&[("return_to", return_to)]).await
    }

    pub async fn start_login_with(&self, query: &[(&str, &str)]) -> Login {
        let query = serde_urlencoded::to_string(query).expect("a query");
        let answer = self.visit(&format!("{}?{query}", auth::LOGIN)).await.expect(303);
        let authorization_url = answer.location();
        assert_eq!(
            authorization_url.origin(),
            self.idp.origin(),
            "no login began: {authorization_url}"
        );
        Login { authorization_url }
    }

    /// Goes to the identity provider, gives credentials there if it asks, and answers where it sends the
    /// browser back to: the callback, which is not opened yet.
    pub async fn authenticate(&self, login: &Login, email: &str) -> Url {
        let answer = self.open_login_page(login).await;
        let answer = if answer.redirect().is_some() {
            answer
        } else {
            self.submit_password(&answer, email).await
        };
        answer.location()
    }

    /// The identity provider's page, or the redirect back to the shop where it has nothing to ask.
    pub async fn open_login_page(&self, login: &Login) -> Answer {
        let from_shop = self.shop.clone();
        let answer = self
            .request(
                Method::GET,
                login.authorization_url.clone(),
                Destination::Document,
                Some(from_shop.clone()),
            )
            .send()
            .await;
        self.follow_while(answer, &from_shop, |url| !self.is_shop(url)).await
    }

    /// Fills the login page's form in and follows it up to the redirect that leaves the identity provider.
    pub async fn submit_password(&self, page: &Answer, email: &str) -> Answer {
        self.submit(page, &[("email", email), ("password", "demo-password")]).await
    }

    /// Sends a form of the identity provider with its hidden fields and these.
    pub async fn submit(&self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let html = page.text();
        let form = html
            .split("<form")
            .nth(1)
            .unwrap_or_else(|| panic!("no form at {}:\n{html}", page.url));
        let form = form.split("</form>").next().unwrap_or_default();
        let action = between(form, "action=\"", "\"").expect("a form's action");
        let hidden = form.split("<input type=\"hidden\"").skip(1).map(|input| {
            (
                between(input, "name=\"", "\"").unwrap_or_default(),
                between(input, "value=\"", "\"").unwrap_or_default(),
            )
        });
        let fields: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let target = page.url.join(action).expect("a form's target");
        let answer = self
            .request(Method::POST, target, Destination::Document, Some(page.url.clone()))
            .body("application/x-www-form-urlencoded", body)
            .send()
            .await;
        self.follow_while(answer, &page.url, |url| !self.is_shop(url)).await
    }

    /// Opens the callback, as the identity provider's page leads there.
    pub async fn come_back(&self, callback: &Url) -> Answer {
        self.coming_back(callback).send().await
    }

    pub fn coming_back(&self, callback: &Url) -> Request<'_> {
        self.request(Method::GET, callback.clone(), Destination::Document, Some(self.idp.clone()))
    }

    /// The whole way: to the identity provider, through its login page, and back.
    pub async fn sign_in(&self, email: &str) {
        let login = self.start_login("/account").await;
        let callback = self.authenticate(&login, email).await;
        let answer = self.come_back(&callback).await;
        assert_eq!(answer.leads_to(), "/account", "the login was refused");
    }

    /// Signs in anew although the provider knows somebody here: as the same person or as another one.
    pub async fn sign_in_anew(&self, email: &str) {
        let login = self.start_login_with(&[("return_to", "/account"), ("prompt", "login")]).await;
        let page = self.open_login_page(&login).await;
        let callback = self.submit_password(&page, email).await.location();
        self.come_back(&callback).await.expect(303);
    }

    /// Takes the logout to the identity provider, as the page does that a logout leads to, and comes to where it ends.
    pub async fn take_logout_to_provider(&self, next: &str) -> Answer {
        let page = self.visit(next).await.expect(200);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let answer = self.submit(&page, &[]).await.expect(200).text();
        // A page that goes on by itself, since the shop's policy might hold redirects after its form to the shop.
        let next = between(&answer, "<a class=\"button\" href=\"", "\"").expect("the way on");
        let next = next.replace("&amp;", "&").parse().expect("an address");
        self.open(&next).await
    }

    /// A logout token of the identity provider, which is no browser.
    pub async fn send_logout_token(&self, token: &str) -> Answer {
        let body = serde_urlencoded::to_string([("logout_token", token)]).expect("a form");
        let mut request = self
            .fetch(Method::POST, auth::BACKCHANNEL_LOGOUT)
            .body("application/x-www-form-urlencoded", body);
        for name in [header::CSRF, "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] {
            request = request.without(name);
        }
        request.send().await
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}
