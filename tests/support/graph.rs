//! Deliveries of Facebook and Instagram as the platform sends them: escaped ASCII, signed over the raw body.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::{Answer, TestDesk};

/// The secret deliveries are signed with.
pub const APP_SECRET: &str = "test-app-secret-0001";
/// The word of the handshake.
pub const VERIFY_TOKEN: &str = "desk-verify-token";
/// The Page of the payload files.
pub const FACEBOOK_PAGE: &str = "410000000000017";
/// The professional account of the payload files.
pub const INSTAGRAM_ACCOUNT: &str = "17841400000000019";

/// The value of `X-Hub-Signature-256`.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// JSON as Meta writes it: no blanks, everything beyond ASCII as `\u` with lowercase hex, slashes escaped.
pub fn escaped(body: &Value) -> String {
    let mut text = String::new();
    for character in body.to_string().chars() {
        match character {
            '/' => text.push_str("\\/"),
            ascii if ascii.is_ascii() => text.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

/// A payload file, by its path under `tests/data/payloads`.
pub fn payload(path: &str) -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/payloads")
        .join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The names of the payload files in a folder, in order.
pub fn payloads(folder: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/payloads")
        .join(folder);
    let mut names: Vec<String> = std::fs::read_dir(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .map(|entry| format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no payloads in {folder}");
    names
}

impl TestDesk {
    /// Delivers a body with a valid signature.
    pub async fn delivers(&self, connector: &str, body: &Value) -> Answer {
        let body = escaped(body);
        let sign = signature(APP_SECRET, body.as_bytes());
        self.delivers_raw(connector, body.into_bytes(), Some(&sign)).await
    }

    /// Delivers bytes as they are.
    pub async fn delivers_raw(&self, connector: &str, body: Vec<u8>, signature: Option<&str>) -> Answer {
        self.sends(|http, url| {
            let request = http
                .post(format!("{url}/hooks/{connector}"))
                .header("content-type", "application/json")
                .body(body);
            match signature {
                Some(signature) => request.header("x-hub-signature-256", signature),
                None => request,
            }
        })
        .await
    }
}

/// The Page's post.
pub fn post_id() -> String {
    format!("{FACEBOOK_PAGE}_520000000000101")
}

/// A comment under it.
pub fn comment_id(number: &str) -> String {
    format!("520000000000101_{number}")
}

/// A Facebook delivery with one change of a comment.
pub fn comment_change(comment: &str, verb: &str, time: i64, more: Value) -> Value {
    let post = post_id();
    let mut value = serde_json::json!({
        "from": { "id": "7300000000000011", "name": "Elin Exempel" },
        "post_id": post,
        "comment_id": comment_id(comment),
        "created_time": time,
        "item": "comment",
        "parent_id": post,
        "verb": verb,
    });
    for (name, member) in more.as_object().expect("an object") {
        value[name] = member.clone();
    }
    serde_json::json!({
        "object": "page",
        "entry": [{ "id": FACEBOOK_PAGE, "time": time + 1, "changes": [{ "field": "feed", "value": value }] }],
    })
}
