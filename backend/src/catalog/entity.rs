//! Rows of the catalogue. Prices are in minor units, VAT included.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use shared::checkout::Country;
use std::collections::BTreeMap;

/// Which of a country's VAT rates a product has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Vat {
    Standard,
    /// Food, books and plants.
    Reduced,
}

impl Vat {
    /// In basis points: 1900 is 19 %.
    pub const fn rate(self, country: &Country) -> u32 {
        match self {
            Self::Standard => country.vat_standard,
            Self::Reduced => country.vat_reduced,
        }
    }
}

/// What a shopper chooses a variant by, such as `{"Colour": "Blue"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Options(pub BTreeMap<String, String>);

pub mod category {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "category")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub slug: String,
        pub name: String,
        pub description: String,
        /// URL path.
        pub picture: String,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod product {
    use super::Vat;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "product")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub category_id: i64,
        pub slug: String,
        pub name: String,
        pub description: String,
        /// URL path.
        pub picture: String,
        pub vat: Vat,
        /// 0.0 to 5.0
        pub rating: f32,
        pub rating_count: i32,
        pub featured: bool,
        #[sea_orm(has_many)]
        pub variants: HasMany<super::variant::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod variant {
    use super::Options;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "variant")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub product_id: i64,
        pub sku: String,
        #[sea_orm(column_type = "Json")]
        pub options: Options,
        /// URL path; the product's own where it is `None`.
        pub picture: Option<String>,
        pub price: i64,
        /// Items that nobody has bought or reserved; never below zero.
        pub stock: i32,
        pub position: i32,
        #[sea_orm(belongs_to, from = "product_id", to = "id")]
        pub product: BelongsTo<super::product::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a customer says of a product. Here for its stars: a list shows them as part of the product.
pub mod review {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub product_id: i64,
        pub customer_id: i64,
        /// As it is shown, and as it was when the review was written.
        pub author: String,
        /// 1 to 5
        pub rating: i32,
        pub text: String,
        /// Milliseconds since the Unix epoch.
        pub written_at: i64,
        #[sea_orm(belongs_to, from = "product_id", to = "id")]
        pub product: BelongsTo<super::product::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
