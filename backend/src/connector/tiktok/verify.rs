//! `Tiktok-Signature: t=<seconds>,s=<hex>`: HMAC-SHA256 by the app secret over `t`, a dot and the raw body
//! (TikTok for Business, "Webhooks: verify the signature").

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::connector::VerifyError;

/// How old a signature may be, in seconds, either way.
const TOLERANCE: i64 = 300;

/// Whether the body is TikTok's.
pub(super) fn verify(
    secret: &str,
    header: &dyn Fn(&str) -> Option<String>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let said = header("tiktok-signature").ok_or(VerifyError::Missing)?;
    let part = |name: &str| said.split(',').find_map(|part| part.trim().strip_prefix(name));
    let time = part("t=").ok_or(VerifyError::Malformed)?;
    let signature = part("s=")
        .and_then(|hex| hex::decode(hex).ok())
        .ok_or(VerifyError::Malformed)?;
    let at: i64 = time.parse().map_err(|_| VerifyError::Malformed)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| VerifyError::Wrong)?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&signature).map_err(|_| VerifyError::Wrong)?;
    // A body that was signed long ago is somebody's copy.
    if secret.is_empty() || at.abs_diff(now.timestamp()) > TOLERANCE.unsigned_abs() {
        return Err(VerifyError::Wrong);
    }
    Ok(())
}
