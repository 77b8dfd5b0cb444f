//! Ads tied to what they show, so that a comment under a post knows its ad and its campaign, also when the ad is learnt
//! after the comment (Marketing API, `effective_object_story_id` and `effective_instagram_media_id`).
//!
//! A campaign of the platform is the desk's campaign of the same name, or the one that its other ads are in already, or a
//! new one. What people tied stays as it is. A post that several ads show belongs to none of them alone, and to a campaign
//! only when all of them do: the platform does not say from which ad somebody came.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

use super::row::change;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::connector::reading::Advert;
use crate::domain::event::EventKind;
use crate::domain::id::CampaignId;
use crate::store::Error;
use crate::store::entity::{ad, campaign, comment, post};

/// Longest name taken over from a platform, in characters.
const LONGEST_NAME: usize = 200;
/// Identifiers asked for at once.
const AT_ONCE: usize = 500;

/// Ties ads to what they show; nothing is written where all of it is known.
///
/// # Errors
/// Any [`Error`].
pub(super) async fn tie(app: &App, connector: &Arc<str>, adverts: Vec<Advert>) -> Result<(), Error> {
    if adverts.is_empty() {
        return Ok(());
    }
    let step = Tie {
        connector: Arc::clone(connector),
        adverts,
    };
    if change(app, step).await? {
        app.posts.load(app.db.reader()).await?;
    }
    Ok(())
}

struct Tie {
    connector: Arc<str>,
    adverts: Vec<Advert>,
}

/// How many ads and posts a campaign learnt of.
type Touched = BTreeMap<CampaignId, (usize, usize)>;

impl Step for Tie {
    type Out = bool;
    type Refusal = Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Infallible>> {
        let known = self.known_ads(change).await?;
        let campaigns = self.campaigns(change, &known).await?;
        let mut touched = Touched::new();
        let ads = self.ads(change, &known, &campaigns, &mut touched);
        self.posts(change, &ads, &mut touched).await?;
        self.comments_of_ads(change, &ads, &mut touched).await?;
        for (campaign, (ads, posts)) in &touched {
            let data = json!({ "campaign": campaign, "what": "tied", "ads": ads, "posts": posts });
            change.note(EventKind::CampaignChanged, None, Actor::Desk, data);
        }
        Ok(!touched.is_empty())
    }
}

