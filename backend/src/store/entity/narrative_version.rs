//! One version of a narrative of the codebook, as people write it.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{NarrativeVersionId, PersonId},
    narrative::NarrativeState,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "narrative_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NarrativeVersionId,
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    pub version: i32,
    pub state: NarrativeState,
    #[sea_orm(column_type = "Text")]
    pub titles: String,
    #[sea_orm(column_type = "Text")]
    pub definition: String,
    #[sea_orm(column_type = "Text")]
    pub phrases: String,
    #[sea_orm(column_type = "Text")]
    pub hints: String,
    #[sea_orm(column_type = "Text")]
    pub examples: String,
    #[sea_orm(column_type = "Text")]
    pub counter_examples: String,
    pub retired: bool,
    pub written_by: PersonId,
    pub written_at: i64,
    pub tested_at: Option<i64>,
    pub published_by: Option<PersonId>,
    pub published_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
