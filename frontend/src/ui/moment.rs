use js_sys::{
    Date,
    Intl::{DateTimeFormatOptions, DateTimeStyle},
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The page is in English, for shoppers in Europe.
const LOCALE: &str = "en-GB";

/// A point in time in the visitor's own time zone, written by the browser's `Intl`.
#[component]
pub fn Moment(
    /// Milliseconds since the Unix epoch.
    at: i64,
    /// Whether the time of day matters.
    #[prop(optional)]
    with_time: bool,
) -> impl IntoView {
    let date = date(at);
    let machine_readable = String::from(date.to_iso_string());
    view! { <time datetime=machine_readable>{text(&date, with_time)}</time> }
}

/// A point in time to the second; its day only where that is another one than that of `now`.
#[component]
pub fn PreciseMoment(
    /// Milliseconds since the Unix epoch, like `now`.
    at: i64,
    now: i64,
) -> impl IntoView {
    let (date, now) = (date(at), date(now));
    let options: DateTimeFormatOptions = js_sys::Object::new().unchecked_into();
    options.set_time_style(DateTimeStyle::Medium);
    if date.to_date_string() != now.to_date_string() {
        options.set_date_style(DateTimeStyle::Medium);
    }
    let text = String::from(date.to_locale_string(LOCALE, &options));
    let machine_readable = String::from(date.to_iso_string());
    view! { <time datetime=machine_readable>{text}</time> }
}

fn text(date: &Date, with_time: bool) -> String {
    let options: DateTimeFormatOptions = js_sys::Object::new().unchecked_into();
    options.set_date_style(DateTimeStyle::Medium);
    if with_time {
        options.set_time_style(DateTimeStyle::Short);
        date.to_locale_string(LOCALE, &options).into()
    } else {
        date.to_locale_date_string(LOCALE, &options).into()
    }
}

/// Of milliseconds since the Unix epoch.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit into 53 bits")]
pub fn date(at: i64) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}
