//! What came in one local day and what became of it, by lane, language, platform, narrative and campaign.
//!
//! A row without a narrative counts every comment once; a comment of two narratives is in two rows beside it.

#![expect(
    missing_docs,
    reason = "columns are described by the migration and the module of this name"
)]

use sea_orm::entity::prelude::*;

use crate::domain::{lane::Lane, platform::Platform};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "daily")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lane: Lane,
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub platform: Platform,
    #[sea_orm(primary_key, auto_increment = false)]
    pub narrative: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    pub arrived: i32,
    pub urgent: i32,
    pub answered: i32,
    pub hidden: i32,
    pub let_be: i32,
    pub withdrawn: i32,
    pub in_5: i32,
    pub in_15: i32,
    pub in_30: i32,
    pub in_60: i32,
    pub in_120: i32,
    pub in_240: i32,
    pub in_480: i32,
    pub in_1440: i32,
    pub in_more: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
