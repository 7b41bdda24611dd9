use super::{ErrorNote, Skeleton};
use crate::api::ApiError;
use leptos::prelude::*;

/// What was asked for, once it is there: until then a skeleton, and after a failure a way to ask again.
pub fn loaded<T, V: IntoView + 'static>(
    answer: Option<Result<T, ApiError>>,
    lines: usize,
    label: &'static str,
    on_retry: Callback<()>,
    show: impl FnOnce(T) -> V,
) -> AnyView {
    match answer {
        None => view! { <Skeleton lines label/> }.into_any(),
        Some(Err(error)) => view! { <ErrorNote error on_retry/> }.into_any(),
        Some(Ok(value)) => show(value).into_any(),
    }
}
