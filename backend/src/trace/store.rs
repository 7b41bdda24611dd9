//! Traces in the database. They belong to a session; where its browser may still ask how it went, its end takes them
//! along (`session_end`).

use crate::Result;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use serde_json::Value;
use shared::trace::Trace;
use std::collections::HashMap;

/// A session remembers so many.
const NEWEST: u64 = 10;

pub mod entity {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_trace")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub session_id: String,
        /// A `Trace`, in JSON.
        pub trace: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The form in the database.
pub fn to_json(traces: &(impl Serialize + ?Sized)) -> anyhow::Result<String> {
    Ok(serde_json::to_string(traces)?)
}

/// `None` for one that another version of the shop wrote and this one cannot read.
pub fn from_json(text: &str) -> Option<Trace> {
    serde_json::from_str(text).ok()
}

/// Of several in one text. Those that cannot be read are left out.
pub fn list_from_json(text: &str) -> Vec<Trace> {
    let list: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    list.into_iter().filter_map(|trace| serde_json::from_value(trace).ok()).collect()
}

/// Keeps a trace with its session, and of older ones the newest. It fails no login: where the session ended in this
/// moment, or the database does not answer, there is one trace less.
pub async fn keep(db: &impl ConnectionTrait, session_id: &str, trace: &Trace) {
    if let Err(error) = insert(db, session_id, trace).await {
        tracing::info!(%error, "a trace was not kept");
    }
}

async fn insert(db: &impl ConnectionTrait, session_id: &str, trace: &Trace) -> Result<()> {
    let row = entity::ActiveModel {
        id: NotSet,
        session_id: Set(session_id.to_owned()),
        trace: Set(to_json(trace)?),
    };
    entity::Entity::insert(row).exec_without_returning(db).await?;
    let oldest_kept: Option<i64> = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::SessionId.eq(session_id))
        .order_by_desc(entity::Column::Id)
        .offset(NEWEST - 1)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    if let Some(oldest) = oldest_kept {
        entity::Entity::delete_many()
            .filter(entity::Column::SessionId.eq(session_id))
            .filter(entity::Column::Id.lt(oldest))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// The newest first.
pub async fn of_session(db: &impl ConnectionTrait, session_id: &str) -> Result<Vec<Trace>> {
    let ids = [session_id.to_owned()];
    Ok(of_sessions(db, &ids).await?.remove(session_id).unwrap_or_default())
}

/// By the session's id, the newest first.
pub async fn of_sessions(
    db: &impl ConnectionTrait,
    session_ids: &[String],
) -> Result<HashMap<String, Vec<Trace>>> {
    let rows: Vec<(String, String)> = entity::Entity::find()
        .select_only()
        .columns([entity::Column::SessionId, entity::Column::Trace])
        .filter(entity::Column::SessionId.is_in(session_ids))
        .order_by_desc(entity::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut traces: HashMap<String, Vec<Trace>> = HashMap::new();
    for (session_id, trace) in rows {
        traces.entry(session_id).or_default().extend(from_json(&trace));
    }
    Ok(traces)
}
