//! Waves: a narrative of which more comes, in a language and on a platform, than is expected for the hour.

pub mod detect;
