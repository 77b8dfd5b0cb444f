//! What was decided about a comment.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    decision::DecisionKind,
    decision::Ground,
    id::{CommentId, DecisionId, PersonId, VersionId},
    template::Variant,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    pub comment_id: CommentId,
    pub revision: i32,
    pub kind: DecisionKind,
    pub person_id: PersonId,
    pub ground: Option<Ground>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub template_key: Option<String>,
    pub version_id: Option<VersionId>,
    pub variant: Option<Variant>,
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub confirmed: Option<String>,
    pub made_at: i64,
    pub undo_until: Option<i64>,
    pub undone_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
