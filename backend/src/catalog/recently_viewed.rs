//! `GET /api/session/recently-viewed`: what the session's page views say of products. It ends with the session.

use super::Catalog;
use crate::{
    Result,
    http::Json,
    session::{Sessions, Visitor, activities},
};
use actix_web::web::Data;
use sea_orm::DatabaseConnection;
use shared::{catalog::ProductSummary, ids::Slug, paths::product_at};
use std::collections::HashSet;

/// A row of four, and the product that is being looked at, which its own page leaves out.
const SHOWN: usize = 5;

pub(super) async fn show(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    visitor: Visitor,
) -> Result<Json<Vec<ProductSummary>>> {
    let Some(session) = visitor.session else {
        return Ok(Json(Vec::new()));
    };
    sessions.activities.flush().await;
    let paths = activities::pages_viewed(db.get_ref(), &session.id).await?;
    let snapshot = catalog.current().await?;
    let products = newest_of_each(&paths).filter_map(|slug| snapshot.summary(&slug)).take(SHOWN);
    Ok(Json(products.collect()))
}

/// The products of these pages, each where it comes first.
fn newest_of_each(paths: &[String]) -> impl Iterator<Item = Slug> {
    let mut seen = HashSet::new();
    paths.iter().filter_map(|path| product_at(path)).filter(move |slug| seen.insert(slug.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_that_was_viewed_twice_stands_where_it_was_seen_last() {
        let paths = ["/p/teapot", "/", "/p/map", "/p/teapot", "/p/", "/p/Tea Pot", "/p/map/more"];
        let paths = paths.map(str::to_owned);
        let slugs: Vec<String> = newest_of_each(&paths).map(|slug| slug.to_string()).collect();
        assert_eq!(slugs, ["teapot", "map"]);
    }
}
