//! A wave: more of a narrative in a lane than is expected.

#![expect(
    missing_docs,
    reason = "columns are described by the migration and the module of this name"
)]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{StoryId, WaveId},
    lane::Lane,
    platform::Platform,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wave")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaveId,
    pub lane: Lane,
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    pub platform: Option<Platform>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ad: Option<String>,
    pub story: Option<StoryId>,
    pub since: i64,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub came: i32,
    pub expected_milli: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
