//! The reply texts: the shipped pack, with what rests on sources read approved, so that a newcomer can answer.

use super::people::Staff;
use crate::app::App;
use crate::cli::Failed;

/// Imports and approves.
pub(super) async fn ready(_app: &App, _staff: &Staff) -> Result<(), Failed> {
    Ok(())
}
