//! Every payload file and what the desk makes of it: deliveries and messages are taken apart, exchanges are played with the
//! connector that would have them. `tests/data/payload-outcomes.txt` says for each file what must come of it.

mod deed;
mod play;
mod replay;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use klarsvar::connector::http::Timing;
use klarsvar::connector::{Account, Connector, Happened, Inbound, ParseError};
use klarsvar::connector::{bluesky, facebook, instagram, mastodon, tiktok, youtube};
use klarsvar::domain::platform::Platform;
use serde_json::Value;

use crate::support::graph::payload;

const TABLE: &str = include_str!("../../data/payload-outcomes.txt");
/// Files that say something about others, or are played elsewhere (the six scenarios, the signatures).
const OTHERS: [&str; 3] = ["README.json", "scenario.json", "signature_vectors.json"];

fn now() -> DateTime<Utc> {
    "2026-11-22T10:05:00Z".parse().expect("an instant")
}

/// The platform's files below a folder, by their paths.
fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path.to_str().expect("a plain name").to_owned());
        }
    }
}

fn event(inbound: &Inbound) -> String {
    match inbound {
        Inbound::PostRemoved { post, .. } => format!("post {post} gone"),
        Inbound::AuthorRemoved { author, .. } => format!("author {author} gone"),
        Inbound::Comment(comment) => {
            let what = match comment.what {
                Happened::Added => "added",
                Happened::Edited => "edited",
                Happened::Removed => "removed",
                Happened::Hidden => "hidden",
                Happened::Shown => "shown",
            };
            let mut said = format!("{what} {}", comment.external_id);
            let parts = [
                ("parent", &comment.parent),
                ("post", &comment.post),
                ("ad", &comment.ad),
                ("lang", &comment.declared_language),
            ];
            for (name, value) in parts {
                if let Some(value) = value {
                    said.push_str(&format!(" {name}={value}"));
                }
            }
            if let Some(text) = &comment.text {
                said.push_str(&format!(" signs={}", text.chars().count()));
            }
            if !comment.attachments.is_empty() {
                said.push_str(&format!(" attached={}", comment.attachments.len()));
            }
            if comment.author.is_none() {
                said.push_str(" nobody");
            }
            if comment.own {
                said.push_str(" own");
            }
            said
        }
    }
}

fn events(events: &[Inbound], ignored: usize) -> String {
    let mut said: Vec<String> = events.iter().map(event).collect();
    if ignored > 0 {
        said.push(format!("ignored {ignored}"));
    }
    if said.is_empty() {
        "nothing".to_owned()
    } else {
        said.join("; ")
    }
}

fn unread(error: &ParseError) -> String {
    match error {
        ParseError::Unreadable(_) => "unreadable".to_owned(),
        ParseError::Foreign(_) => "foreign".to_owned(),
    }
}

fn delivered(connector: &dyn Connector, body: &Value) -> String {
    match connector.parse(body.to_string().as_bytes(), now()) {
        Ok(parsed) => events(&parsed.events, parsed.ignored),
        Err(error) => unread(&error),
    }
}

fn heard(connector: &dyn Connector, account: &Account, message: &Value) -> String {
    let listener = connector.listener().expect("it tells over a socket");
    match listener.hear(account, &message.to_string(), now()) {
        Ok(heard) => {
            let cursor = heard.cursor.map(|at| format!(" cursor={at}")).unwrap_or_default();
            format!("{}{cursor}", events(&heard.events, heard.ignored))
        }
        Err(error) => unread(&error),
    }
}

/// One that has met nothing yet: what a platform said of its limits is remembered.
fn fresh(platform: Platform) -> Box<dyn Connector> {
    let timing = Timing::default();
    match platform {
        Platform::Bluesky => Box::new(bluesky::Bluesky::new(timing)),
        Platform::Facebook => Box::new(facebook::Facebook::new(timing)),
        Platform::Instagram => Box::new(instagram::Instagram::new(timing)),
        Platform::Mastodon => Box::new(mastodon::Mastodon::new(timing)),
        Platform::Tiktok => Box::new(tiktok::Tiktok::new(timing)),
        Platform::Youtube => Box::new(youtube::Youtube::new(timing)),
        Platform::Snapchat | Platform::Manual => panic!("no connector"),
    }
}

async fn outcome(file: &str) -> String {
    let mut parts = file.split('/');
    let platform = parts
        .next()
        .and_then(|name| name.parse::<Platform>().ok())
        .expect("a platform");
    let folder = parts.next().expect("a folder");
    let connector = fresh(platform);
    let body = payload(file);
    match folder {
        "webhooks" => delivered(connector.as_ref(), &body),
        "frames" => heard(connector.as_ref(), &deed::account(platform, &body, ""), &body),
        _ => play::play(platform, connector.as_ref(), file, &body).await,
    }
}

#[actix_web::test]
async fn every_payload_file_comes_to_what_is_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/payloads");
    let mut found = Vec::new();
    files(&root, &mut found);
    let prefix = format!("{}/", root.to_str().expect("a plain name"));
    let mut came = BTreeMap::new();
    for path in found {
        let file = path.strip_prefix(&prefix).expect("below the folder").to_owned();
        let name = file.rsplit('/').next().unwrap_or_default();
        let outcome = if OTHERS.contains(&name) {
            "elsewhere".to_owned()
        } else {
            outcome(&file).await
        };
        came.insert(file, outcome);
    }
    assert_eq!(came.len(), 297, "296 payloads and the file about them");
    let table: String = came
        .iter()
        .map(|(file, outcome)| format!("{file}: {outcome}\n"))
        .collect();
    if table != TABLE {
        let differs = table.lines().filter(|line| !TABLE.lines().any(|other| other == *line));
        let differs: Vec<&str> = differs.collect();
        panic!("it came to this instead:\n{}", differs.join("\n"));
    }
}
