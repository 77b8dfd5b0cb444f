//! Facebook and Instagram with deliveries that are lost: reading finds what they did not tell, once, and counts it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use klarsvar::account::SaveAccount;
use klarsvar::clock::Clock;
use klarsvar::domain::comment::{CommentState, Visibility};
use klarsvar::domain::platform::Platform;
use klarsvar::intake::{sight, truth};
use klarsvar::standin::{Ad, Holder, NewComment, Post, Standin, StandinConfig};
use serde_json::json;

use super::youtube::{after, reads};
use crate::support::TestDesk;
use crate::support::graph::{FACEBOOK_PAGE, INSTAGRAM_ACCOUNT};

const TOKEN: &str = "test-page-token-0001";
const AD_ACCOUNT: &str = "910000000000007";
/// The campaign of the ad there is from the beginning.
pub const FACTS: (&str, &str) = ("120210000000000102", "Fakta om LVU");

fn ad(platform: Platform, id: &str, campaign: (&str, &str), shows: &str) -> Ad {
    let on = |one: Platform| (platform == one).then(|| shows.to_owned());
    Ad {
        id: id.into(),
        name: "LVU SV".into(),
        ad_account: AD_ACCOUNT.into(),
        adset_id: "120210000000000201".into(),
        campaign: (campaign.0.into(), campaign.1.into()),
        post: on(Platform::Facebook),
        media: on(Platform::Instagram),
    }
}

/// A desk and a stand-in of Facebook or Instagram, with an account of two posts.
pub struct Bench {
    /// The desk.
    pub desk: TestDesk,
    /// The platform.
    pub standin: Standin,
    platform: Platform,
    /// One of the account's own list, one that only an ad shows.
    pub posts: [&'static str; 2],
}

impl Bench {
    /// Starts both and has the desk read for the first time.
    pub async fn start(platform: Platform) -> Self {
        let desk = TestDesk::start().await;
        let clock = Arc::clone(&desk.clock);
        let standin = Standin::start(StandinConfig::new(Arc::new(move || clock.now()))).expect("a stand-in");
        let facebook = platform == Platform::Facebook;
        let (id, posts) = if facebook {
            (
                FACEBOOK_PAGE,
                ["410000000000017_520000000000101", "410000000000017_520000000000102"],
            )
        } else {
            (INSTAGRAM_ACCOUNT, ["17990000000000001", "17990000000000002"])
        };
        standin.add_holder(Holder {
            platform,
            id: id.into(),
            name: "myndigheten".into(),
            token: TOKEN.into(),
            page: None,
        });
        for (n, post) in posts.into_iter().enumerate() {
            standin.add_post(Post {
                id: post.into(),
                holder: id.into(),
                text: "Vad är LVU?".into(),
                dark: n == 1,
                ad: None,
            });
        }
        standin.add_ad(ad(platform, "120210000000000301", FACTS, posts[1]));
        let account = SaveAccount {
            account: Some(id.into()),
            api_url: Some(standin.api_url()),
            access_token: Some(TOKEN.into()),
            settings: Some(json!({ "ad_accounts": [AD_ACCOUNT] }).to_string()),
            ..SaveAccount::by_hand("")
        };
        reads(&desk, platform.as_str(), platform, account).await;
        standin.deliver_to(platform, &format!("{}/hooks/{}", desk.url(), platform.as_str()));
        let made = Self {
            desk,
            standin,
            platform,
            posts,
        };
        made.after(1).await;
        made
    }

    /// Advertises a post, in a campaign of this id and name.
    pub fn advertise(&self, id: &str, campaign: (&str, &str), post: usize) {
        self.standin.add_ad(ad(self.platform, id, campaign, self.posts[post]));
    }

    /// Somebody writes under a post.
    pub fn write(&self, post: usize, parent: Option<&String>, text: &str) -> String {
        let new = NewComment {
            post: self.posts[post].into(),
            parent: parent.cloned(),
            author_id: "7300000000000011".into(),
            author_name: "elin.exempel".into(),
            text: Some(text.into()),
            photo: None,
        };
        self.standin.write_comment(new).expect("a comment")
    }

    /// Lets time pass and does what is due.
    pub async fn after(&self, seconds: i64) {
        after(&self.desk, seconds).await;
        self.desk
            .runs(|app| async move { sight::look(&app).await })
            .await
            .expect("a look");
    }

    /// Every delivery has come and is taken apart.
    pub async fn heard(&self) {
        self.standin.settled().await;
        self.desk.is_through().await;
    }

