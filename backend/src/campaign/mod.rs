//! What comments stand under: posts, ads and the campaign they belong to. Kept in memory, since every comment asks.

pub mod material;
pub mod plan;
pub mod save;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{ConnectionTrait, EntityTrait};

use crate::domain::id::CampaignId;
use crate::store::Error;
use crate::store::entity::{ad, post};

/// What is known of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// Its campaign, once the ad is known.
    pub campaign: Option<CampaignId>,
    /// The ad it backs.
    pub ad: Option<String>,
    /// The language it is written in.
    pub language: Option<String>,
    /// What it says, or the ad's title.
    pub title: Option<String>,
    /// Gone from the platform.
    pub removed: bool,
}

type Key = (Arc<str>, String);

/// Every post and ad the desk knows.
#[derive(Debug, Default)]
pub struct Posts {
    posts: RwLock<HashMap<Key, Post>>,
    ads: RwLock<HashMap<Key, Post>>,
}

impl Posts {
    /// Reads all of them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn load(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        for row in ad::Entity::find().all(db).await? {
            let known = Post {
                campaign: row.campaign_id,
                ad: Some(row.external_id.clone()),
                language: row.language,
                title: row.title,
                removed: false,
            };
            self.know_ad(&row.connector, &row.external_id, known);
        }
        for row in post::Entity::find().all(db).await? {
            let known = Post {
                campaign: row.campaign_id,
                ad: row.ad,
                language: row.language,
                title: row.title,
                removed: row.removed_at.is_some(),
            };
            self.know(&row.connector, &row.external_id, known);
        }
        Ok(())
    }

    /// What is known of a post; its ad speaks where the post itself does not.
    #[must_use]
    pub fn of(&self, connector: &str, post: Option<&str>, ad: Option<&str>) -> Option<Post> {
        let found = post.and_then(|post| {
            self.posts
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&(connector.into(), post.to_owned()))
                .cloned()
        });
        let ad = ad
            .map(str::to_owned)
            .or_else(|| found.as_ref().and_then(|post| post.ad.clone()));
        let advertised = ad.and_then(|ad| {
            self.ads
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&(connector.into(), ad))
                .cloned()
        });
        match (found, advertised) {
            (Some(post), Some(ad)) => Some(Post {
                campaign: post.campaign.or(ad.campaign),
                ad: post.ad.or(ad.ad),
                language: post.language.or(ad.language),
                title: post.title.or(ad.title),
                removed: post.removed,
            }),
            (post, ad) => post.or(ad),
        }
    }

    /// Whether the post has been seen before.
    #[must_use]
    pub fn is_known(&self, connector: &str, post: &str) -> bool {
        self.posts
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&(connector.into(), post.to_owned()))
    }

    /// Remembers a post.
    pub fn know(&self, connector: &str, post: &str, known: Post) {
        self.posts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((connector.into(), post.to_owned()), known);
    }

    /// Remembers an ad.
    pub fn know_ad(&self, connector: &str, ad: &str, known: Post) {
        self.ads
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((connector.into(), ad.to_owned()), known);
    }

    /// Remembers that a post is gone.
    pub fn forget(&self, connector: &str, post: &str) {
        let mut posts = self.posts.write().unwrap_or_else(PoisonError::into_inner);
        posts.entry((connector.into(), post.to_owned())).or_default().removed = true;
    }
}
