//! The desk's page: `pages/desk`.

use serde::Serialize;

use super::Choice;
use super::card::Card;
use super::composer::{Claim, Composer};
use super::item::Item;
use super::shell::Shell;
use crate::domain::lane::Lane;

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub view: &'static str,
    pub queue: Queue,
    pub item: Option<Item>,
    pub item_seq: i64,
    pub claim: Option<Claim>,
    pub composer: Option<Composer>,
}

/// The list.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Queue {
    pub lane: Lane,
    pub waiting: u32,
    pub near: u32,
    pub can_claim: bool,
    pub filtered: bool,
    pub lanes: Vec<Choice>,
    pub states: Vec<Choice>,
    pub platforms: Vec<Choice>,
    pub narratives: Vec<Choice>,
    pub ages: Vec<Choice>,
    pub hold: Hold,
    pub seq: i64,
    pub cards: Vec<Card>,
    pub empty: Empty,
    pub pager: Pager,
}

/// `parts/hold`: cards that wait to be shown. On a fresh page none.
#[derive(Debug, Clone, Serialize)]
pub struct Hold {
    /// How many.
    pub count: u32,
    /// Shows them without script.
    pub href: String,
}

/// `parts/empty`.
#[derive(Debug, Clone, Serialize)]
pub struct Empty {
    /// Of the element.
    pub id: &'static str,
    /// Key of the sentence.
    pub sentence: &'static str,
    /// When the list was read.
    pub checked_at: Option<i64>,
    /// Where else to look.
    pub href: Option<String>,
    /// Key of that link's text.
    pub link: &'static str,
}

/// `parts/pager`.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    /// Address of the next page.
    pub next: Option<String>,
}
