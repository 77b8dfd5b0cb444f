//! One version of one language variant of a template.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{PersonId, VersionId},
    template::TemplateState,
    template::Variant,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VersionId,
    #[sea_orm(column_type = "Text")]
    pub template_key: String,
    pub variant: Variant,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub short: String,
    #[sea_orm(column_type = "Text")]
    pub long: String,
    pub state: TemplateState,
    pub written_by: Option<PersonId>,
    pub written_at: i64,
    pub submitted_by: Option<PersonId>,
    pub submitted_at: Option<i64>,
    pub approved_by: Option<PersonId>,
    pub approved_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub expires_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
