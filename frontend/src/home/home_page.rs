use super::{category_tiles::CategoryTiles, featured::Featured};
use crate::{catalog::RecentlyViewed, ui::PageHeading};
use leptos::prelude::*;
use shared::{checkout::DeliveryMethod, paths::page};

/// Its first words stand in `shell.html` as well, so that they are painted before the app is there.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <section class="hero">
            <div class="hero-text">
                <PageHeading title="Good things, zero fuss." name="Home"/>
                <p class="page-lead">
                    "Everyday objects that last, from teapots to telescopes. Check out without an account; sign in only to see what you ordered."
                </p>
                <p class="hero-actions">
                    <a class="button button-primary" href=page::SEARCH>"See all products"</a>
                    <a class="button button-secondary" href="/search?sort=rating">"Best rated"</a>
                </p>
                <ul class="hero-facts">
                    <li>{format!("Free delivery from {}", DeliveryMethod::FREE_FROM)}</li>
                    <li>"2 to 4 working days, or the next one"</li>
                    <li>"No account needed"</li>
                </ul>
            </div>
            <nav class="hero-tiles" aria-label="Categories"><CategoryTiles/></nav>
        </section>
        <section class="home-featured" aria-labelledby="featured">
            <h2 id="featured">"Picked for you to start with"</h2>
            <Featured/>
        </section>
        <RecentlyViewed/>
        <aside class="developers" aria-labelledby="developers">
            <div>
                <h2 id="developers">"You build logins? Look inside."</h2>
                <p>
                    "This shop is real, and so are its sessions: its own, the identity provider’s, the social provider’s. Sign in, and watch how they begin, slide and end."
                </p>
            </div>
            <a class="button button-secondary" href=page::SESSIONS>"Look at the sessions"</a>
        </aside>
    }
}
