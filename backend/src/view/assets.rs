//! Files served to browsers, embedded in the binary and compressed beforehand. Must not read the disk.
//!
//! Every address holds the hash of the whole tree, so that a file never changes under its address and may be cached for
//! ever, and relative imports between scripts keep working.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Path below `frontend-assets`, such as `css/base.css`.
    pub path: &'static str,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// The file as it is.
    pub plain: &'static [u8],
    /// The file in brotli (RFC 7932), if that is smaller.
    pub br: Option<&'static [u8]>,
    /// The file in gzip (RFC 1952), if that is smaller.
    pub gz: Option<&'static [u8]>,
}

impl Asset {
    /// The smallest form a client takes that sent this `Accept-Encoding`, and the `Content-Encoding` to name.
    #[must_use]
    pub fn best(&self, accept_encoding: &str) -> (Option<&'static str>, &'static [u8]) {
        if let Some(bytes) = self.br.filter(|_| accepts(accept_encoding, "br")) {
            return (Some("br"), bytes);
        }
        if let Some(bytes) = self.gz.filter(|_| accepts(accept_encoding, "gzip")) {
            return (Some("gzip"), bytes);
        }
        (None, self.plain)
    }
}

/// Whether a coding is named without a weight of zero (RFC 9110, section 12.5.3). `*` is taken as a no: plain always works.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

/// The embedded file of this path, such as `css/base.css`.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    let index = SERVED.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    SERVED.get(index)
}

/// Every embedded file, by path.
#[must_use]
pub fn all() -> &'static [Asset] {
    SERVED
}

/// The hash of the tree: the part of every address after `/a/`.
#[must_use]
pub const fn tree() -> &'static str {
    TREE
}

/// The address a path is served at. Does not look whether the file exists.
#[must_use]
pub fn url(path: &str) -> String {
    format!("/a/{TREE}/{path}")
}

/// The embedded sources below a folder, with their paths inside it.
pub(super) fn sources(folder: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    SOURCES
        .iter()
        .filter_map(move |(path, text)| Some((path.strip_prefix(folder)?.strip_prefix('/')?, *text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    static SAMPLE: Asset = Asset {
        path: "css/a.css",
        content_type: "text/css",
        plain: b"plain",
        br: Some(b"b"),
        gz: Some(b"g"),
    };

    #[test]
    fn the_best_coding_a_client_takes_is_chosen() {
        assert_eq!(SAMPLE.best("gzip, deflate, br"), (Some("br"), &b"b"[..]));
        assert_eq!(SAMPLE.best("gzip"), (Some("gzip"), &b"g"[..]));
        assert_eq!(SAMPLE.best("br;q=0, gzip;q=0.5"), (Some("gzip"), &b"g"[..]));
        assert_eq!(SAMPLE.best(""), (None, &b"plain"[..]));
    }

    #[test]
    fn embedded_files_are_found_by_path_and_no_source_is_among_them() {
        assert!(
            all().windows(2).all(|pair| pair[0].path < pair[1].path),
            "binary search needs order"
        );
        for asset in all() {
            assert_eq!(find(asset.path).map(|found| found.path), Some(asset.path));
            assert!(
                !asset.path.starts_with("templates/") && !asset.path.starts_with("locales/"),
                "{}",
                asset.path
            );
        }
        assert!(find("css/../Cargo.toml").is_none());
    }

    #[test]
    fn the_address_holds_the_hash_of_the_tree() {
        assert_eq!(tree().len(), 12);
        assert_eq!(url("css/base.css"), format!("/a/{}/css/base.css", tree()));
    }
}
