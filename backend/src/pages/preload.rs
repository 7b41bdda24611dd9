//! The files of a page's own code, named in its head: the browser fetches them beside the app instead of after its start.

use super::Page;
use crate::http::site::Site;
use anyhow::{Context as _, Result};
use shared::paths::page;
use std::{collections::HashMap, fmt::Write as _};

/// What the bundler says of the frontend's lazy pages: by their names there, the addresses of the files that they need.
pub struct Preloads(HashMap<String, Vec<String>>);

impl Preloads {
    /// # Errors
    /// The site's list is not ours. Without one, nothing is fetched ahead.
    pub fn read(site: &Site) -> Result<Self> {
        let Some(list) = site.file("/lazy-routes.json") else { return Ok(Self(HashMap::new())) };
        Ok(Self(serde_json::from_slice(&list.plain).context("lazy-routes.json")?))
    }

    pub fn html(&self, page: &Page) -> Result<String> {
        let mut files = lazy_page(page).and_then(|name| self.0.get(name)).into_iter().flatten();
        files.try_fold(String::new(), |mut links, file| {
            // As the app fetches them, or else they would be fetched twice.
            writeln!(links, r#"<link rel="preload" href="{file}" as="fetch" crossorigin>"#)?;
            Ok(links)
        })
    }
}

/// Whose code a page is in, by its `lazy_page!` in the frontend.
fn lazy_page(page: &Page) -> Option<&'static str> {
    Some(match page {
        Page::Home | Page::Unknown => return None,
        Page::Category(..) => "CategoryRoute",
        Page::Search(..) => "SearchRoute",
        Page::Product(..) => "ProductRoute",
        Page::Other(template) => match *template {
            page::CART => "CartRoute",
            page::WISHLIST => "WishlistRoute",
            page::CHECKOUT | page::CHECKOUT_DONE => "CheckoutRoute",
            page::ACCOUNT | page::SIGNED_IN => "AccountRoute",
            page::ORDERS | page::ORDER => "OrdersRoute",
            page::FIND_ORDER | page::FOUND_ORDER => "FindOrderRoute",
            page::SESSIONS => "SessionsRoute",
            page::SIGNED_OUT => "SignedOutRoute",
            page::SIGN_IN_PROBLEM => "SignInProblemRoute",
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_but_the_first_has_code_of_its_own() {
        for template in page::ALL {
            let named = lazy_page(&Page::Other(template)).is_some();
            let of_catalog = [page::HOME, page::SEARCH, page::CATEGORY, page::PRODUCT];
            assert_eq!(named, !of_catalog.contains(&template), "{template}");
        }
    }

    #[test]
    fn a_page_names_the_files_that_the_app_will_fetch() {
        let files =
            HashMap::from([("CartRoute".to_owned(), vec!["/pkg/0/group_1.bin".to_owned()])]);
        let preloads = Preloads(files);
        let link = "<link rel=\"preload\" href=\"/pkg/0/group_1.bin\" as=\"fetch\" crossorigin>\n";
        assert_eq!(preloads.html(&Page::Other(page::CART)).unwrap(), link);
        assert_eq!(preloads.html(&Page::Home).unwrap(), "");
    }
}
