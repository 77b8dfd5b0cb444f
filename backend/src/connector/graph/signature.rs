//! Whether Meta signed a body (`X-Hub-Signature-256`).
//!
//! Works on the raw bytes only: a body parsed and written again has other bytes and another signature.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::connector::VerifyError;

const HEADER: &str = "x-hub-signature-256";
const PREFIX: &str = "sha256=";

/// HMAC-SHA256 of the raw body under the app secret, compared in constant time.
pub(in crate::connector) fn verify(
    secret: &str,
    header: &dyn Fn(&str) -> Option<String>,
    body: &[u8],
) -> Result<(), VerifyError> {
    let claimed = header(HEADER).ok_or(VerifyError::Missing)?;
    let digits = claimed.strip_prefix(PREFIX).ok_or(VerifyError::Malformed)?;
    let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if digits.len() != 64 || !digits.bytes().all(lower_hex) {
        return Err(VerifyError::Malformed);
    }
    let claimed = hex::decode(digits).map_err(|_| VerifyError::Malformed)?;
    // HMAC takes an empty key: an account without a secret would accept what anybody can sign.
    if secret.is_empty() {
        return Err(VerifyError::Wrong);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| VerifyError::Wrong)?;
    mac.update(body);
    mac.verify_slice(&claimed).map_err(|_| VerifyError::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::graph::sample;

    fn vectors(platform: &str) -> Vec<serde_json::Value> {
        let file = sample::json(platform, "signature_vectors.json");
        file["vectors"].as_array().unwrap().clone()
    }

    #[test]
    fn every_signature_vector_is_judged_as_written() {
        let mut judged = 0;
        for vector in vectors("facebook").into_iter().chain(vectors("instagram")) {
            let header = |name: &str| {
                let headers = vector["headers"].as_object().unwrap();
                let found = headers.iter().find(|(k, _)| k.eq_ignore_ascii_case(name));
                found.map(|(_, v)| v.as_str().unwrap().to_owned())
            };
            let body = vector["body"].as_str().unwrap();
            assert_eq!(u64::try_from(body.len()).ok(), vector["body_bytes"].as_u64());
            let outcome = verify(vector["secret"].as_str().unwrap(), &header, body.as_bytes());
            assert_eq!(
                outcome.is_ok(),
                vector["valid"].as_bool().unwrap(),
                "{}",
                vector["name"]
            );
            judged += 1;
        }
        assert!(judged >= 16);
    }

    #[test]
    fn header_absent_malformed_and_wrong_are_told_apart() {
        let with = |value: Option<&str>| {
            let value = value.map(str::to_owned);
            verify("secret", &move |_| value.clone(), b"{}")
        };
        assert_eq!(with(None), Err(VerifyError::Missing));
        for malformed in [
            "",
            "sha256=",
            "sha1=00",
            "sha256=zz",
            &format!("sha256={}", "A".repeat(64)),
        ] {
            assert_eq!(with(Some(malformed)), Err(VerifyError::Malformed), "{malformed}");
        }
        assert_eq!(
            with(Some(&format!("sha256={}", "0".repeat(64)))),
            Err(VerifyError::Wrong)
        );
    }

    #[test]
    fn an_empty_secret_accepts_nothing() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(b"{}");
        let value = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        assert_eq!(verify("", &|_| Some(value.clone()), b"{}"), Err(VerifyError::Wrong));
    }

    #[test]
    fn one_flipped_bit_anywhere_breaks_the_signature() {
        let vector = &vectors("facebook")[0];
        let secret = vector["secret"].as_str().unwrap();
        let value = vector["headers"]["X-Hub-Signature-256"].as_str().unwrap().to_owned();
        let mut body = vector["body"].as_str().unwrap().as_bytes().to_vec();
        for at in 0..body.len() {
            body[at] ^= 1;
            assert_eq!(verify(secret, &|_| Some(value.clone()), &body), Err(VerifyError::Wrong));
            body[at] ^= 1;
        }
        assert_eq!(verify(secret, &|_| Some(value.clone()), &body), Ok(()));
    }
}
