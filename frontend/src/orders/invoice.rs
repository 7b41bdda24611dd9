//! What makes an order on paper an invoice (Directive 2006/112/EC, article 226). On a screen nobody needs it.

use crate::ui::Moment;
use leptos::prelude::*;
use shared::{checkout::QuoteTotals, ids::OrderNumber, money::Money, orders::VatShare};

/// Who sells, and which invoice this is: there is one for each order.
#[component]
pub fn InvoiceHead(
    number: OrderNumber,
    /// Milliseconds since the Unix epoch.
    placed_at: i64,
) -> impl IntoView {
    view! {
        <div class="invoice-head">
            <address>
                <strong>"storezero Demo GmbH"</strong>
                <span>"Musterstraße 1"</span>
                <span>"10115 Berlin"</span>
                <span>"Germany"</span>
                <span>"VAT number DE999999999"</span>
            </address>
            <dl>
                <div><dt>"Invoice number"</dt><dd>{number.to_string()}</dd></div>
                <div><dt>"Invoice date"</dt><dd><Moment at=placed_at/></dd></div>
            </dl>
        </div>
    }
}

#[component]
pub fn VatTable(vat: Vec<VatShare>, totals: QuoteTotals) -> impl IntoView {
    let QuoteTotals { tax, total: gross, .. } = totals;
    let net = Money { minor: gross.minor - tax.minor, ..gross };
    let row = |name: String, net: Money, tax: Money, gross: Money| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{net.to_string()}</td>
                <td>{tax.to_string()}</td>
                <td>{gross.to_string()}</td>
            </tr>
        }
    };
    view! {
        <table class="vat-table">
            <thead>
                <tr>
                    <th scope="col">"VAT rate"</th>
                    <th scope="col">"Net"</th>
                    <th scope="col">"VAT"</th>
                    <th scope="col">"Gross"</th>
                </tr>
            </thead>
            <tbody>
                {vat.into_iter().map(|it| row(percent(it.rate), it.net, it.tax, it.gross)).collect_view()}
            </tbody>
            <tfoot>{row("Total".to_owned(), net, tax, gross)}</tfoot>
        </table>
    }
}

/// Basis points as people read them: `19%`, `8.1%`.
fn percent(rate: u32) -> String {
    let hundredths = format!("{}.{:02}", rate / 100, rate % 100);
    format!("{}%", hundredths.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_rate_is_written_without_idle_zeros() {
        for (rate, text) in [(1900, "19%"), (2000, "20%"), (810, "8.1%"), (550, "5.5%"), (0, "0%")]
        {
            assert_eq!(percent(rate), text);
        }
    }
}
