//! YouTube and TikTok of the demonstration: platforms that are read, with the videos that carry the campaign.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::campaign::connect;
use crate::account::SaveAccount;
use crate::app::App;
use crate::cli::Failed;
use crate::clock::{self, Clock};
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::platform::{ConnectorState, Platform};
use crate::person::secret;
use crate::standin::{Entry, Hand, Standing, TiktokStandin, YoutubeStandin};
use crate::store::Error;
use crate::store::entity::comment;

const CHANNEL: &str = "UCexempelmyndigheten0001";
const ADVERTISER: &str = "7410000000000000011";

/// A video and what it is to the campaign.
pub(super) struct Video {
    pub connector: &'static str,
    pub id: &'static str,
    pub ad: &'static str,
    pub language: &'static str,
}

/// Every video. TikTok tells the ad with each comment; its stand-in gives every video one.
pub(super) const VIDEOS: &[Video] = &[
    Video {
        connector: "youtube",
        id: "kFaktaLVUsv",
        ad: "youtube-ad-sv",
        language: "sv",
    },
    Video {
        connector: "youtube",
        id: "kFaktaLVUar",
        ad: "youtube-ad-ar",
        language: "ar",
    },
    Video {
        connector: "tiktok",
        id: "7500000000000000101",
        ad: "75000000000000001011",
        language: "sv",
    },
    Video {
        connector: "tiktok",
        id: "7500000000000000102",
        ad: "75000000000000001021",
        language: "ar",
    },
];

/// Both platforms, running.
pub(super) struct Videos {
    youtube: YoutubeStandin,
    tiktok: TiktokStandin,
    token: String,
}

impl Videos {
    /// Starts them; comments are numbered from `first`.
    pub(super) fn start(clock: &Arc<dyn Clock>, first: u64) -> Result<Self, Failed> {
        let token = secret::make()?;
        let told = Arc::clone(clock);
        let now: crate::standin::Clock = Arc::new(move || told.now());
        let youtube = YoutubeStandin::start(Arc::clone(&now), CHANNEL, &token)?;
        let tiktok = TiktokStandin::start(now, ADVERTISER, &token)?;
        youtube.number_from(first);
        tiktok.number_from(first);
        Ok(Self { youtube, tiktok, token })
    }

    /// Connects the desk to them and puts back what a kept desk knows.
    pub(super) async fn ready(&self, app: &App) -> Result<(), Failed> {
        let youtube = SaveAccount {
            platform: Platform::Youtube,
            account: Some(CHANNEL.into()),
            api_url: Some(self.youtube.api_url()),
            app_secret: Some("client-secret".into()),
            access_token: Some(self.token.clone()),
            refresh_token: Some("refresh-demo".into()),
            // A demonstration is over before the units of a day are.
            settings: Some(
                json!({ "token_url": self.youtube.token_url(), "every_s": 5, "daily_units": 100_000 }).to_string(),
            ),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand("youtube")
        };
        let tiktok = SaveAccount {
            platform: Platform::Tiktok,
            account: Some(ADVERTISER.into()),
            api_url: Some(self.tiktok.api_url()),
            access_token: Some(self.token.clone()),
            settings: Some(json!({ "api": "ads", "every_s": 5 }).to_string()),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand("tiktok")
        };
        connect(app, youtube).await?;
        connect(app, tiktok).await?;
        for name in ["youtube", "tiktok"] {
            restore(app, name, self.hand(name)).await?;
        }
        Ok(())
    }

    /// The platform behind a connector.
    fn hand(&self, connector: &str) -> &Hand {
        if connector == "youtube" {
            &self.youtube
        } else {
            &self.tiktok
        }
    }

    /// What the contract's line says of them.
    pub(super) fn announced(&self) -> [Value; 2] {
        let line = |name: &str, platform: Platform, api: String, page: &str, account: &str| {
            let of = VIDEOS.iter().filter(|video| video.connector == name);
            let posts: Vec<&str> = of.map(|video| video.id).collect();
            json!({
                "connector": name, "platform": platform, "api": api, "page": page, "webhook_secret": "",
                "account": account, "access_token": self.token, "posts": posts,
            })
        };
        let [youtube, tiktok] = self.pages();
        [
            line("youtube", Platform::Youtube, self.youtube.api_url(), &youtube, CHANNEL),
            line("tiktok", Platform::Tiktok, self.tiktok.api_url(), &tiktok, ADVERTISER),
        ]
    }

    /// Where people look at them.
    pub(super) fn pages(&self) -> [String; 2] {
        [format!("{}/", self.youtube.url()), format!("{}/", self.tiktok.url())]
    }

    /// Where the public writes.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        VIDEOS.iter().map(|video| Place {
            hand: self.hand(video.connector),
            under: video.id,
            language: video.language,
            greeting: "",
        })
    }
}

/// Somewhere that the public writes on a platform that is read.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub hand: &'a Hand,
    /// The video or post.
    pub under: &'static str,
    pub language: &'static str,
    /// What everybody begins with there.
    pub greeting: &'static str,
}

/// Puts back on a platform what a kept desk knows of it.
pub(super) async fn restore(app: &App, name: &str, hand: &Hand) -> Result<(), Error> {
    let kept = comment::Entity::find()
        .filter(comment::Column::Connector.eq(name))
        .filter(comment::Column::State.ne(CommentState::Withdrawn))
        .order_by_asc(comment::Column::Number)
        .all(app.db.reader())
        .await?;
    for row in kept {
        let at = clock::from_ms(row.written_at);
        hand.restore(Entry {
            id: row.external_id,
            video: row.post.unwrap_or_default(),
            parent: row.parent,
            author: row.author_id.unwrap_or_default(),
            name: row.author_handle.or(row.author_name).unwrap_or_default(),
            text: row.text.unwrap_or_default(),
            standing: match row.visibility {
                Visibility::Visible => Standing::Public,
                Visibility::Hidden => Standing::Hidden,
            },
            at,
            edited_at: at,
        });
    }
    Ok(())
}
