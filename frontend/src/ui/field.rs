use leptos::prelude::*;

/// A labelled input. Its error is tied to it by `aria-describedby`, and names what to do.
///
/// `on:focusout` on it is the place to validate: blur does not bubble.
#[component]
pub fn Field(
    /// The dotted path of the field in the request, such as `address.postcode`.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    /// In characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    /// Values and their labels: a choice instead of a text.
    #[prop(optional, into)]
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let id = name.replace('.', "-");
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let described_by = {
        let (error_id, hint_id) = (error_id.clone(), hint_id.clone());
        move || {
            let hint = hint.get().map(|_| hint_id.as_str());
            let error = error.get().map(|_| error_id.as_str());
            let ids: Vec<&str> = hint.into_iter().chain(error).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = move || error.get().is_some().then_some("true");
    let control = if options.is_empty() {
        view! {
            <input
                id=id.clone()
                name=name
                type=kind
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                required=required
                aria-invalid=invalid
                aria-describedby=described_by
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    } else {
        let option = |(code, label): (&'static str, &'static str)| {
            view! { <option value=code selected=move || value.with(|value| value == code)>{label}</option> }
        };
        view! {
            <select
                id=id.clone()
                name=name
                autocomplete=autocomplete
                required=required
                aria-invalid=invalid
                aria-describedby=described_by
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <div class="field" class:has-error=move || error.get().is_some()>
            <label for=id>{label}</label>
            {move || hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> })}
            {control}
            {move || error.get().map(|error| view! { <p class="field-error" id=error_id.clone()>{error}</p> })}
        </div>
    }
}
