//! An ad and the campaign it belongs to.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::id::CampaignId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ad")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connector: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub campaign_id: Option<CampaignId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub language: Option<String>,
    pub created_at: i64,
    pub starts_at: Option<i64>,
    pub ends_at: Option<i64>,
    pub reach: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub owner: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
