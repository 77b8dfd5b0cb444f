//! The platforms a comment can come from and what each lets the desk do.

crate::words! {
    /// Where a comment was written.
    pub enum Platform {
        /// Facebook Page and ad posts.
        Facebook = "facebook",
        /// Instagram professional account.
        Instagram = "instagram",
        /// YouTube channel.
        Youtube = "youtube",
        /// TikTok ads and account.
        Tiktok = "tiktok",
        /// Snapchat: no public comment interface; comments are entered by hand.
        Snapchat = "snapchat",
        /// Mastodon account.
        Mastodon = "mastodon",
        /// Bluesky account.
        Bluesky = "bluesky",
        /// Entered by hand or by a programme.
        Manual = "manual",
    }
}

crate::words! {
    /// Whether a connector works.
    pub enum ConnectorState {
        /// Works.
        Ok = "ok",
        /// Its token is void: somebody must sign the account in again.
        SignInNeeded = "sign-in-needed",
        /// The platform took a right away.
        PermissionLost = "permission-lost",
        /// Paused by staff.
        Paused = "paused",
    }
}
