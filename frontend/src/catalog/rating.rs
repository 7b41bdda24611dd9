use leptos::prelude::*;

/// 0.0 to 5.0, and by how many customers.
#[component]
pub fn Rating(rating: f32, count: u32) -> impl IntoView {
    let rating = one_digit(rating);
    let spoken = format!("Rated {rating} out of 5 by {count} customers");
    (count > 0).then(|| {
        view! {
            <span class="rating">
                <span class="visually-hidden">{spoken}</span>
                <span aria-hidden="true">{rating} <span class="rating-count">{format!(" ({count})")}</span></span>
            </span>
        }
    })
}

/// `4.6`. What `{:.1}` is made of are 20 kB of code, for numbers of any size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.0 to 5.0")]
fn one_digit(rating: f32) -> String {
    let tenths = (rating * 10.0).round() as u32;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::one_digit;

    #[test]
    fn a_rating_has_one_digit_after_the_point() {
        let rated = [0.0, 0.04, 0.5, 3.96, 4.25, 4.6, 5.0].map(one_digit);
        assert_eq!(rated, ["0.0", "0.0", "0.5", "4.0", "4.3", "4.6", "5.0"]);
    }
}
