use leptos::prelude::*;

/// As many as `utilities.css` has.
const TINTS: usize = 8;

/// A product's picture on its tinted tile. The tint follows from the picture's path, so that a product has
/// the same one everywhere.
#[component]
pub fn Picture(
    #[prop(into)] src: String,
    /// In place of the tint that follows from the path, where neighbours must differ.
    #[prop(optional)]
    own_tint: Option<usize>,
    /// Empty where the name stands beside it.
    #[prop(optional, into)]
    alt: String,
    /// The size of a line item instead of the width of its column.
    #[prop(optional)]
    small: bool,
    /// Whether it is above the fold when the page opens.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let class = format!(
        "picture tint-{}{}",
        own_tint.map_or_else(|| tint(&src), |own| own % TINTS),
        if small { " picture-small" } else { "" }
    );
    view! {
        <span class=class>
            <img
                src=src
                alt=alt
                width="256"
                height="256"
                loading=if eager { "eager" } else { "lazy" }
                decoding="async"
            />
        </span>
    }
}

/// FNV-1a: neighbours in the code table get different tints.
fn tint(src: &str) -> usize {
    let hash = src
        .bytes()
        .fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    (hash >> 16) as usize % TINTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_spread_over_all_tints() {
        let mut seen: Vec<usize> =
            (0x1f300..0x1f400).map(|code| tint(&format!("/pictures/{code:x}.webp"))).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..TINTS).collect::<Vec<_>>());
    }
}
