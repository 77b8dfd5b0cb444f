//! One numbered fact about the desk.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{event::EventKind, id::CommentId, lane::Lane};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    pub kind: EventKind,
    pub comment_id: Option<CommentId>,
    pub lane: Option<Lane>,
    #[sea_orm(column_type = "Text", nullable)]
    pub actor: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub data: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
