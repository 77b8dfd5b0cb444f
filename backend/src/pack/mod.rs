//! A pack: templates and the facts they rest on as one file, shared between authorities. Everything in it arrives as
//! a draft; approving is the desk's own.

mod import;
mod read;

pub use import::{ImportPack, Imported};
pub use read::{Fact, Pack, PackTemplate, PackVariant, Slot, Unreadable};
