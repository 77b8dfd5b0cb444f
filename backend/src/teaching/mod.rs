//! What people teach the desk: corrections kept as examples, narratives written and published, answers given blind.
//! Learns only from what a person said of a comment; never sets a tag itself, that is [`crate::tagging`].

pub mod blind;
pub mod check;
pub mod example;
pub mod narrative;
pub mod nearest;
pub mod taught;
pub mod trial;
pub mod why;
pub mod write;
