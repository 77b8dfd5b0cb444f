//! Comments from Snapchat, which has no interface for them: entered by a moderator, as on the page for it.

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::json;

use super::people::Staff;
use crate::app::App;
use crate::change::Actor;
use crate::cli::Failed;
use crate::domain::role::Role;
use crate::manual::bring::{Brought, bring};
use crate::manual::entry::Entry;

/// The account and its ads, as the campaign has them.
const ACCOUNT: &str = "snapchat";

/// Language of the ad, author, text, minutes ago.
const COMMENTS: &[(&str, &str, &str, i64)] = &[
    (
        "sv",
        "linus.prov",
        "Stämmer det att soc kan ta barn utan att en domstol har sagt något?",
        55,
    ),
    (
        "ar",
        "noor_mithal",
        "هل صحيح أن الخدمات الاجتماعية تأخذ الأطفال بدون سبب؟",
        48,
    ),
    ("sv", "vera.exempel", "Tack, äntligen någon som förklarar!", 31),
    ("ar", "sami_tajriba", "أين أجد هذه المعلومات باللغة العربية؟", 22),
    (
        "sv",
        "kim_test",
        "ni bara ljuger, min granne fick aldrig ens ett möte",
        9,
    ),
];

/// Enters them, once.
pub(super) async fn ready(app: &App, staff: &Staff) -> Result<(), Failed> {
    let (Some(connector), Some(moderator)) = (app.connectors.find(ACCOUNT), staff.with(Role::Moderator)) else {
        return Ok(());
    };
    let now = app.clock.now();
    let entries = COMMENTS
        .iter()
        .map(|(language, handle, text, minutes)| {
            let entry = Entry {
                text: (*text).to_owned(),
                handle: Some((*handle).to_owned()),
                ad: Some(format!("{ACCOUNT}-ad-{language}")),
                link: Some(format!("https://www.snapchat.com/spotlight/{ACCOUNT}-{language}")),
                ..Entry::default()
            };
            Brought {
                // Without its time, so that a kept desk knows it again at the next start.
                external_id: entry.key(ACCOUNT),
                entry: Entry {
                    written_at: Some(now - TimeDelta::minutes(*minutes)),
                    ..entry
                },
                screenshot: None,
            }
        })
        .collect();
    let texts: Vec<&str> = COMMENTS.iter().map(|(_, _, text, _)| *text).collect();
    let raw = json!({ "entered_by": moderator, "texts": texts }).to_string();
    bring(app, &connector, Bytes::from(raw), entries, Actor::Person(moderator)).await?;
    Ok(())
}
