//! The subscription handshake: Meta asks, the challenge is sent back.

use subtle::ConstantTimeEq;

/// The challenge to answer with, or none if the query is not a subscription with our word.
///
/// Reads `hub.mode` and, as frameworks that rewrite dots hand it on, `hub_mode` (and so on).
pub(in crate::connector) fn challenge(verify_token: &str, query: &str) -> Option<String> {
    // The parser of the HTTP client is used: percent-encoding is not worth a second one.
    let mut address = reqwest::Url::parse("http://localhost/").ok()?;
    address.set_query(Some(query));
    let (mut mode, mut challenge, mut token) = (None, None, None);
    for (name, value) in address.query_pairs() {
        let place = match name.as_ref() {
            "hub.mode" | "hub_mode" => &mut mode,
            "hub.challenge" | "hub_challenge" => &mut challenge,
            "hub.verify_token" | "hub_verify_token" => &mut token,
            _ => continue,
        };
        // Said twice: which one counts would be a guess.
        if place.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    let (mode, challenge, token) = (mode?, challenge?, token?);
    let ours = !verify_token.is_empty() && bool::from(token.as_bytes().ct_eq(verify_token.as_bytes()));
    // It is echoed to whoever asks: only what a challenge can be.
    let plain = (1..=256).contains(&challenge.len())
        && challenge
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (mode == "subscribe" && ours && plain).then_some(challenge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::graph::sample;

    fn query(file: &str) -> (String, u64, String) {
        let exchange = sample::json("facebook", file);
        let mut address = reqwest::Url::parse("http://localhost/").unwrap();
        for (k, v) in exchange["request"]["query"].as_object().unwrap() {
            address.query_pairs_mut().append_pair(k, v.as_str().unwrap());
        }
        let response = &exchange["response"];
        let body = response["body"].as_str().unwrap().to_owned();
        (
            address.query().unwrap().to_owned(),
            response["status"].as_u64().unwrap(),
            body,
        )
    }

    #[test]
    fn the_documented_handshakes_are_answered_as_documented() {
        for file in ["api/00_handshake_ok.json", "api/00_handshake_wrong_token.json"] {
            let (query, status, body) = query(file);
            let expected = (status == 200).then_some(body);
            assert_eq!(challenge("desk-verify-token", &query), expected, "{file}");
            let underscored = query.replace("hub.", "hub_");
            assert_eq!(challenge("desk-verify-token", &underscored), expected, "{file}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for query in [
            "",
            "hub.mode=subscribe&hub.verify_token=w",
            "hub.mode=unsubscribe&hub.verify_token=w&hub.challenge=1",
            "hub.mode=subscribe&hub.verify_token=W&hub.challenge=1",
            "hub.mode=subscribe&hub.verify_token=w&hub.challenge=%3Cscript%3E",
            "hub.mode=subscribe&hub.verify_token=w&hub.verify_token=x&hub.challenge=1",
        ] {
            assert_eq!(challenge("w", query), None, "{query}");
        }
        assert_eq!(
            challenge("", "hub.mode=subscribe&hub.verify_token=&hub.challenge=1"),
            None
        );
        assert_eq!(
            challenge("å w", "hub.mode=subscribe&hub.verify_token=%C3%A5+w&hub.challenge=7"),
            Some("7".into())
        );
    }
}
