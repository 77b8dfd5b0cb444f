//! Waves: a narrative of which more comes, in a lane, than is expected for the hour.
//!
//! [`detect`] tells a wave from chance and is pure; [`usual`] says what is expected, from the hourly counts; [`look`] is
//! the job; [`note`] keeps waves and tells of them. A story told many times within minutes is told of by
//! [`crate::story::tally`]. Nothing here does anything in public: a wave is shown to people.

pub mod detect;
pub mod look;
pub mod note;
pub mod show;
pub mod usual;
