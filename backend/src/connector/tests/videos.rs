//! YouTube and TikTok: acting, and looking whether it took effect, against their stand-ins.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::connector::tiktok::Tiktok;
use crate::connector::youtube::Youtube;
use crate::standin::{Hand, Standing, TiktokStandin, Trouble, YoutubeStandin};

struct Case {
    connector: Box<dyn Connector>,
    account: Account,
    hand: Box<dyn std::ops::Deref<Target = Hand>>,
    comment: String,
    below: String,
    now: DateTime<Utc>,
}

fn cases() -> Vec<Case> {
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    let clock: crate::standin::Clock = Arc::new(move || now);
    let youtube = YoutubeStandin::start(Arc::clone(&clock), "UCexempel", TOKEN).unwrap();
    let tiktok = TiktokStandin::start(clock, "7410000000000000011", TOKEN).unwrap();
    let account = |platform, id: &str, api_url: String| Account {
        platform,
        external_id: id.into(),
        api_url,
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: TOKEN.into(),
        refresh_token: String::new(),
        settings: json!({}),
    };
    let case = |connector: Box<dyn Connector>, account, hand: Box<dyn std::ops::Deref<Target = Hand>>| {
        let comment = hand.write("7500000000000000101", None, "elin", "Vad betyder LVU?");
        let below = hand.write("7500000000000000101", Some(&comment), "sam", "Samma fråga");
        Case {
            connector,
            account,
            hand,
            comment,
            below,
            now,
        }
    };
    vec![
        case(
            Box::new(Youtube::new(Timing::default())),
            account(Platform::Youtube, "UCexempel", youtube.api_url()),
            Box::new(youtube),
        ),
        case(
            Box::new(Tiktok::new(Timing::default())),
            account(Platform::Tiktok, "7410000000000000011", tiktok.api_url()),
            Box::new(tiktok),
        ),
    ]
}

impl Case {
    fn reply(&self, to: &str) -> Action {
        Action::Reply {
            comment: to.into(),
            text: "Hej! Läs mer på vår webbplats. /Maja".into(),
            place: Place {
                parent: (to == self.below).then(|| self.comment.clone()),
                written_at: Some(self.now),
                ..Place::default()
            },
        }
    }

    fn hide(&self) -> Action {
        Action::Hide {
            comment: self.comment.clone(),
            place: Place::default(),
        }
    }

    fn unhide(&self) -> Action {
        Action::Unhide {
            comment: self.comment.clone(),
            place: Place::default(),
        }
    }

    async fn send(&self, action: &Action) -> Sent {
        self.connector.send(&self.account, action).await
    }

    async fn read_back(&self, action: &Action) -> Readback {
        self.connector.read_back(&self.account, action, self.now).await
    }

    fn standing(&self) -> Standing {
        let all = self.hand.entries();
        all.iter().find(|entry| entry.id == self.comment).unwrap().standing
    }
}

