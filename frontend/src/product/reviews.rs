use super::review_form::ReviewForm;
use crate::{
    api::{self, ApiError, Latest},
    auth::{SignInLink, use_visitor},
    ui::{Button, ButtonKind, Moment, focus, loaded, spawn_busy, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::Slug,
    paths::{self, api as path},
    reviews::{PAGE_SIZE, Review, ReviewPage, Standing},
};

/// The heading, which takes the focus when what had it is gone.
const HEADING: &str = "reviews";

/// What others say of the product, and what the visitor may say.
#[component]
pub fn Reviews(slug: Slug) -> impl IntoView {
    let visitor = use_visitor();
    let slug = StoredValue::new(slug);
    let answer = RwSignal::new(None);
    let latest = Latest::new();
    let load = move || {
        let asked = latest.take(slug.with_value(|slug| fetch(slug, 1)));
        spawn_local(async move {
            if let Some(page) = asked.await {
                answer.set(Some(page));
            }
        });
    };
    // What they may say depends on who they are.
    let who = visitor.known_customer();
    Effect::new(move || {
        if who.read().is_some() {
            load();
        }
    });
    let retry = Callback::new(move |()| load());
    let on_saved = Callback::new(move |page: ReviewPage| {
        latest.begin();
        answer.set(Some(Ok(page)));
        focus(HEADING);
    });
    view! {
        <section class="reviews" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">"Reviews"</h2>
            {move || loaded(answer.get(), 4, "Loading the reviews…", retry, |page: ReviewPage| {
                let ReviewPage { reviews, total, pages, standing, .. } = page;
                view! {
                    <div class="review-own">{own(slug, standing, on_saved)}</div>
                    <ReviewList slug=slug first=reviews total=total pages=pages/>
                }
            })}
        </section>
    }
}

fn own(slug: StoredValue<Slug>, standing: Standing, on_saved: Callback<ReviewPage>) -> AnyView {
    match standing {
        Standing::Guest => view! {
            <p>"Received it from us? Sign in to say how it is."</p>
            <SignInLink label="Sign in to review it" class="button button-secondary"/>
        }
        .into_any(),
        Standing::NotReceived => {
            view! { <p>"Who has received it from us can say here how it is."</p> }.into_any()
        }
        Standing::MayReview => view! { <ReviewForm slug own=None on_saved/> }.into_any(),
        Standing::Reviewed(review) => {
            view! { <ReviewForm slug own=Some(review) on_saved/> }.into_any()
        }
    }
}

#[component]
fn ReviewList(
    slug: StoredValue<Slug>,
    first: Vec<Review>,
    total: u32,
    pages: u32,
) -> impl IntoView {
    let toasts = use_toasts();
    let reviews = RwSignal::new(first);
    let shown_pages = RwSignal::new(1);
    let busy = RwSignal::new(false);
    let show_older = move |_| {
        spawn_busy(busy, async move {
            let page = shown_pages.get_untracked() + 1;
            match slug.with_value(|slug| fetch(slug, page)).await {
                Ok(older) => {
                    let _ = shown_pages.try_set(page);
                    reviews.try_update(|reviews| reviews.extend(older.reviews));
                    focus(&item_id((page - 1) * PAGE_SIZE));
                }
                Err(error) => toasts.say(error.detail()),
            }
        });
    };
    let item = |(index, review): (u32, Review)| {
        view! {
            <li class="review" id=item_id(index) tabindex="-1">
                <p class="review-head">
                    <span class="rating">
                        <span class="visually-hidden">{format!("{} of 5 stars", review.rating)}</span>
                        <span aria-hidden="true">{review.rating}</span>
                    </span>
                    <span class="review-author">{review.author}</span>
                    <Moment at=review.at/>
                </p>
                <p class="review-text">{review.text}</p>
            </li>
        }
    };
    if total == 0 {
        return view! { <p class="fine-print">"Nobody has written about it yet."</p> }.into_any();
    }
    view! {
        <ul class="review-list">{move || (0..).zip(reviews.get()).map(item).collect_view()}</ul>
        {move || (shown_pages.get() < pages).then(|| view! {
            <Button kind=ButtonKind::Secondary busy=busy on:click=show_older>"Show older reviews"</Button>
        })}
    }
    .into_any()
}

fn item_id(index: u32) -> String {
    format!("review-{index}")
}

/// Asked for by a page that opens: it does not slide the session.
fn fetch(slug: &Slug, page: u32) -> impl Future<Output = Result<ReviewPage, ApiError>> + use<> {
    let address = format!("{}?page={page}", paths::with(path::REVIEWS, slug.as_str()));
    async move { api::get_in_background(&address).await }
}
