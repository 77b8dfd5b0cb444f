//! One external comment.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    comment::CommentState,
    comment::Presence,
    comment::Visibility,
    id::{CampaignId, CommentId, PersonId, StoryId},
    lane::Lane,
    platform::Platform,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    pub number: i64,
    #[sea_orm(column_type = "Text")]
    pub connector: String,
    pub platform: Platform,
    #[sea_orm(column_type = "Text")]
    pub external_id: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub parent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub post: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ad: Option<String>,
    pub campaign_id: Option<CampaignId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub author_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub author_handle: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub author_name: Option<String>,
    pub own: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub attachments: Option<String>,
    pub revision: i32,
    pub text_at: i64,
    pub visibility: Visibility,
    pub visibility_at: i64,
    pub presence: Presence,
    pub state: CommentState,
    pub lane: Lane,
    #[sea_orm(column_type = "Text")]
    pub tags: String,
    #[sea_orm(column_type = "Text")]
    pub labels: String,
    pub urgent: bool,
    pub severity: i32,
    pub due_at: i64,
    pub written_at: i64,
    pub opened_at: i64,
    pub claimed_by: Option<PersonId>,
    pub claimed_until: Option<i64>,
    pub decided_at: Option<i64>,
    pub story: Option<StoryId>,
    pub story_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
