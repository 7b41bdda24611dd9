//! Wishlists in the database.

use super::entity::{self, Column};
use crate::{
    Result, db,
    session::{SessionRow, Visitor},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::SimpleExpr,
};

#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    Customer(i64),
    /// Nobody is signed in.
    Session(&'a str),
}

impl<'a> Owner<'a> {
    pub fn of(session: &'a SessionRow) -> Self {
        match session.customer_id {
            Some(id) => Self::Customer(id),
            None => Self::Session(&session.id),
        }
    }

    /// `None` for whoever has kept nothing yet.
    pub fn of_visitor(visitor: &'a Visitor) -> Option<Self> {
        match &visitor.session {
            Some(session) => Some(Self::of(session)),
            None => visitor.customer_id().map(Self::Customer),
        }
    }

    fn owns(self) -> SimpleExpr {
        match self {
            Self::Customer(id) => Column::CustomerId.eq(id),
            Self::Session(id) => Column::SessionId.eq(id),
        }
    }
}

fn of(owner: Owner<'_>) -> Select<entity::Entity> {
    entity::Entity::find().filter(owner.owns())
}

/// The ids of the products.
pub async fn newest_first(db: &impl ConnectionTrait, owner: Owner<'_>) -> Result<Vec<i64>, DbErr> {
    of(owner)
        .select_only()
        .column(Column::ProductId)
        .order_by_desc(Column::AddedAt)
        .order_by_desc(Column::Id)
        .into_tuple()
        .all(db)
        .await
}

pub async fn count(db: &impl ConnectionTrait, owner: Owner<'_>) -> Result<u64, DbErr> {
    of(owner).count(db).await
}

/// `false` where the product is on the wishlist already.
pub async fn insert(
    transaction: &DatabaseTransaction,
    owner: Owner<'_>,
    product_id: i64,
    now: i64,
) -> Result<bool, DbErr> {
    let (customer_id, session_id) = match owner {
        Owner::Customer(id) => (Some(id), None),
        Owner::Session(id) => (None, Some(id.to_owned())),
    };
    let row = entity::ActiveModel {
        id: NotSet,
        customer_id: Set(customer_id),
        session_id: Set(session_id),
        product_id: Set(product_id),
        added_at: Set(now),
    };
    db::insert_new(transaction, row).await
}

/// `false` where it was not on the wishlist.
pub async fn remove(
    db: &impl ConnectionTrait,
    owner: Owner<'_>,
    product_id: i64,
) -> Result<bool, DbErr> {
    let removed = entity::Entity::delete_many()
        .filter(owner.owns())
        .filter(Column::ProductId.eq(product_id))
        .exec(db)
        .await?;
    Ok(removed.rows_affected == 1)
}

pub async fn remove_all(transaction: &DatabaseTransaction, owner: Owner<'_>) -> Result<(), DbErr> {
    entity::Entity::delete_many().filter(owner.owns()).exec(transaction).await?;
    Ok(())
}
