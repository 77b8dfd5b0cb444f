//! A person's correction of one revision of a comment, kept to learn from.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::id::{CommentId, ExampleId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "example")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExampleId,
    pub comment_id: CommentId,
    pub revision: i32,
    #[sea_orm(column_type = "Text")]
    pub labels: String,
    #[sea_orm(column_type = "Text")]
    pub looked_at: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    pub kept_by: PersonId,
    pub kept_at: i64,
    pub taken_back_by: Option<PersonId>,
    pub taken_back_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
