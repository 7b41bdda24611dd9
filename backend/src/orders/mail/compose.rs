//! What a mail about an order says, once as text and once as HTML.

use crate::{Config, http::escape::html};
use shared::{
    catalog::full_name,
    money::Money,
    orders::{Order, OrderStatus},
    paths::page,
};
use std::fmt::Write as _;

pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The order as it is now, with what there is to say of this status.
pub fn compose(order: &Order, status: OrderStatus, config: &Config) -> Mail {
    let letter = Letter::about(order, status, config);
    Mail { subject: letter.subject.clone(), text: letter.text(), html: letter.html() }
}

/// A mail before it has a form.
struct Letter {
    subject: String,
    lead: String,
    /// What was bought and what it cost: a name and an amount.
    rows: Vec<(String, String)>,
    total: String,
    address: Vec<String>,
    /// What can be done next, and where.
    next: &'static str,
    link: String,
}

const FOOT: &str = "storezero writes to this address because an order was placed with it. Nothing needs to be answered.";

impl Letter {
    fn about(order: &Order, status: OrderStatus, config: &Config) -> Self {
        let number = &order.summary.number;
        let (subject, lead) = match status {
            OrderStatus::Shipped => (
                format!("Your order {number} is on its way"),
                format!("Your order {number} has left our warehouse."),
            ),
            OrderStatus::Cancelled => (
                format!("Your order {number} is cancelled"),
                format!(
                    "Your order {number} is cancelled. Nothing is charged, and nothing is sent."
                ),
            ),
            _ => (
                format!("Your order {number}"),
                format!(
                    "Thank you for your order {number}. Once it is packed, it takes {}.",
                    order.delivery.days()
                ),
            ),
        };
        let (next, path) = if order.in_account {
            ("See where it is:", format!("{}/{number}", page::ORDERS))
        } else {
            (
                "See where it is, by its number and this email address; sign in there with the address to keep it:",
                page::FIND_ORDER.to_owned(),
            )
        };
        Self {
            subject,
            lead,
            rows: rows(order),
            total: format!("{} (VAT included: {})", order.totals.total, order.totals.tax),
            address: address(order),
            next,
            link: config.public(&path).into(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.lead);
        for (name, amount) in &self.rows {
            let _ = writeln!(text, "  {name}: {amount}");
        }
        let _ = write!(text, "  Total: {}\n\nDelivered to\n", self.total);
        for line in &self.address {
            let _ = writeln!(text, "  {line}");
        }
        let _ = write!(text, "\n{}\n{}\n\n-- \n{FOOT}\n", self.next, self.link);
        text
    }

    /// Mail programs read no style sheet, only `style` attributes, and lay out by tables.
    fn html(&self) -> String {
        let row = |(name, amount): &(String, String)| {
            let (name, amount) = (html(name), html(amount));
            format!(
                "<tr><td style=\"padding:4px 16px 4px 0\">{name}</td>\
                 <td style=\"padding:4px 0;text-align:right;white-space:nowrap\">{amount}</td></tr>\n"
            )
        };
        let address: Vec<String> = self.address.iter().map(|line| html(line)).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{subject}</title>\n</head>\n\
             <body style=\"margin:0 auto;padding:24px;max-width:36em;font:16px/1.5 system-ui,sans-serif\">\n\
             <h1 style=\"font-size:22px\">{subject}</h1>\n<p>{lead}</p>\n\
             <table role=\"presentation\" style=\"border-collapse:collapse\">\n{rows}</table>\n\
             <p><strong>Total: {total}</strong></p>\n<p>Delivered to<br>\n{address}</p>\n\
             <p>{next}<br>\n<a href=\"{link}\">{link}</a></p>\n\
             <p style=\"font-size:14px\">{FOOT}</p>\n</body>\n</html>\n",
            subject = html(&self.subject),
            lead = html(&self.lead),
            rows = self.rows.iter().map(row).collect::<String>(),
            total = html(&self.total),
            address = address.join("<br>\n"),
            next = html(self.next),
            link = html(&self.link),
        )
    }
}

