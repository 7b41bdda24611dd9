//! Whose cart a request means.

use super::CartToken;
use crate::{Config, Error, Result, session::Visitor};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use anyhow::Context as _;
use std::future::{Ready, ready};

/// Anybody, with a cart or without one.
pub struct Shopper {
    pub visitor: Visitor,
    /// What the browser sent; a signed-in customer's cart does not ask for it.
    pub token: Option<CartToken>,
}

#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    Customer(i64),
    Guest(&'a CartToken),
}

impl Shopper {
    /// `None` for a guest who has no cart yet.
    pub fn owner(&self) -> Option<Owner<'_>> {
        match self.visitor.customer_id() {
            Some(id) => Some(Owner::Customer(id)),
            None => self.token.as_ref().map(Owner::Guest),
        }
    }
}

impl FromRequest for Shopper {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut shopper = || {
            let config = request.app_data::<Data<Config>>().context("the shop's configuration")?;
            let visitor = Visitor::from_request(request, payload).into_inner()?;
            Ok(Self { visitor, token: CartToken::of(request, config) })
        };
        ready(shopper())
    }
}
