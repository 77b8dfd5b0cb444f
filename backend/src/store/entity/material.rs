//! Something of a campaign that replies can point to.

#![expect(
    missing_docs,
    reason = "columns are described by the migration and the module of this name"
)]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{CampaignId, MaterialId},
    material::MaterialKind,
    template::Variant,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "material")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MaterialId,
    pub campaign_id: CampaignId,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub variant: Variant,
    pub kind: MaterialKind,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub link: String,
    pub created_at: i64,
    pub retired_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