#[tokio::test]
async fn a_reply_lands_once_under_the_top_also_when_it_answers_an_answer() {
    for case in cases() {
        let reply = case.reply(&case.below);
        assert_eq!(case.read_back(&reply).await, Readback::Absent);
        let Sent::Done { external_id: Some(id) } = case.send(&reply).await else {
            panic!("{}", case.account.platform)
        };
        assert_eq!(case.hand.replies(&case.comment)[0].id, id);
        assert_eq!(case.read_back(&reply).await, Readback::Found { external_id: Some(id) });
    }
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_reply_is_found() {
    for case in cases() {
        let reply = case.reply(&case.comment);
        // Before an answer under an ad the comment is looked up.
        if case.account.platform == Platform::Tiktok {
            case.hand.next(Trouble::LoseAnswer);
            assert!(!matches!(case.send(&reply).await, Sent::Done { .. }));
            assert_eq!(case.hand.replies(&case.comment).len(), 0);
            continue;
        }
        case.hand.next(Trouble::LoseAnswer);
        assert!(matches!(case.send(&reply).await, Sent::Unknown { .. }));
        let id = case.hand.replies(&case.comment)[0].id.clone();
        assert_eq!(case.read_back(&reply).await, Readback::Found { external_id: Some(id) });
    }
}

#[tokio::test]
async fn hiding_and_showing_take_effect_and_may_be_repeated() {
    for case in cases() {
        for _ in 0..2 {
            assert_eq!(case.send(&case.hide()).await, Sent::Done { external_id: None });
            assert_eq!(case.standing(), Standing::Hidden);
        }
        assert_eq!(case.send(&case.unhide()).await, Sent::Done { external_id: None });
        assert_eq!(case.standing(), Standing::Public);
    }
}

#[tokio::test]
async fn refusals_are_told_by_what_they_mean() {
    for case in cases() {
        let code = |sent: Sent| match sent {
            Sent::Later { code, .. } | Sent::Refused { code, .. } => code,
            Sent::Unknown { .. } => "unknown",
            Sent::Done { .. } => "done",
        };
        case.hand.next(Trouble::TooMany);
        assert_eq!(code(case.send(&case.hide()).await), "rate-limited");
        case.hand.next(Trouble::Failing);
        assert_eq!(code(case.send(&case.hide()).await), "unavailable");
        case.hand.put(&case.comment, Standing::Gone);
        assert_eq!(code(case.send(&case.hide()).await), "gone");
        assert_eq!(code(case.send(&case.reply(&case.comment)).await), "gone");
        case.hand.next(Trouble::TokenVoid);
        assert_eq!(code(case.send(&case.hide()).await), "token-expired");
        case.hand.set_down(true);
        let down = case.send(&case.reply(&case.comment)).await;
        assert!(!matches!(down, Sent::Done { .. }), "{down:?}");
        let like = Action::Like {
            comment: case.comment.clone(),
            place: Place::default(),
        };
        assert_eq!(code(case.send(&like).await), "invalid");
    }
}

#[tokio::test]
async fn ids_that_would_change_a_call_are_refused_before_it() {
    for case in cases() {
        let calls = case.hand.calls();
        for id in ["", "../me", "a&moderationStatus=rejected", "a,b", "å"] {
            let hide = Action::Hide {
                comment: id.into(),
                place: Place::default(),
            };
            assert!(
                matches!(case.send(&hide).await, Sent::Refused { code: "invalid", .. }),
                "{id}"
            );
        }
        assert_eq!(case.hand.calls(), calls);
    }
}

mod files {
    //! The documented payloads, each of which is either understood or refused in words.

    use super::*;
    use crate::connector::reading::Reader;
    use crate::connector::{ParseError, graph::sample};

    fn taken_apart(
        reader: &dyn Reader,
        account: &Account,
        platform: &str,
        file: &str,
    ) -> Result<(usize, usize), ParseError> {
        let exchange = sample::json(platform, file);
        let body = match &exchange["response"]["body"] {
            serde_json::Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        let key = if file.contains("adgroup") { "adgroups" } else { "any" };
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let listing = reader.take_apart(account, key, &body, now)?;
        Ok((listing.comments.len() + listing.deeper.len(), listing.ignored))
    }

    #[test]
    fn every_list_of_the_payloads_is_taken_apart_whole() {
        for case in cases() {
            let platform = case.account.platform.as_str();
            let reader = case.connector.reader().unwrap();
            let mut lists = 0;
            for file in sample::names(platform, "api") {
                let exchange = sample::json(platform, &file);
                let is_list = [
                    "api/threads_",
                    "api/comments_",
                    "ads_list",
                    "ads_adgroup",
                    "ads_reference",
                    "organic_list",
                    "organic_reply_list",
                ]
                .iter()
                .any(|name| file.contains(name));
                let is_read = exchange["request"]["method"] == "GET" && is_list;
                let found = taken_apart(reader, &case.account, platform, &file);
                if !is_read {
                    continue;
                }
                lists += 1;
                let (known, ignored) = found.unwrap_or_else(|error| panic!("{file}: {error}"));
                assert_eq!(ignored, 0, "{file}");
                let empty = file.contains("empty") || file.contains("after_deletion");
                assert!(known > 0 || empty, "{file}");
            }
            assert!(lists >= 6, "{platform}: {lists}");
        }
    }

    #[test]
    fn tiktoks_signatures_hold_and_fail_where_they_should() {
        let tiktok = &cases()[1];
        let file = sample::json("tiktok", "signature_vectors.json");
        for vector in file["vectors"].as_array().unwrap() {
            let account = Account {
                app_secret: vector["secret"].as_str().unwrap().into(),
                ..tiktok.account.clone()
            };
            let header = |name: &str| {
                let headers = vector["headers"].as_object().unwrap();
                let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
            };
            let now = DateTime::from_timestamp(vector["now"].as_i64().unwrap(), 0).unwrap();
            let body = vector["body"].as_str().unwrap().as_bytes();
            let verified = tiktok.connector.verify(&account, &header, body, now);
            assert_eq!(verified.is_ok(), vector["valid"] == true, "{}", vector["name"]);
            assert!(tiktok.connector.verify(&account, &header, b"{}", now).is_err());
        }
    }

    #[test]
    fn tiktoks_deliveries_keep_every_digit_and_count_what_they_do_not_know() {
        let tiktok = &cases()[1];
        let mut ids = Vec::new();
        for file in sample::names("tiktok", "webhooks") {
            let body = sample::bytes("tiktok", &file);
            let parsed = tiktok
                .connector
                .parse(&body, tiktok.now)
                .unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(parsed.events.len() + parsed.ignored, 1, "{file}");
            for event in parsed.events {
                let crate::connector::Inbound::Comment(event) = event else {
                    panic!("{file}")
                };
                assert!(String::from_utf8_lossy(&body).contains(&event.external_id), "{file}");
                ids.push(event.external_id);
            }
        }
        assert!(ids.contains(&"7599999999999999999".to_owned()), "{ids:?}");
        for broken in [
            &b""[..],
            b"{",
            b"[]",
            b"\xff",
            br#"{"event":"comment.update","content":"x"}"#,
        ] {
            assert!(tiktok.connector.parse(broken, tiktok.now).is_err());
        }
    }
}
