use crate::{
    api,
    auth::use_visitor,
    ui::{Button, ButtonKind, RadioChoice, RadioGroup, focus, spawn_busy, use_toasts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    ids::Slug,
    paths::{self, api as path},
    reviews::{MAX_TEXT, RATINGS, Review, ReviewPage, WriteReview},
};

/// The customer's own review: written, changed or removed.
#[component]
pub fn ReviewForm(
    slug: StoredValue<Slug>,
    /// The one that there is already.
    own: Option<Review>,
    on_saved: Callback<ReviewPage>,
) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let is_new = own.is_none();
    let rating = RwSignal::new(own.as_ref().map_or(0, |review| review.rating));
    let text = RwSignal::new(own.map(|review| review.text).unwrap_or_default());
    let error = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let address = move || slug.with_value(|slug| paths::with(path::OWN_REVIEW, slug.as_str()));
    let show = move |answer: Result<ReviewPage, api::ApiError>, done: &'static str| {
        toasts.say_result(&answer, done);
        if let Ok(page) = answer {
            visitor.something_was_kept();
            on_saved.run(page);
        }
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let review = WriteReview { rating: rating.get_untracked(), text: text.get_untracked() };
        let fault = review.tidied().faults().into_iter().next();
        if let Some(fault) = fault {
            focus(if fault.field == "text" { "review-text" } else { "review-rating" });
            error.set(Some(fault.message));
            return;
        }
        error.set(None);
        spawn_busy(busy, async move {
            show(api::put(&address(), &review).await, "Thank you: your review is published.");
        });
    };
    let remove = move |_| {
        spawn_busy(busy, async move {
            show(api::delete(&address()).await, "Your review is removed.");
        });
    };
    let stars = RATINGS.rev().map(|stars| {
        let label = if stars == 1 { "1 star".to_owned() } else { format!("{stars} stars") };
        RadioChoice::new(stars.to_string(), label)
    });
    let stars: Vec<RadioChoice> = stars.collect();
    let chosen = Signal::derive(move || rating.get().to_string());
    view! {
        <form class="review-form" novalidate on:submit=save>
            <div id="review-rating" tabindex="-1">
                <RadioGroup
                    name="rating"
                    legend=if is_new { "How is it?" } else { "Your review" }
                    choices=stars
                    value=chosen
                    on_choose=Callback::new(move |value: String| {
                        rating.set(value.parse().unwrap_or_default());
                        error.set(None);
                    })
                    pills=true
                />
            </div>
            <div class="field">
                <label for="review-text">"In your words, if you like"</label>
                <textarea
                    id="review-text"
                    name="text"
                    rows="4"
                    maxlength=MAX_TEXT.to_string()
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
            </div>
            <p class="field-error" role="alert">{error}</p>
            <div class="review-actions">
                <Button submit=true busy=busy>{if is_new { "Publish review" } else { "Save review" }}</Button>
                {(!is_new).then(|| view! {
                    <Button kind=ButtonKind::Quiet busy=busy on:click=remove>"Remove it"</Button>
                })}
            </div>
            <p class="fine-print">"Published with your first name and an initial."</p>
        </form>
    }
}
