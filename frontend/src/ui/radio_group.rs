use leptos::prelude::*;

/// One choice of a `RadioGroup`.
#[derive(Clone)]
pub struct RadioChoice {
    value: String,
    label: String,
    detail: Signal<String>,
    unavailable: Signal<bool>,
}

impl RadioChoice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            detail: Signal::stored(String::new()),
            unavailable: Signal::stored(false),
        }
    }

    /// A second line, such as what a delivery costs.
    pub fn detail(self, detail: impl Into<Signal<String>>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// Marks it; it can still be chosen, so that nobody gets stuck between two options.
    pub fn unavailable(self, unavailable: impl Into<Signal<bool>>) -> Self {
        Self { unavailable: unavailable.into(), ..self }
    }
}

/// Radio buttons with a common legend. The choices are built once, so that choosing keeps the focus; what
/// changes about them are their signals.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    #[prop(into)] choices: Vec<RadioChoice>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    /// Small side by side pills, for choices of one or two words.
    #[prop(optional)]
    pills: bool,
) -> impl IntoView {
    let radio = move |choice: RadioChoice| {
        let RadioChoice { value: own, label, detail, unavailable } = choice;
        let chosen = {
            let own = own.clone();
            move || value.get() == own
        };
        view! {
            <label class="radio" class:is-unavailable=unavailable>
                <input
                    type="radio"
                    name=name.clone()
                    value=own.clone()
                    prop:checked=chosen
                    on:change=move |_| on_choose.run(own.clone())
                />
                <span class="radio-label">{label}</span>
                {move || Some(detail.get()).filter(|text| !text.is_empty()).map(|text| {
                    view! { <span class="radio-detail">{text}</span> }
                })}
                {move || unavailable.get().then(|| {
                    view! { <span class="visually-hidden">" (not available)"</span> }
                })}
            </label>
        }
    };
    view! {
        <fieldset class="radio-group" class:is-pills=pills>
            <legend>{legend}</legend>
            <div class="radio-choices">{choices.into_iter().map(radio).collect_view()}</div>
        </fieldset>
    }
}
