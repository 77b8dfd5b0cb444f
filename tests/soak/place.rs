//! The five platforms are set up, and the desk is connected to them.

use std::sync::Arc;

use klarsvar::account::{SaveAccount, save};
use klarsvar::clock::Clock;
use klarsvar::domain::platform::Platform;
use klarsvar::intake;
use klarsvar::standin::{Ad, BlueskyStandin, Holder, Post, Standin, StandinConfig, TiktokStandin, YoutubeStandin};
use serde_json::json;

use super::world::{Channel, PERIOD_S, Stand};
use crate::support::TestDesk;
use crate::support::graph::{FACEBOOK_PAGE, INSTAGRAM_ACCOUNT};
use crate::support::random::Random;

const AD_ACCOUNT: &str = "910000000000007";
const CHANNEL: &str = "UCexempel";
const ADVERTISER: &str = "7410000000000000011";
const DID: &str = "did:plc:bwo3lvww6gjr4ja72dn53dem";
const FIRST_TOKEN: &str = "token-0";

impl Channel {
    /// Connects the desk.
    async fn connects(&self, desk: &TestDesk) {
        let (api_url, refresh_token, more) = match &self.stand {
            Stand::Meta(standin) => (standin.api_url(), None, json!({ "ad_accounts": [AD_ACCOUNT] })),
            Stand::Youtube(standin) => (
                standin.api_url(),
                Some("refresh-1".to_owned()),
                json!({ "token_url": standin.token_url() }),
            ),
            Stand::Tiktok(standin) => (standin.api_url(), None, json!({})),
            Stand::Bluesky(standin) => (
                standin.api_url(),
                Some(standin.refresh_token()),
                json!({ "posts": self.posts, "langs": ["sv"] }),
            ),
        };
        let mut settings = more;
        settings["every_s"] = PERIOD_S.into();
        let step = SaveAccount {
            api_url: Some(api_url),
            access_token: Some(FIRST_TOKEN.to_owned()),
            refresh_token,
            ..self.account_with(Some(settings))
        };
        desk.runs(move |app| async move { save(&app, step).await.map(|_| ()) })
            .await
            .expect("a connector");
        if let Stand::Meta(standin) = &self.stand {
            standin.deliver_to(self.platform, &format!("{}/hooks/{}", desk.url(), self.name));
        }
    }
}

fn meta(platform: Platform, clock: klarsvar::standin::Clock, seed: u64) -> Stand {
    let facebook = platform == Platform::Facebook;
    let (account, posts) = if facebook {
        (FACEBOOK_PAGE, FACEBOOK_POSTS)
    } else {
        (INSTAGRAM_ACCOUNT, INSTAGRAM_POSTS)
    };
    let standin = Standin::start(StandinConfig::new(clock)).expect("a stand-in");
    standin.add_holder(Holder {
        platform,
        id: account.to_owned(),
        name: "myndigheten".to_owned(),
        token: FIRST_TOKEN.to_owned(),
        page: None,
    });
    for (n, post) in posts.into_iter().enumerate() {
        standin.add_post(Post {
            id: post.to_owned(),
            holder: account.to_owned(),
            text: "Vad är LVU?".to_owned(),
            dark: n == 1,
            ad: None,
        });
    }
    standin.add_ad(Ad {
        id: "120210000000000301".to_owned(),
        name: "LVU SV".to_owned(),
        ad_account: AD_ACCOUNT.to_owned(),
        adset_id: "120210000000000201".to_owned(),
        campaign: ("120210000000000102".to_owned(), "Fakta om LVU".to_owned()),
        post: facebook.then(|| posts[1].to_owned()),
        media: (!facebook).then(|| posts[1].to_owned()),
    });
    standin.set_flow(|flow| {
        (flow.lost, flow.redelivered, flow.reordered) = (10, 50, 30);
        flow.seed = seed;
        flow.first_wait = std::time::Duration::from_millis(10);
        flow.longest_wait = std::time::Duration::from_millis(200);
    });
    Stand::Meta(standin)
}

const FACEBOOK_POSTS: [&str; 2] = ["410000000000017_520000000000101", "410000000000017_520000000000102"];
const INSTAGRAM_POSTS: [&str; 2] = ["17990000000000001", "17990000000000002"];

/// Starts every platform and connects the desk to it.
pub async fn start(desk: &TestDesk, random: &mut Random) -> Vec<Channel> {
    let clock = Arc::clone(&desk.clock);
    let clock: klarsvar::standin::Clock = Arc::new(move || clock.now());
    let youtube = YoutubeStandin::start(Arc::clone(&clock), CHANNEL, FIRST_TOKEN).expect("a stand-in");
    let tiktok = TiktokStandin::start(Arc::clone(&clock), ADVERTISER, FIRST_TOKEN).expect("a stand-in");
    let bluesky = BlueskyStandin::start(Arc::clone(&clock), DID, FIRST_TOKEN).expect("a stand-in");
    let facebook = meta(Platform::Facebook, Arc::clone(&clock), random.below(u64::MAX));
    let instagram = meta(Platform::Instagram, clock, random.below(u64::MAX));
    let channels = vec![
        Channel::new("facebook", Platform::Facebook, FACEBOOK_PAGE, FACEBOOK_POSTS, facebook),
        Channel::new(
            "instagram",
            Platform::Instagram,
            INSTAGRAM_ACCOUNT,
            INSTAGRAM_POSTS,
            instagram,
        ),
        Channel::new(
            "youtube",
            Platform::Youtube,
            CHANNEL,
            ["kExempel001", "kExempel002"],
            Stand::Youtube(youtube),
        ),
        Channel::new(
            "tiktok",
            Platform::Tiktok,
            ADVERTISER,
            ["7500000000000000101", "7500000000000000102"],
            Stand::Tiktok(tiktok),
        ),
        Channel::new(
            "bluesky",
            Platform::Bluesky,
            DID,
            [
                "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe222l",
                "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe223l",
            ],
            Stand::Bluesky(bluesky),
        ),
    ];
    for channel in &channels {
        channel.connects(desk).await;
    }
    desk.runs(|app| async move { intake::plan(&app).await })
        .await
        .expect("a plan");
    channels
}