    /// Came, missed, late; and since when it is blind.
    async fn truth(&self) -> ((u64, u64, u64), Option<i64>) {
        let all = self
            .desk
            .runs(|app| async move { truth::every(&app).await })
            .await
            .expect("a truth");
        let name = self.platform.as_str();
        let found = all
            .into_iter()
            .find(|truth| truth.row.name == name)
            .expect("the channel");
        let told = found.told.expect("what deliveries told");
        ((told.came, told.missed, told.late), found.row.blind_since)
    }
}

async fn nothing_is_lost(platform: Platform) {
    let bench = Bench::start(platform).await;
    bench.standin.set_flow(|flow| flow.lost = 250);
    let mut all: Vec<String> = Vec::new();
    for n in 0..120 {
        let parent = if n % 5 == 4 { all.last().cloned() } else { None };
        let post = if parent.is_some() { (n + 1) % 2 } else { n % 2 };
        all.push(bench.write(post, parent.as_ref(), &format!("fråga nr {n}")));
        bench.desk.clock.advance(TimeDelta::seconds(2));
    }
    bench.heard().await;
    let lost = bench.standin.tally().lost;
    assert!((10..60).contains(&lost), "{lost}");
    assert_eq!(bench.desk.comments().await.len() as u64, 120 - lost);
    bench.after(600).await;
    let rows = bench.desk.comments().await;
    let ids: BTreeSet<&String> = rows.iter().map(|row| &row.external_id).collect();
    assert_eq!((rows.len(), ids), (120, all.iter().collect()));
    bench.after(180).await;
    assert_eq!(bench.truth().await, ((120, lost, 0), None));
    // Nothing is new: nothing is kept again, and nothing comes twice.
    let kept = bench.desk.deliveries().await.len();
    bench.after(600).await;
    assert_eq!(bench.desk.deliveries().await.len(), kept);
    assert_eq!(bench.desk.comments().await.len(), 120);
}

#[tokio::test]
async fn on_facebook_nothing_is_lost_and_nothing_doubled_when_deliveries_are() {
    nothing_is_lost(Platform::Facebook).await;
}

#[tokio::test]
async fn on_instagram_nothing_is_lost_and_nothing_doubled_when_deliveries_are() {
    nothing_is_lost(Platform::Instagram).await;
}

#[tokio::test]
async fn what_no_delivery_told_of_known_comments_is_found() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        let bench = Bench::start(platform).await;
        let [edited, hidden, gone] = ["en", "två", "tre"].map(|text| bench.write(1, None, text));
        bench.heard().await;
        assert_eq!(bench.desk.comments().await.len(), 3);
        bench.standin.set_flow(|flow| flow.lost = 1_000);
        bench.standin.edit_comment(&edited, "en, ändrad");
        bench.standin.hide_in_app(&hidden, true);
        bench.standin.forget(&gone);
        bench.after(600).await;
        let row = bench.desk.comment(&edited).await.expect("it is there");
        assert_eq!((row.text.as_deref(), row.revision), (Some("en, ändrad"), 2));
        assert_eq!(
            bench.desk.comment(&hidden).await.unwrap().visibility,
            Visibility::Hidden
        );
        assert_ne!(bench.desk.comment(&gone).await.unwrap().state, CommentState::Withdrawn);
        bench.after(86_400).await;
        assert_eq!(bench.desk.comment(&gone).await.unwrap().state, CommentState::Withdrawn);
        assert_ne!(
            bench.desk.comment(&hidden).await.unwrap().state,
            CommentState::Withdrawn
        );
    }
}

#[tokio::test]
async fn late_deliveries_are_told_from_lost_ones_and_silence_makes_blind() {
    let bench = Bench::start(Platform::Facebook).await;
    for n in 0..60 {
        bench.write(0, None, &format!("tidig {n}"));
    }
    bench.heard().await;
    let heard_at = bench
        .desk
        .app()
        .connectors
        .last_delivery("facebook")
        .expect("a delivery");
    bench.desk.clock.advance(TimeDelta::seconds(60));
    bench.standin.set_flow(|flow| flow.paused = true);
    for n in 0..4 {
        bench.write(1, None, &format!("nr {n}"));
    }
    bench.after(600).await;
    assert_eq!(bench.desk.comments().await.len(), 64);
    assert_eq!(bench.truth().await, ((64, 0, 0), None), "they may be on their way");
    bench.after(600).await;
    assert_eq!(
        bench.truth().await,
        ((64, 4, 0), None),
        "a desk of sixty a day may be quiet for an hour"
    );
    bench.after(6 * 3_600).await;
    assert_eq!(bench.truth().await, ((64, 4, 0), Some(heard_at)));
    bench.standin.set_flow(|flow| flow.paused = false);
    bench.heard().await;
    bench.after(10).await;
    assert_eq!(bench.truth().await, ((64, 0, 4), None));
    assert_eq!(bench.desk.comments().await.len(), 64);
}

#[tokio::test]
async fn a_platform_that_neither_answers_nor_delivers_is_told_as_blind_within_two_readings() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        let bench = Bench::start(platform).await;
        bench.write(0, None, "nyss");
        bench.heard().await;
        bench.after(600).await;
        let seen_at = bench.desk.clock.now().timestamp_millis();
        bench.standin.set_down(true);
        bench.after(600).await;
        assert_eq!(bench.truth().await.1, None, "one reading may be missed");
        bench.after(601).await;
        assert_eq!(bench.truth().await.1, Some(seen_at));
        bench.standin.set_down(false);
        bench.after(1_200).await;
        assert_eq!(bench.truth().await.1, None);
    }
}
