//! Addresses of records (`at://did/collection/key`), and the keys under which the desk's own records stand.

use sha2::{Digest, Sha256};

/// The digits of a key that orders by time (atproto, "Timestamp Identifiers").
const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
/// Length of such a key.
const LENGTH: usize = 13;
/// Bits below the microseconds, which tell writers apart.
const WRITER_BITS: u32 = 10;
/// Own keys lie within this many microseconds (about 18 minutes) after the record they are about.
const SPREAD: u64 = 1 << 30;

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address<'a> {
    /// The account in whose repository it stands.
    pub(super) did: &'a str,
    /// Kind of record.
    pub(super) collection: &'a str,
    /// Its key.
    pub(super) key: &'a str,
}

/// Takes an address apart; none if it is not one. Addresses are outside text.
pub(super) fn address(uri: &str) -> Option<Address<'_>> {
    let mut parts = uri.strip_prefix("at://")?.splitn(3, '/');
    let (did, collection, key) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = |part: &str, most: usize, also: &[u8]| {
        let within = (1..=most).contains(&part.len());
        within && part.bytes().all(|b| b.is_ascii_alphanumeric() || also.contains(&b))
    };
    let is_one = did.starts_with("did:")
        && fits(did, 512, b":._-")
        && fits(collection, 317, b".-")
        && fits(key, 512, b"._~:-")
        && key != "."
        && key != "..";
    is_one.then_some(Address { did, collection, key })
}

/// A post's address; none if it is something else.
pub(super) fn post(uri: &str) -> Option<Address<'_>> {
    address(uri).filter(|address| address.collection == super::POST)
}

/// The key of the desk's own record about a comment: always the same for the same, so that writing it again writes nothing.
///
/// It stands in the order of time soon after the comment, as a key that a clock gave would.
pub(super) fn own(kind: &str, comment: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind, comment, text] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bits = hash
        .finalize()
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let after = address(comment).and_then(|address| number(address.key));
    let number = after.map_or(bits, |after| {
        let micros = (after >> WRITER_BITS).wrapping_add((bits >> WRITER_BITS) % SPREAD);
        micros << WRITER_BITS | bits & ((1 << WRITER_BITS) - 1)
    });
    // The highest bit of a key is always 0.
    written(number & (u64::MAX >> 1))
}

fn number(key: &str) -> Option<u64> {
    if key.len() != LENGTH {
        return None;
    }
    key.bytes().try_fold(0_u64, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        number.checked_mul(32)?.checked_add(u64::try_from(digit).ok()?)
    })
}

fn written(number: u64) -> String {
    (0..LENGTH)
        .rev()
        .filter_map(|place| DIGITS.get(usize::try_from(number >> (5 * place) & 31).ok()?))
        .map(|digit| char::from(*digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: &str = "at://did:plc:qwnb6dvomjfir6lpejiplma3/app.bsky.feed.post/3n2ve7iobo22l";

    #[test]
    fn addresses_that_would_change_a_call_are_none() {
        assert_eq!(post(COMMENT).map(|at| at.key), Some("3n2ve7iobo22l"));
        for uri in [
            "",
            "https://bsky.app/profile/x/post/3n2ve7iobo22l",
            "at://elin.example/app.bsky.feed.post/3n2ve7iobo22l",
            "at://did:plc:a/app.bsky.feed.post/",
            "at://did:plc:a/app.bsky.feed.post/..",
            "at://did:plc:a/app.bsky.feed.post/a/b",
            "at://did:plc:a/app.bsky.feed.post/a?b",
            "at://did:plc:å/app.bsky.feed.post/a",
            "at://did:plc:a/app.bsky.feed.like/a",
        ] {
            assert_eq!(post(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_key_is_the_same_for_the_same_and_another_for_anything_else() {
        let key = own("reply", COMMENT, "Hej!");
        assert_eq!(key, own("reply", COMMENT, "Hej!"));
        assert_ne!(key, own("like", COMMENT, "Hej!"));
        assert_ne!(key, own("reply", COMMENT, "Hej"));
        assert_ne!(key, own("reply", &COMMENT.replace("plc:q", "plc:r"), "Hej!"));
    }

    #[test]
    fn a_key_has_the_documented_form_and_stands_soon_after_the_comment() {
        let key = own("reply", COMMENT, "Hej!");
        assert_eq!(key.len(), LENGTH);
        assert!(
            key.as_str() > "3n2ve7iobo22l" && key.as_str() < "3n2vfcn7ee22l",
            "{key}"
        );
        assert_eq!(number("3n2ve7iobo22l").map(written).as_deref(), Some("3n2ve7iobo22l"));
        let odd = own("reply", "at://did:plc:a/app.bsky.feed.post/self", "Hej!");
        assert!(odd.len() == LENGTH && odd.as_bytes()[0] <= b'9', "{odd}");
    }
}
