//! What a campaign has to point to.

crate::words! {
    /// The kind of a material.
    pub enum MaterialKind {
        /// A film.
        Film = "film",
        /// A picture to show.
        Banner = "banner",
        /// A page to read.
        Link = "link",
    }
}
