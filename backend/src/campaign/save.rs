//! Adding and changing campaigns, with the ads and posts that belong to them.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::app::App;
use crate::campaign::plan::Run;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::CampaignId;
use crate::store::Error;
use crate::store::entity::{ad, campaign, comment, connector, post};

/// Why a campaign was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignRefused {
    /// There is no such campaign.
    Absent,
    /// Another campaign has this name.
    Taken,
    /// There is no connector of this name.
    NoConnector(String),
}

/// An ad of a campaign.
#[derive(Debug, Clone)]
pub struct SaveAd {
    /// The connector whose account it runs on.
    pub connector: String,
    /// The platform's id.
    pub external_id: String,
    /// Title.
    pub title: Option<String>,
    /// Language it is written in.
    pub language: Option<String>,
    /// When it runs and whom it is to reach; none leaves what is known.
    pub run: Option<Run>,
    /// Who answers for it; none leaves what is known.
    pub owner: Option<String>,
}

/// A post of a campaign.
#[derive(Debug, Clone)]
pub struct SavePost {
    /// The connector whose account published it.
    pub connector: String,
    /// The platform's id.
    pub external_id: String,
    /// The ad it backs.
    pub ad: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Language it is written in.
    pub language: Option<String>,
}

/// Adds a campaign, or changes one. Ads and posts named are added to it; others stay.
#[derive(Debug, Clone)]
pub struct SaveCampaign {
    /// Which; none for a new one.
    pub id: Option<CampaignId>,
    /// Its name.
    pub name: String,
    /// Ads.
    pub ads: Vec<SaveAd>,
    /// Posts.
    pub posts: Vec<SavePost>,
    /// Who does it.
    pub by: Actor,
}

impl Step for SaveCampaign {
    type Out = campaign::Model;
    type Refusal = CampaignRefused;

    async fn run(&self, change: &mut Change) -> Result<campaign::Model, Failure<CampaignRefused>> {
        let row = self.checked(change).await?;
        let key = OnConflict::column(campaign::Column::Id)
            .update_column(campaign::Column::Name)
            .to_owned();
        change.later(&campaign::Entity::insert(row.clone().into_active_model()).on_conflict(key));
        self.write_ads(change, row.id);
        self.write_posts(change, row.id);
        // Comments that came in before the desk knew what they stand under learn it now.
        for post in &self.posts {
            know(change, row.id, &post.connector, &post.external_id);
        }
        for ad in &self.ads {
            let backed = post::Entity::find()
                .filter(post::Column::Connector.eq(&ad.connector))
                .filter(post::Column::Ad.eq(&ad.external_id))
                .limit(200)
                .all(change.read())
                .await?;
            for post in backed {
                know(change, row.id, &post.connector, &post.external_id);
            }
        }
        let what = if self.id.is_some() { "changed" } else { "added" };
        let data = json!({ "campaign": row.id, "what": what, "ads": self.ads.len(), "posts": self.posts.len() });
        change.note(EventKind::CampaignChanged, None, self.by, data);
        Ok(row)
    }
}

impl SaveCampaign {
    async fn checked(&self, change: &Change) -> Result<campaign::Model, Failure<CampaignRefused>> {
        let known = match self.id {
            Some(id) => Some(
                campaign::Entity::find_by_id(id)
                    .one(change.read())
                    .await?
                    .ok_or(Failure::Refused(CampaignRefused::Absent))?,
            ),
            None => None,
        };
        let id = known.as_ref().map_or_else(|| change.id(), |row| row.id);
        let same_name = campaign::Entity::find()
            .filter(campaign::Column::Name.eq(&self.name))
            .filter(campaign::Column::Id.ne(id))
            .count(change.read())
            .await?;
        if same_name > 0 {
            return Err(Failure::Refused(CampaignRefused::Taken));
        }
        let named = self.ads.iter().map(|ad| &ad.connector);
        let mut named: Vec<&String> = named.chain(self.posts.iter().map(|post| &post.connector)).collect();
        named.sort_unstable();
        named.dedup();
        for name in named {
            let known = connector::Entity::find_by_id(name.as_str()).one(change.read()).await?;
            if known.is_none() {
                return Err(Failure::Refused(CampaignRefused::NoConnector(name.clone())));
            }
        }
        Ok(campaign::Model {
            id,
            name: self.name.clone(),
            created_at: known.map_or_else(|| change.now_ms(), |row| row.created_at),
        })
    }

