//! Every documented payload with one thing wrong in it: a field missing, null, of another type, unknown or far too long.
//! Nothing of it may bring a connector down, and what is understood all the same must be sound.

use chrono::{DateTime, Utc};
use klarsvar::connector::{Account, Connector, Inbound, of};
use klarsvar::domain::platform::Platform;
use serde_json::{Value, json};

use crate::support::graph::{payload, payloads};

/// Longest identifier that any platform documents, and room beside it.
const LONGEST_ID: usize = 1_024;

fn account(platform: Platform, settings: Value) -> Account {
    Account {
        platform,
        external_id: "1".into(),
        api_url: String::new(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: String::new(),
        refresh_token: String::new(),
        settings,
    }
}

/// Addresses of everything inside, the whole not among it.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (escaped(name), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| (n.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (name, inner) in inside {
        let here = format!("{at}/{name}");
        pointers(inner, &here, found);
        found.push(here);
    }
}

/// The payload with the thing at this address spoilt in the `kind`th way.
fn spoilt(whole: &Value, at: &str, kind: usize) -> Value {
    let mut made = whole.clone();
    let (above, name) = at.rsplit_once('/').expect("an address");
    let old = made.pointer(at).expect("it is there").clone();
    let new = match kind % 8 {
        0 => None,
        1 => Some(Value::Null),
        2 => Some(json!(-9_007_199_254_740_993_i64)),
        3 => Some(json!("a word nobody knows")),
        4 => Some(json!([old])),
        5 => Some(json!({ "unexpected": old })),
        6 => Some(json!(true)),
        _ => match &old {
            Value::String(text) => Some(json!(text.repeat(100))),
            Value::Array(items) => Some(Value::Array(
                items.iter().cycle().take(items.len() * 100).cloned().collect(),
            )),
            _ => Some(json!(1.0e300)),
        },
    };
    match (made.pointer_mut(above).expect("what it is in"), new) {
        (Value::Object(fields), Some(new)) => {
            fields.insert(name.replace("~1", "/").replace("~0", "~"), new);
        }
        (Value::Object(fields), None) => {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        (Value::Array(items), new) => items[name.parse::<usize>().expect("a number")] = new.unwrap_or(Value::Null),
        _ => unreachable!("only these hold something"),
    }
    made
}

fn sound(id: &str) {
    assert!(
        !id.is_empty() && id.len() <= LONGEST_ID,
        "an identifier of {} bytes",
        id.len()
    );
}

/// How often something was understood, and how often not.
#[derive(Default)]
struct Met {
    understood: usize,
    refused: usize,
}

fn takes(connector: &dyn Connector, account: &Account, body: &Value, now: DateTime<Utc>, met: &mut Met) {
    let body = body.to_string();
    match connector.parse(body.as_bytes(), now) {
        Ok(parsed) => {
            met.understood += usize::from(!parsed.events.is_empty());
            for event in &parsed.events {
                if let Inbound::Comment(event) = event {
                    sound(&event.external_id);
                }
            }
        }
        Err(_) => met.refused += 1,
    }
    if let Some(listener) = connector.listener() {
        match listener.hear(account, &body, now) {
            Ok(heard) => met.understood += usize::from(!heard.events.is_empty()),
            Err(_) => met.refused += 1,
        }
    }
    let Some(reader) = connector.reader() else { return };
    for errand in reader.errands(account) {
        let Some(key) = errand.key.split('/').next() else {
            continue;
        };
        let below = [
            errand.key.clone(),
            format!("{key}/1"),
            "replies/1".into(),
            "adgroup/1".into(),
        ];
        for key in below {
            match reader.take_apart(account, &key, &body, now) {
                Ok(listing) => {
                    met.understood += usize::from(!listing.comments.is_empty());
                    listing
                        .comments
                        .iter()
                        .for_each(|seen| sound(&seen.comment.external_id));
                }
                Err(_) => met.refused += 1,
            }
        }
    }
}

/// What of a payload file the platform itself says, and how that comes: Mastodon's frames carry it as a text.
fn inside(file: Value) -> (Value, Box<dyn Fn(Value) -> Value>) {
    let plain = Box::new(|said| said);
    let body = [&file["response"]["body"], &file["body"]];
    if let Some(body) = body.into_iter().find(|body| body.is_object() || body.is_array()) {
        return (body.clone(), plain);
    }
    match file["payload"].as_str().map(serde_json::from_str::<Value>) {
        Some(Ok(said)) if said.is_object() => (
            said,
            Box::new(move |said| {
                let mut frame = file.clone();
                frame["payload"] = said.to_string().into();
                frame
            }),
        ),
        _ => (file, plain),
    }
}

fn holds(platform: Platform, folders: &[&str], settings: &[Value], at_least: usize) {
    let connector = of(platform).expect("a connector");
    let now = "2026-11-23T10:00:00Z".parse().expect("an instant");
    let mut met = Met::default();
    for folder in folders {
        for (n, name) in payloads(&format!("{}/{folder}", platform.as_str()))
            .into_iter()
            .enumerate()
        {
            let file = payload(&name);
            let (body, wrap) = inside(file);
            let mut addresses = Vec::new();
            pointers(&body, "", &mut addresses);
            for settings in settings {
                let account = account(platform, settings.clone());
                takes(connector, &account, &wrap(body.clone()), now, &mut met);
                for (m, at) in addresses.iter().enumerate() {
                    takes(connector, &account, &wrap(spoilt(&body, at, n + m)), now, &mut met);
                }
            }
        }
    }
    assert!(met.understood >= at_least, "{platform}: {} understood", met.understood);
    assert!(met.refused > 0, "{platform}: nothing was refused");
}

#[test]
fn spoilt_payloads_of_facebook_are_taken_apart_or_refused() {
    holds(Platform::Facebook, &["webhooks", "api"], &[Value::Null], 100);
}

#[test]
fn spoilt_payloads_of_instagram_are_taken_apart_or_refused() {
    holds(Platform::Instagram, &["webhooks", "api"], &[Value::Null], 100);
}

#[test]
fn spoilt_payloads_of_youtube_are_taken_apart_or_refused() {
    holds(
        Platform::Youtube,
        &["api"],
        &[json!({ "videos": ["kExempel001"] })],
        100,
    );
}

#[test]
fn spoilt_payloads_of_tiktok_are_taken_apart_or_refused() {
    let settings = [
        json!({ "api": "ads" }),
        json!({ "api": "organic", "videos": ["7500000000000000103"] }),
    ];
    holds(Platform::Tiktok, &["webhooks", "api"], &settings, 100);
}

#[test]
fn spoilt_payloads_of_bluesky_are_taken_apart_or_refused() {
    holds(Platform::Bluesky, &["api", "frames"], &[Value::Null], 100);
}

#[test]
fn spoilt_payloads_of_mastodon_are_taken_apart_or_refused() {
    holds(
        Platform::Mastodon,
        &["api", "frames"],
        &[json!({ "statuses": ["1"] })],
        100,
    );
}
