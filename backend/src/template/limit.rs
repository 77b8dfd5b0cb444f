//! How long a reply may be on each platform, counted as the platform counts (platform reference, 1.4).

use crate::connector::{self, Counting};
use crate::domain::platform::Platform;

/// Bluesky's second limit (`app.bsky.feed.post`, `text`: 300 graphemes and 3,000 bytes).
const BLUESKY_BYTES: usize = 3_000;

/// The longest text a platform takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// In the platform's unit.
    pub most: usize,
    /// The unit.
    pub counting: Counting,
    /// Most bytes, where the platform limits these too.
    pub most_bytes: Option<usize>,
}

impl Limit {
    /// The limit of public replies, whoever they are to.
    #[must_use]
    pub fn of(platform: Platform) -> Self {
        Self::to(platform, None)
    }

    /// The limit of a public reply to an author of this handle.
    #[must_use]
    pub fn to(platform: Platform, handle: Option<&str>) -> Self {
        if let Some(protocol) = connector::of(platform) {
            let can = protocol.capabilities();
            let most = can.reply_limit.saturating_sub(protocol.address_length(handle));
            return Self {
                most_bytes: (platform == Platform::Bluesky).then_some(BLUESKY_BYTES),
                ..Self::points(most, can.counting)
            };
        }
        match platform {
            // 1,200 for organic replies; replies under ads are not documented, and 150 fits both.
            Platform::Tiktok | Platform::Snapchat => Self::points(150, Counting::CodePoints),
            Platform::Youtube => Self::points(10_000, Counting::CodePoints),
            Platform::Instagram => Self::points(2_200, Counting::CodePoints),
            Platform::Mastodon => Self::points(500, Counting::LinksAndNames),
            Platform::Bluesky => Self {
                most_bytes: Some(BLUESKY_BYTES),
                ..Self::points(300, Counting::Graphemes)
            },
            Platform::Facebook | Platform::Manual => Self::points(8_000, Counting::CodePoints),
        }
    }

    /// The limit of a private reply to an author of this handle; that of public ones where the platform is not connected.
    #[must_use]
    pub fn to_private(platform: Platform, handle: Option<&str>) -> Self {
        connector::of(platform).map_or_else(
            || Self::to(platform, handle),
            |protocol| {
                let can = protocol.capabilities();
                let most = can.private_reply_limit.saturating_sub(protocol.address_length(handle));
                Self::points(most, can.counting)
            },
        )
    }

    const fn points(most: usize, counting: Counting) -> Self {
        Self {
            most,
            counting,
            most_bytes: None,
        }
    }

    /// The length of a text in the platform's unit.
    #[must_use]
    pub fn count(&self, text: &str) -> usize {
        self.counting.length(text)
    }

    /// By how much a text is too long; 0 when it fits.
    #[must_use]
    pub fn over(&self, text: &str) -> usize {
        let bytes = self.most_bytes.map_or(0, |most| text.len().saturating_sub(most));
        self.count(text).saturating_sub(self.most).max(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;
    use crate::domain::platform::Platform;

    #[test]
    fn bluesky_counts_what_a_reader_sees_and_also_bytes() {
        let limit = Limit::of(Platform::Bluesky);
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(limit.count(family), 1);
        assert_eq!(limit.over(&"a".repeat(301)), 1);
        assert_eq!(limit.over(&"a".repeat(300)), 0);
        assert_eq!(limit.over(&family.repeat(121)), 121 * family.len() - 3_000);
    }

    #[test]
    fn mastodon_counts_whom_it_is_to() {
        assert_eq!(Limit::of(Platform::Mastodon).most, 468);
        let limit = Limit::to(Platform::Mastodon, Some("elin@annan.example"));
        assert_eq!(limit.most, 494);
        let link = format!("https://exempel.se/{}", "a".repeat(200));
        assert_eq!(limit.over(&format!("{} {link}", "å".repeat(470))), 0);
        assert_eq!(limit.over(&format!("{} {link}", "å".repeat(471))), 1);
        assert_eq!(Limit::to_private(Platform::Mastodon, Some("sam")).most, 495);
    }

    #[test]
    fn other_platforms_count_code_points() {
        assert_eq!(Limit::of(Platform::Tiktok).over(&"å".repeat(151)), 1);
        assert_eq!(Limit::of(Platform::Facebook).count("👨‍👩‍👧‍👦"), 7);
        assert_eq!(Limit::to_private(Platform::Facebook, None).most, 1_000);
    }
}
