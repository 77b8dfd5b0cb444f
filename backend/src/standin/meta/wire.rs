//! The form of a delivery on the wire: ASCII only, signed over exactly these bytes.
//!
//! Written apart from the desk's own check on purpose: a mistake shared by both sides would be seen by neither.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Writes JSON as Meta does: `\u` escapes with lowercase digits for all that is not ASCII, `\/` for the slash.
pub(super) fn escaped(value: &serde_json::Value) -> String {
    let plain = value.to_string();
    let mut wire = String::with_capacity(plain.len() + plain.len() / 4);
    let mut units = [0_u16; 2];
    // Neither a slash nor anything beyond ASCII stands outside a JSON string.
    for character in plain.chars() {
        match character {
            '/' => wire.push_str("\\/"),
            _ if character.is_ascii() => wire.push(character),
            _ => {
                for unit in character.encode_utf16(&mut units) {
                    // Writing to a String does not fail.
                    let _ = write!(wire, "\\u{unit:04x}");
                }
            }
        }
    }
    wire
}

/// Value of `X-Hub-Signature-256` for a body.
pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
        }
        // HMAC takes keys of every length.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors(platform: &str) -> Vec<serde_json::Value> {
        let path = format!(
            "{}/../tests/data/payloads/{platform}/signature_vectors.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        file["vectors"].as_array().unwrap().clone()
    }

    #[test]
    fn signatures_equal_the_vectors_that_are_valid_and_no_other() {
        for vector in vectors("facebook").iter().chain(&vectors("instagram")) {
            let body = vector["body"].as_str().unwrap();
            let made = signature(vector["secret"].as_str().unwrap(), body.as_bytes());
            let given = vector["headers"]["X-Hub-Signature-256"].as_str().unwrap();
            assert_eq!(made == given, vector["valid"].as_bool().unwrap(), "{}", vector["name"]);
        }
    }

    #[test]
    fn bodies_are_escaped_as_in_the_vectors() {
        let mut compared = 0;
        for vector in vectors("facebook").iter().chain(&vectors("instagram")) {
            let body = vector["body"].as_str().unwrap();
            // The vectors keep another order of properties than ours: compared as sorted pieces.
            let sorted = |text: &str| {
                let mut pieces: Vec<char> = text.chars().collect();
                pieces.sort_unstable();
                pieces
            };
            let name = vector["name"].as_str().unwrap();
            if name.ends_with("_escaped") {
                let value: serde_json::Value = serde_json::from_str(body).unwrap();
                let wire = escaped(&value);
                assert!(wire.is_ascii());
                assert_eq!(sorted(&wire), sorted(body), "{name}");
                assert_eq!(serde_json::from_str::<serde_json::Value>(&wire).unwrap(), value);
                compared += 1;
            }
        }
        assert!(compared >= 4);
        assert_eq!(
            escaped(&serde_json::json!("å/🙂\u{202e}")),
            "\"\\u00e5\\/\\ud83d\\ude42\\u202e\""
        );
    }
}
