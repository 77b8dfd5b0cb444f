//! The reply texts: the shipped pack, approved as far as its facts were read at their source, so that a newcomer can
//! answer at once. What rests on anything unread stays a draft: that is what an approver would do, and it leaves
//! something to try approving on.

use super::people::{Staff, never};
use crate::app::App;
use crate::change::{Actor, Failure};
use crate::cli::Failed;
use crate::domain::id::PersonId;
use crate::domain::role::Role;
use crate::domain::template::{TemplateMove, TemplateState};
use crate::pack::ImportPack;
use crate::store::entity::template_version;
use crate::template::moves::{MoveVersion, TemplateRefused};
use crate::template::read;

/// The fact status of templates that nobody may approve unread.
const UNREAD: &str = "check-before-approval";

/// Imports what is missing; the editor submits it and the supervisor approves it.
pub(super) async fn ready(app: &App, staff: &Staff) -> Result<(), Failed> {
    let (Some(editor), Some(supervisor)) = (staff.with(Role::Editor), staff.with(Role::Supervisor)) else {
        return Err(Failed::Work("the demonstration has nobody to approve texts".to_owned()));
    };
    let import = ImportPack::shipped(Actor::Person(editor))?;
    if app.writer.change(import).await.map_err(never)?.added == 0 {
        // A kept desk: what people did to the texts since stays.
        return Ok(());
    }
    for document in read::list(app.db.reader()).await? {
        if document.template.fact_status == UNREAD {
            continue;
        }
        for version in document.versions {
            if version.state == TemplateState::Draft {
                move_(app, &version, TemplateMove::Submit, editor).await?;
                move_(app, &version, TemplateMove::Approve, supervisor).await?;
            }
        }
    }
    Ok(())
}

async fn move_(app: &App, version: &template_version::Model, by: TemplateMove, person: PersonId) -> Result<(), Failed> {
    let step = MoveVersion {
        version: version.id,
        by,
        person,
        expires_on: None,
    };
    match app.writer.change(step).await {
        Ok(_) => Ok(()),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(refused)) => Err(Failed::Work(format!(
            "the shipped text {} {} cannot {by}: {}",
            version.template_key,
            version.variant,
            why(&refused)
        ))),
    }
}

const fn why(refused: &TemplateRefused) -> &'static str {
    match refused {
        TemplateRefused::Absent => "it is not there",
        TemplateRefused::Illegal(_) => "its state does not allow it",
        TemplateRefused::SecondPerson => "a second person is needed",
        TemplateRefused::Unusable(_) => "the text is no template",
    }
}