    fn write_ads(&self, change: &mut Change, id: CampaignId) {
        let now = change.now_ms();
        for ad in &self.ads {
            let row = ad::Model {
                connector: ad.connector.clone(),
                external_id: ad.external_id.clone(),
                campaign_id: Some(id),
                title: ad.title.clone(),
                language: ad.language.clone(),
                created_at: now,
                starts_at: ad.run.map(|run| run.starts_at),
                ends_at: ad.run.map(|run| run.ends_at),
                reach: ad.run.map(|run| run.reach),
                owner: ad.owner.clone(),
            };
            let mut columns = vec![ad::Column::CampaignId];
            if ad.run.is_some() {
                columns.extend([ad::Column::StartsAt, ad::Column::EndsAt, ad::Column::Reach]);
            }
            columns.extend(ad.owner.as_ref().map(|_| ad::Column::Owner));
            columns.extend(ad.title.as_ref().map(|_| ad::Column::Title));
            columns.extend(ad.language.as_ref().map(|_| ad::Column::Language));
            let key = OnConflict::columns([ad::Column::Connector, ad::Column::ExternalId])
                .update_columns(columns)
                .to_owned();
            change.later(&ad::Entity::insert(row.into_active_model()).on_conflict(key));
        }
    }

    fn write_posts(&self, change: &mut Change, id: CampaignId) {
        let now = change.now_ms();
        for post in &self.posts {
            let row = post::Model {
                connector: post.connector.clone(),
                external_id: post.external_id.clone(),
                campaign_id: Some(id),
                ad: post.ad.clone(),
                title: post.title.clone(),
                language: post.language.clone(),
                permalink: None,
                removed_at: None,
                created_at: now,
            };
            let mut columns = vec![post::Column::CampaignId];
            columns.extend(post.ad.as_ref().map(|_| post::Column::Ad));
            columns.extend(post.title.as_ref().map(|_| post::Column::Title));
            columns.extend(post.language.as_ref().map(|_| post::Column::Language));
            let key = OnConflict::columns([post::Column::Connector, post::Column::ExternalId])
                .update_columns(columns)
                .to_owned();
            change.later(&post::Entity::insert(row.into_active_model()).on_conflict(key));
        }
    }
}

fn know(change: &mut Change, id: CampaignId, connector: &str, post: &str) {
    change.later(
        &comment::Entity::update_many()
            .col_expr(comment::Column::CampaignId, Expr::value(id))
            .filter(comment::Column::Connector.eq(connector))
            .filter(comment::Column::Post.eq(post))
            .filter(comment::Column::CampaignId.is_null()),
    );
}

/// Saves a campaign and has the desk know its ads and posts.
///
/// # Errors
/// What the step refuses, or why the database could not.
pub async fn save(app: &App, step: SaveCampaign) -> Result<campaign::Model, Failure<CampaignRefused>> {
    let row = app.writer.change(step).await?;
    app.posts.load(app.db.reader()).await?;
    Ok(row)
}

/// A campaign with what belongs to it.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// The campaign.
    pub row: campaign::Model,
    /// Its ads.
    pub ads: Vec<ad::Model>,
    /// Its posts, newest first, at most 200.
    pub posts: Vec<post::Model>,
}

/// Campaigns, newest first, at most `limit`, made before `before`.
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App, limit: u64, before: Option<CampaignId>) -> Result<Vec<Campaign>, Error> {
    // Identifiers rise with time, so they are order and cursor in one.
    let mut found = campaign::Entity::find().order_by_desc(campaign::Column::Id);
    if let Some(before) = before {
        found = found.filter(campaign::Column::Id.lt(before));
    }
    let mut all = Vec::new();
    for row in found.limit(limit).all(app.db.reader()).await? {
        all.push(whole(app, row).await?);
    }
    Ok(all)
}

/// A campaign by its identifier.
///
/// # Errors
/// Any [`Error`].
pub async fn one(app: &App, id: CampaignId) -> Result<Option<Campaign>, Error> {
    match campaign::Entity::find_by_id(id).one(app.db.reader()).await? {
        Some(row) => whole(app, row).await.map(Some),
        None => Ok(None),
    }
}

async fn whole(app: &App, row: campaign::Model) -> Result<Campaign, Error> {
    let ads = ad::Entity::find()
        .filter(ad::Column::CampaignId.eq(row.id))
        .order_by_asc(ad::Column::Connector)
        .order_by_asc(ad::Column::ExternalId)
        .limit(200)
        .all(app.db.reader())
        .await?;
    let posts = post::Entity::find()
        .filter(post::Column::CampaignId.eq(row.id))
        .order_by_desc(post::Column::CreatedAt)
        .limit(200)
        .all(app.db.reader())
        .await?;
    Ok(Campaign { row, ads, posts })
}
