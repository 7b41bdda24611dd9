use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use std::{pin::Pin, time::Duration};

/// After a chunk did not come.
const AGAIN_IN: Duration = Duration::from_secs(10);

pub type Build = fn() -> AnyView;
type Fetch = fn() -> Pin<Box<dyn Future<Output = Result<Build, SplitLoaderError>>>>;

/// `lazy_part!(MenuPart, Menu)`: a component that is a chunk of its own, since most who arrive do not see it.
/// `MenuPart::show` fetches it and shows something else until it is there. `lazy_part!(MenuPart, Menu, with CartRoute)` is
/// in a page's chunk.
macro_rules! lazy_part {
    ($part:ident, $component:ident) => {
        crate::ui::lazy_part!($part, $component, with $part);
    };
    ($part:ident, $component:ident, with $chunk:ident) => {
        pub struct $part;

        const _: () = {
            use leptos::{prelude::AnyView, wasm_split};

            #[wasm_split::wasm_split($chunk, wasm_split_path = wasm_split, fallible)]
            fn chunk() -> Result<crate::ui::Build, wasm_split::SplitLoaderError> {
                Ok(|| leptos::prelude::IntoAny::into_any($component()))
            }

            impl $part {
                pub fn show(until: crate::ui::Build) -> AnyView {
                    crate::ui::show_part(|| Box::pin(chunk()), until)
                }
            }
        };
    };
}

pub(crate) use lazy_part;

pub fn show_part(fetch: Fetch, until: Build) -> AnyView {
    let build = RwSignal::new(None);
    try_to_fetch(fetch, build);
    (move || build.get().unwrap_or(until)()).into_any()
}

fn try_to_fetch(fetch: Fetch, build: RwSignal<Option<Build>>) {
    spawn_local(async move {
        match fetch().await {
            // The page may be gone by then.
            Ok(part) => drop(build.try_set(Some(part))),
            Err(_) if build.is_disposed() => {}
            Err(_) => set_timeout(move || try_to_fetch(fetch, build), AGAIN_IN),
        }
    });
}
