//! One story that comments retell, with its figures as last counted.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::id::{CommentId, StoryId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoryId,
    pub example: Option<CommentId>,
    pub size: i32,
    pub accounts: i32,
    #[sea_orm(column_type = "Text")]
    pub languages: String,
    #[sea_orm(column_type = "Text")]
    pub platforms: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub burst: Option<String>,
    pub first_at: i64,
    pub last_at: i64,
    pub last_number: i64,
    pub merged_into: Option<StoryId>,
    pub split_from: Option<StoryId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