impl Tie {
    async fn known_ads(&self, change: &Change) -> Result<HashMap<String, ad::Model>, Error> {
        let ids: Vec<&str> = self.adverts.iter().map(|advert| advert.id.as_str()).collect();
        let mut known = HashMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let rows = ad::Entity::find()
                .filter(ad::Column::Connector.eq(&*self.connector))
                .filter(ad::Column::ExternalId.is_in(ids.iter().copied()))
                .all(change.read())
                .await?;
            known.extend(rows.into_iter().map(|row| (row.external_id.clone(), row)));
        }
        Ok(known)
    }

    /// The desk's campaign of each of the platform's that has an ad in none.
    async fn campaigns<'a>(
        &'a self,
        change: &mut Change,
        known: &HashMap<String, ad::Model>,
    ) -> Result<HashMap<&'a str, CampaignId>, Error> {
        let campaign_of = |advert: &Advert| known.get(&advert.id).and_then(|row| row.campaign_id);
        let mut wanted: BTreeMap<&str, String> = BTreeMap::new();
        for advert in self.adverts.iter().filter(|advert| campaign_of(advert).is_none()) {
            let id = advert.campaign.as_str();
            wanted.entry(id).or_insert_with(|| {
                let name = advert.campaign_name.as_deref().map(one_line).unwrap_or_default();
                if name.is_empty() { id.to_owned() } else { name }
            });
        }
        let mut named: HashMap<String, CampaignId> = HashMap::new();
        let names: Vec<&String> = wanted.values().collect();
        for names in names.chunks(AT_ONCE) {
            let rows = campaign::Entity::find()
                .filter(campaign::Column::Name.is_in(names.iter().copied()))
                .all(change.read())
                .await?;
            named.extend(rows.into_iter().map(|row| (row.name, row.id)));
        }
        let mut found = HashMap::new();
        for (id, name) in wanted {
            // Renamed at the desk, its ads are still in it.
            let beside = || {
                let same = self.adverts.iter().filter(|advert| advert.campaign == id);
                same.filter_map(campaign_of).next()
            };
            let campaign = match named.get(&name).copied().or_else(beside) {
                Some(campaign) => campaign,
                None => {
                    let row = campaign::Model {
                        id: change.id(),
                        name: name.clone(),
                        created_at: change.now_ms(),
                    };
                    let made = row.id;
                    change.later(&campaign::Entity::insert(row.into_active_model()));
                    made
                }
            };
            named.insert(name, campaign);
            found.insert(id, campaign);
        }
        Ok(found)
    }

    /// Writes ads that are in no campaign yet; the campaign of every ad.
    fn ads<'a>(
        &'a self,
        change: &mut Change,
        known: &HashMap<String, ad::Model>,
        campaigns: &HashMap<&str, CampaignId>,
        touched: &mut Touched,
    ) -> BTreeMap<&'a str, CampaignId> {
        let mut ads = BTreeMap::new();
        for advert in &self.adverts {
            let row = known.get(&advert.id);
            let tied = row.and_then(|row| row.campaign_id);
            let Some(campaign) = tied.or_else(|| campaigns.get(advert.campaign.as_str()).copied()) else {
                continue;
            };
            if ads.insert(advert.id.as_str(), campaign).is_some() || tied.is_some() {
                continue;
            }
            let title = advert.name.as_deref().map(one_line).filter(|name| !name.is_empty());
            let new = ad::Model {
                connector: self.connector.to_string(),
                external_id: advert.id.clone(),
                campaign_id: Some(campaign),
                title: row.and_then(|row| row.title.clone()).or(title),
                language: None,
                created_at: change.now_ms(),
                starts_at: None,
                ends_at: None,
                reach: None,
                owner: None,
            };
            let key = OnConflict::columns([ad::Column::Connector, ad::Column::ExternalId])
                .update_columns([ad::Column::CampaignId, ad::Column::Title])
                .to_owned();
            change.later(&ad::Entity::insert(new.into_active_model()).on_conflict(key));
            touched.entry(campaign).or_default().0 += 1;
        }
        ads
    }

    /// Writes what posts did not know, and what the comments under them did not.
    async fn posts(
        &self,
        change: &mut Change,
        ads: &BTreeMap<&str, CampaignId>,
        touched: &mut Touched,
    ) -> Result<(), Error> {
        let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for advert in &self.adverts {
            shown.entry(&advert.shows).or_default().insert(&advert.id);
        }
        let known = self.known_posts(change, &shown).await?;
        let ids: Vec<&str> = shown.keys().copied().collect();
        let no_ad = self
            .lacking(change, comment::Column::Post, &ids, comment::Column::Ad)
            .await?;
        let no_campaign = self
            .lacking(change, comment::Column::Post, &ids, comment::Column::CampaignId)
            .await?;
        for (id, by) in shown {
            let row = known.get(id);
            let campaign = row
                .and_then(|row| row.campaign_id)
                .or_else(|| only(by.iter().filter_map(|ad| ads.get(ad).copied())));
            let one = row
                .and_then(|row| row.ad.clone())
                .or_else(|| only(by.iter().map(|ad| (*ad).to_owned())));
            let Some(campaign) = campaign else { continue };
            let is_new = row.is_none_or(|row| row.campaign_id.is_none() || row.ad != one);
            if is_new {
                self.write_post(change, id, one.clone(), campaign);
            }
            let by_post = comment::Column::Post;
            if let Some(one) = one.filter(|_| no_ad.contains(id)) {
                self.fill(change, by_post, id, comment::Column::Ad, Expr::value(one));
            }
            if no_campaign.contains(id) {
                self.fill(change, by_post, id, comment::Column::CampaignId, Expr::value(campaign));
            }
            if is_new || no_campaign.contains(id) {
                touched.entry(campaign).or_default().1 += 1;
            }
        }
        Ok(())
    }

    async fn known_posts(
        &self,
        change: &Change,
        shown: &BTreeMap<&str, BTreeSet<&str>>,
    ) -> Result<HashMap<String, post::Model>, Error> {
        let ids: Vec<&str> = shown.keys().copied().collect();
        let mut known = HashMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let rows = post::Entity::find()
                .filter(post::Column::Connector.eq(&*self.connector))
                .filter(post::Column::ExternalId.is_in(ids.iter().copied()))
                .all(change.read())
                .await?;
            known.extend(rows.into_iter().map(|row| (row.external_id.clone(), row)));
        }
        Ok(known)
    }

    fn write_post(&self, change: &mut Change, id: &str, ad: Option<String>, campaign: CampaignId) {
        let row = post::Model {
            connector: self.connector.to_string(),
            external_id: id.to_owned(),
            campaign_id: Some(campaign),
            ad,
            title: None,
            language: None,
            permalink: None,
            removed_at: None,
            created_at: change.now_ms(),
        };
        let key = OnConflict::columns([post::Column::Connector, post::Column::ExternalId])
            .update_columns([post::Column::CampaignId, post::Column::Ad])
            .to_owned();
        change.later(&post::Entity::insert(row.into_active_model()).on_conflict(key));
    }

    /// Comments whose delivery named the ad: it is surer than the post.
    async fn comments_of_ads(
        &self,
        change: &mut Change,
        ads: &BTreeMap<&str, CampaignId>,
        touched: &mut Touched,
    ) -> Result<(), Error> {
        let ids: Vec<&str> = ads.keys().copied().collect();
        let (by, what) = (comment::Column::Ad, comment::Column::CampaignId);
        for id in self.lacking(change, by, &ids, what).await? {
            if let Some(campaign) = ads.get(id.as_str()) {
                self.fill(change, by, &id, what, Expr::value(*campaign));
                touched.entry(*campaign).or_default();
            }
        }
        Ok(())
    }

    /// Which of these have comments that do not know something.
    async fn lacking(
        &self,
        change: &Change,
        by: comment::Column,
        ids: &[&str],
        what: comment::Column,
    ) -> Result<BTreeSet<String>, Error> {
        let mut found = BTreeSet::new();
        for ids in ids.chunks(AT_ONCE) {
            let rows: Vec<String> = comment::Entity::find()
                .select_only()
                .column(by)
                .distinct()
                .filter(comment::Column::Connector.eq(&*self.connector))
                .filter(by.is_in(ids.iter().copied()))
                .filter(what.is_null())
                .into_tuple()
                .all(change.read())
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    fn fill(&self, change: &mut Change, by: comment::Column, id: &str, what: comment::Column, value: SimpleExpr) {
        change.later(
            &comment::Entity::update_many()
                .col_expr(what, value)
                .filter(comment::Column::Connector.eq(&*self.connector))
                .filter(by.eq(id))
                .filter(what.is_null()),
        );
    }
}

/// The one thing that all of them are.
fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// A platform's name on one line, cut where it is too long.
fn one_line(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    name.trim().to_owned()
}
