//! Bluesky and Mastodon of the demonstration: platforms that tell over a socket, with the posts that carry the campaign.
//! No ads exist there.

use std::sync::Arc;

use serde_json::{Value, json};

use super::campaign::connect;
use super::videos::{Place, restore};
use crate::account::SaveAccount;
use crate::app::App;
use crate::cli::Failed;
use crate::clock::Clock;
use crate::domain::platform::{ConnectorState, Platform};
use crate::person::secret;
use crate::standin::{self, BlueskyStandin, Hand, MastodonStandin};

const DID: &str = "did:plc:exempelmyndigheten234567";
const ACCOUNT: &str = "110000000000000017";
const USERNAME: &str = "exempelmyndigheten";
/// Whoever answers on Mastodon names the account: what names nobody is not told.
const GREETING: &str = "@exempelmyndigheten ";

/// A post of the authority's own.
pub(super) struct Post {
    pub connector: &'static str,
    pub id: &'static str,
    pub language: &'static str,
    text: &'static str,
}

const SV: &str = "Vad är LVU, och vem bestämmer? Här är fakta om hur socialtjänsten arbetar med barn och familjer.";
const AR: &str = "ما هو قانون LVU ومن الذي يقرر؟ هنا حقائق عن عمل الخدمات الاجتماعية مع الأطفال والعائلات.";
const EN: &str = "What is LVU, and who decides? Facts about how the social services work with children and families.";

/// Every post.
pub(super) const POSTS: &[Post] = &[
    Post {
        connector: "bluesky",
        id: "at://did:plc:exempelmyndigheten234567/app.bsky.feed.post/3n2faktalvu2s",
        language: "sv",
        text: SV,
    },
    Post {
        connector: "bluesky",
        id: "at://did:plc:exempelmyndigheten234567/app.bsky.feed.post/3n2faktalvu2e",
        language: "en",
        text: EN,
    },
    Post {
        connector: "mastodon",
        id: "115400000000000101",
        language: "sv",
        text: SV,
    },
    Post {
        connector: "mastodon",
        id: "115400000000000102",
        language: "ar",
        text: AR,
    },
];

/// Both platforms, running.
pub(super) struct Posts {
    bluesky: BlueskyStandin,
    mastodon: MastodonStandin,
    token: String,
}

impl Posts {
    /// Starts them; comments are numbered from `first`.
    pub(super) fn start(clock: &Arc<dyn Clock>, first: u64) -> Result<Self, Failed> {
        let token = secret::make()?;
        let told = Arc::clone(clock);
        let now: standin::Clock = Arc::new(move || told.now());
        let bluesky = BlueskyStandin::start(Arc::clone(&now), DID, &token)?;
        let mastodon = MastodonStandin::start(now, ACCOUNT, USERNAME, &token)?;
        bluesky.number_from(first);
        mastodon.number_from(first);
        for post in POSTS.iter().filter(|post| post.connector == "mastodon") {
            mastodon.publish(post.id, post.text);
        }
        Ok(Self {
            bluesky,
            mastodon,
            token,
        })
    }

    /// Connects the desk to them and puts back what a kept desk knows.
    pub(super) async fn ready(&self, app: &App) -> Result<(), Failed> {
        let settings = |own: Value| {
            let mut settings = json!({ "every_s": 5 });
            if let (Some(all), Value::Object(own)) = (settings.as_object_mut(), own) {
                all.extend(own);
            }
            Some(settings.to_string())
        };
        let bluesky = SaveAccount {
            platform: Platform::Bluesky,
            account: Some(DID.into()),
            api_url: Some(self.bluesky.api_url()),
            access_token: Some(self.token.clone()),
            refresh_token: Some(self.bluesky.refresh_token()),
            settings: settings(json!({ "posts": ids("bluesky"), "stream_url": self.bluesky.stream_url() })),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand("bluesky")
        };
        let mastodon = SaveAccount {
            platform: Platform::Mastodon,
            account: Some(ACCOUNT.into()),
            api_url: Some(self.mastodon.url()),
            access_token: Some(self.token.clone()),
            settings: settings(json!({ "statuses": ids("mastodon"), "streaming_url": self.mastodon.streaming_url() })),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand("mastodon")
        };
        connect(app, bluesky).await?;
        connect(app, mastodon).await?;
        restore(app, "bluesky", &self.bluesky).await?;
        restore(app, "mastodon", &self.mastodon).await?;
        Ok(())
    }

    /// Where the public writes.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        POSTS.iter().map(|post| {
            let (hand, greeting): (&Hand, _) = match post.connector {
                "bluesky" => (&self.bluesky, ""),
                _ => (&self.mastodon, GREETING),
            };
            Place {
                hand,
                under: post.id,
                language: post.language,
                greeting,
            }
        })
    }

    /// What the contract's line says of them.
    pub(super) fn announced(&self) -> [Value; 2] {
        let [bluesky, mastodon] = self.pages();
        [
            json!({
                "connector": "bluesky", "platform": Platform::Bluesky, "api": self.bluesky.api_url(), "page": bluesky,
                "webhook_secret": "", "account": DID, "access_token": self.token,
                "refresh_token": self.bluesky.refresh_token(), "stream": self.bluesky.stream_url(),
                "posts": ids("bluesky"),
            }),
            json!({
                "connector": "mastodon", "platform": Platform::Mastodon, "api": self.mastodon.url(), "page": mastodon,
                "webhook_secret": "", "account": ACCOUNT, "access_token": self.token,
                "stream": self.mastodon.streaming_url(), "posts": ids("mastodon"),
            }),
        ]
    }

    /// Where people look at them.
    pub(super) fn pages(&self) -> [String; 2] {
        [format!("{}/", self.bluesky.url()), format!("{}/", self.mastodon.url())]
    }
}

fn ids(connector: &str) -> Vec<&'static str> {
    let of = POSTS.iter().filter(|post| post.connector == connector);
    of.map(|post| post.id).collect()
}