fn rows(order: &Order) -> Vec<(String, String)> {
    let items = order.items.iter().map(|line| {
        let name = full_name(&line.name, &line.options);
        (format!("{} × {name}", line.quantity), line.total.to_string())
    });
    let delivery =
        (format!("Delivery, {}", order.delivery.label()), order.totals.delivery.to_string());
    let promotion = order.promotion_code.as_ref().map(|code| {
        let taken_off = match order.totals.discount {
            Money::ZERO => "standard delivery".to_owned(),
            discount => format!("-{discount}"),
        };
        (format!("Promotion {code}"), taken_off)
    });
    items.chain(promotion).chain([delivery]).collect()
}

/// Line by line, as on a parcel.
fn address(order: &Order) -> Vec<String> {
    let address = &order.address;
    let place = format!("{} {}", address.postcode, address.city);
    let street = address.street.lines();
    std::iter::once(address.full_name.as_str())
        .chain(street)
        .chain([place.as_str(), address.country_name()])
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        checkout::{Address, CardBrand, DeliveryMethod, PaymentSummary, QuoteTotals},
        orders::{OrderLine, OrderSummary},
    };

    fn order(in_account: bool) -> Order {
        let total = Money::eur(2_890);
        Order {
            summary: OrderSummary {
                number: "7K2M-9QWX-4T0B".parse().unwrap(),
                placed_at: 0,
                status: OrderStatus::Placed,
                total,
                count: 2,
                pictures: Vec::new(),
                first_name: "Teacup".to_owned(),
            },
            email: "ada@example.com".to_owned(),
            address: Address {
                full_name: "<b>Ada</b>".to_owned(),
                street: "1 Mill Lane\nFlat 2".to_owned(),
                postcode: "1010".to_owned(),
                city: "Wien".to_owned(),
                country: "AT".to_owned(),
            },
            delivery: DeliveryMethod::Standard,
            payment: PaymentSummary { brand: CardBrand::Visa, last4: "4242".to_owned() },
            items: vec![OrderLine {
                sku: "HK-TEACUP-BLUE".parse().unwrap(),
                slug: "teacup".parse().unwrap(),
                name: "Teacup".to_owned(),
                options: [("Colour".to_owned(), "Blue".to_owned())].into(),
                picture: String::new(),
                unit_price: Money::eur(1_200),
                quantity: 2,
                total: Money::eur(2_400),
            }],
            totals: QuoteTotals {
                subtotal: Money::eur(2_400),
                discount: Money::ZERO,
                delivery: Money::eur(490),
                tax: Money::eur(482),
                total,
            },
            promotion_code: None,
            vat: Vec::new(),
            history: Vec::new(),
            cancellable: true,
            in_account,
            mailed: true,
        }
    }

    fn mail(in_account: bool, status: OrderStatus) -> Mail {
        compose(&order(in_account), status, &Config::from_settings(&[]).unwrap())
    }

    #[test]
    fn a_confirmation_says_what_was_bought_and_where_to_look() {
        let Mail { subject, text, html } = mail(true, OrderStatus::Placed);
        assert_eq!(subject, "Your order 7K2M-9QWX-4T0B");
        for said in [
            "2 × Teacup (Blue): €24.00\n",
            "Delivery, Standard: €4.90\n",
            "Total: €28.90 (VAT included: €4.82)\n",
            "  1 Mill Lane\n  Flat 2\n  1010 Wien\n  Austria\n",
            "http://localhost:3000/account/orders/7K2M-9QWX-4T0B\n",
        ] {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        assert!(html.contains("<td style=\"padding:4px 16px 4px 0\">2 × Teacup (Blue)</td>"));
        assert!(!text.contains("4242") && !html.contains("4242"), "a card is nothing for a mail");
    }

    #[test]
    fn a_guest_is_led_to_where_the_number_is_asked_for() {
        let Mail { text, .. } = mail(false, OrderStatus::Placed);
        assert!(text.contains("http://localhost:3000/orders/find\n"), "{text}");
        assert!(!text.contains("/account/"), "{text}");
    }

    #[test]
    fn what_became_of_it_is_in_the_subject() {
        assert!(mail(true, OrderStatus::Shipped).subject.ends_with("is on its way"));
        assert!(mail(true, OrderStatus::Cancelled).subject.ends_with("is cancelled"));
    }

    #[test]
    fn nobodys_name_is_markup() {
        let Mail { html, .. } = mail(true, OrderStatus::Placed);
        assert!(html.contains("&lt;b&gt;Ada&lt;/b&gt;<br>") && !html.contains("<b>"));
    }
}
