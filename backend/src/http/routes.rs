//! The one table of routes, with what each asks of its caller.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use actix_web::Route;
use actix_web::web::{self, ServiceConfig};

use super::{api, assets, hooks, pages};
use crate::domain::role::Right;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: its caller proves itself otherwise, or there is nothing to protect.
    Nothing,
    /// A right.
    Right(Right),
}

macro_rules! routes {
    ($($method:ident $path:literal $need:expr => $handler:path),+ $(,)?) => {
        /// Every route: method, path, what it asks.
        pub const TABLE: &[(&str, &str, Need)] = &[$((stringify!($method), $path, $need)),+];

        fn handlers() -> Vec<(&'static str, Route)> {
            vec![$(($path, web::$method().to($handler))),+]
        }
    };
}

/// Registers every route: plain paths first, then those with parts to fill in, under what they begin with.
///
/// The router tries one after the other; a plain beginning is compared at once, a path with parts is a regular expression.
pub fn register(config: &mut ServiceConfig) {
    let mut areas: BTreeMap<Reverse<&'static str>, Vec<(&'static str, Route)>> = BTreeMap::new();
    for (path, route) in handlers() {
        match path.find("/{") {
            None => {
                config.route(path, route);
            }
            Some(end) => areas
                .entry(Reverse(&path[..end]))
                .or_default()
                .push((&path[end..], route)),
        }
    }
    // Backwards, so that a longer beginning comes before the shorter one it lies in.
    for (Reverse(beginning), routes) in areas {
        let area = routes
            .into_iter()
            .fold(web::scope(beginning), |area, (path, route)| area.route(path, route));
        config.service(area);
    }
}

use Need::{Nothing, Right as R};
use Right::{
    ApproveTemplates, Ingest, ManagePeople, PlanShifts, PublishNarratives, ReadAudit, ReadCampaigns, ReadConnectors,
    ReadNarratives, ReadTemplates, ResolveEscalation, SeeLoad, SeeShifts, ShapeStories, SignedIn, WorkLane,
    WriteCampaigns, WriteConnectors, WriteNarratives, WriteTemplates,
};

routes! {
    get "/healthz" Nothing => api::status::health,
    get "/readyz" Nothing => api::status::ready,
    get "/metrics" Nothing => api::status::metrics,

    get "/a/{tree}/{path:.*}" Nothing => assets::read,

    get "/" Nothing => pages::sign_in::home,
    get "/in" Nothing => pages::sign_in::form,
    post "/in" Nothing => pages::sign_in::enter,
    get "/in/password" R(SignedIn) => pages::sign_in::password_form,
    post "/in/password" R(SignedIn) => pages::sign_in::choose_password,
    post "/out" Nothing => pages::sign_in::leave,
    post "/locale" Nothing => pages::sign_in::choose_locale,
    get "/wire" R(SignedIn) => pages::wire::open,
    get "/desk" R(SignedIn) => pages::desk::list,
    post "/desk/next" R(WorkLane) => pages::hold::next,
    get "/desk/{id}" R(SignedIn) => pages::desk::item,
    get "/desk/{id}/reply" R(SignedIn) => pages::desk::reply,
    get "/desk/{id}/blind" R(WorkLane) => pages::blind::form,
    post "/desk/{id}/blind" R(WorkLane) => pages::blind::answer,
    get "/desk/{id}/why" R(SignedIn) => pages::why::show,
    post "/desk/{id}/claim" R(WorkLane) => pages::hold::claim,
    post "/desk/{id}/extend" R(WorkLane) => pages::hold::extend,
    post "/desk/{id}/release" R(WorkLane) => pages::hold::release,
    post "/desk/{id}/reveal" R(SignedIn) => pages::desk::reveal,
    post "/desk/{id}/decide" R(WorkLane) => pages::decide::make,
    post "/desk/{id}/preview" R(WorkLane) => pages::decide::preview,
    post "/desk/{id}/draft" R(WorkLane) => pages::decide::keep,
    post "/desk/{id}/escalate" R(WorkLane) => pages::decide::escalate,
    post "/desk/{id}/tags" R(WorkLane) => pages::correct::tags,
    post "/decisions/{id}/undo" R(WorkLane) => pages::undo::undo,

    get "/esc" R(ResolveEscalation) => pages::escalations::list,
    get "/esc/{id}" R(ResolveEscalation) => pages::escalations::one,
    post "/esc/{id}/resolve" R(ResolveEscalation) => pages::escalations::resolve,
    get "/load" R(SeeLoad) => pages::load::show,
    get "/need" R(SeeLoad) => pages::need::show,
    get "/insight" R(SeeLoad) => pages::insight::show,
    get "/insight.csv" R(SeeLoad) => pages::insight::file,
    post "/insight/stories/{id}/rename" R(ShapeStories) => pages::insight::rename,
    post "/insight/stories/{id}/merge" R(ShapeStories) => pages::insight::merge,
    get "/reports" R(SeeLoad) => pages::report::latest,
    get "/reports/{kind}/{name}" R(SeeLoad) => pages::report::show,
    get "/reports/{kind}/{name}/csv" R(SeeLoad) => pages::report::file,
    get "/channels" R(ReadConnectors) => pages::channels::show,
    get "/campaigns" R(ReadCampaigns) => pages::campaigns::list,
    post "/campaigns" R(WriteCampaigns) => pages::campaigns::add,
    get "/campaigns/{id}" R(ReadCampaigns) => pages::campaigns::show,
    post "/campaigns/{id}/ads" R(WriteCampaigns) => pages::campaigns::ad,
    post "/campaigns/{id}/materials" R(WriteCampaigns) => pages::campaigns::add_material,
    post "/campaigns/{id}/materials/{material}/retire" R(WriteCampaigns) => pages::campaigns::retire_material,
    get "/campaigns/{id}/materials/{material}/qr.svg" R(ReadCampaigns) => pages::campaigns::picture,
    get "/shifts" R(SeeShifts) => pages::shifts::list,
    post "/shifts" R(PlanShifts) => pages::shifts::plan,
    post "/shifts/copy" R(PlanShifts) => pages::shifts::copy,
    get "/shifts/calendar/{file}" Nothing => pages::calendar::read,
    post "/shifts/publish" R(PlanShifts) => pages::roster::publish,
    post "/shifts/exchange" R(WorkLane) => pages::roster::ask,
    post "/shifts/exchange/{id}/{said}" R(SeeShifts) => pages::roster::answer,
    post "/shifts/absence" R(SeeShifts) => pages::roster::note,
    post "/shifts/absence/{id}/take-back" R(SeeShifts) => pages::roster::take_back,
    post "/shifts/break" R(WorkLane) => pages::attend::start_break,
    post "/shifts/break/end" R(WorkLane) => pages::attend::end_break,
    get "/shifts/check-in" R(WorkLane) => pages::attend::in_form,
    post "/shifts/check-in" R(WorkLane) => pages::attend::check_in_lane,
    get "/shifts/{id}/check-in" R(WorkLane) => pages::attend::in_form_of,
    post "/shifts/{id}/check-in" R(WorkLane) => pages::attend::check_in,
    get "/shifts/{id}/check-out" R(SignedIn) => pages::attend::out_form,
    post "/shifts/{id}/check-out" R(SignedIn) => pages::attend::check_out,
    post "/shifts/{id}/prolong" R(WorkLane) => pages::attend::prolong,
    post "/shifts/{id}/cancel" R(PlanShifts) => pages::shifts::cancel,
    get "/templates" R(ReadTemplates) => pages::templates::list,
    get "/templates/{key}" R(ReadTemplates) => pages::templates::one,
    post "/templates/{key}/{lang}/edit" R(WriteTemplates) => pages::templates::edit,
    post "/templates/{key}/{lang}/submit" R(WriteTemplates) => pages::templates::submit,
    post "/templates/{key}/{lang}/{move}" R(ApproveTemplates) => pages::templates::decide,
    get "/narratives" R(ReadNarratives) => pages::narratives::list,
    get "/narratives/{key}" R(ReadNarratives) => pages::narratives::one,
    post "/narratives/{key}/edit" R(WriteNarratives) => pages::narratives::edit,
    post "/narratives/{key}/test" R(WriteNarratives) => pages::narratives::test,
    post "/narratives/{key}/{move}" R(PublishNarratives) => pages::narratives::act,
    get "/agreement" R(SeeLoad) => pages::blind::agreement,
    get "/examples" R(WriteNarratives) => pages::examples::list,
    post "/examples/{id}/take-back" R(WriteNarratives) => pages::examples::take_back,
    get "/people" R(ManagePeople) => pages::people::list,
    post "/people" R(ManagePeople) => pages::people::add,
    post "/people/{id}" R(ManagePeople) => pages::people::change,
    post "/people/{id}/disable" R(ManagePeople) => pages::people::disable,
    post "/people/{id}/enable" R(ManagePeople) => pages::people::enable,
    post "/people/{id}/reset" R(ManagePeople) => pages::people::reset,
    get "/me" R(SignedIn) => pages::me::form,
    post "/me" R(SignedIn) => pages::me::save,
    post "/me/calendar" R(SignedIn) => pages::calendar::renew,
    post "/me/password" R(SignedIn) => pages::me::password,
    get "/by-hand" R(WorkLane) => pages::hand::list,
    get "/enter" R(WorkLane) => pages::enter::form,
    post "/enter" R(WorkLane) => pages::enter::look,
    post "/enter/store" R(WorkLane) => pages::enter::store,
    post "/outbox/{id}/answer" R(WorkLane) => pages::outbox::answer,
    post "/outbox/{id}/retry" R(WorkLane) => pages::outbox::retry,
    get "/go" R(SignedIn) => pages::link::warn,
    get "/accessibility" Nothing => pages::me::accessibility,

    get "/hooks/{connector}" Nothing => hooks::handshake,
    post "/hooks/{connector}" Nothing => hooks::deliver,

    get "/api/v1/openapi.json" Nothing => api::openapi::read,
    post "/api/v1/session" Nothing => api::session::create,
    delete "/api/v1/session" R(SignedIn) => api::session::delete,
    get "/api/v1/me" R(SignedIn) => api::session::me,
    post "/api/v1/me/password" R(SignedIn) => api::session::password,
    get "/api/v1/me/sessions" R(SignedIn) => api::session::sessions,
    delete "/api/v1/me/sessions/{id}" R(SignedIn) => api::session::end,
    post "/api/v1/comments" R(Ingest) => api::comments::create,
    get "/api/v1/comments/{id}" R(SignedIn) => api::comments::read,
    get "/api/v1/comments/{id}/history" R(SignedIn) => api::comments::history,
    post "/api/v1/comments/{id}/claim" R(WorkLane) => api::comments::claim,
    post "/api/v1/comments/{id}/extend" R(WorkLane) => api::comments::extend,
    post "/api/v1/comments/{id}/release" R(WorkLane) => api::comments::release,
    get "/api/v1/comments/{id}/draft" R(WorkLane) => api::decisions::find_draft,
    post "/api/v1/comments/{id}/draft" R(WorkLane) => api::decisions::save_draft,
    post "/api/v1/comments/{id}/decision" R(WorkLane) => api::decisions::create,
    delete "/api/v1/decisions/{id}" R(WorkLane) => api::decisions::delete,
    post "/api/v1/comments/{id}/blind" R(WorkLane) => api::blind::answer,
    get "/api/v1/comments/{id}/why" R(SignedIn) => api::why::read,
    post "/api/v1/comments/{id}/tags" R(WorkLane) => api::tags::correct,
    post "/api/v1/comments/{id}/escalate" R(WorkLane) => api::escalations::create,
    get "/api/v1/escalations" R(ResolveEscalation) => api::escalations::list,
    get "/api/v1/escalations/{id}" R(ResolveEscalation) => api::escalations::read,
    post "/api/v1/escalations/{id}/resolve" R(ResolveEscalation) => api::escalations::resolve,
    get "/api/v1/templates" R(ReadTemplates) => api::templates::list,
    post "/api/v1/templates/pack" R(WriteTemplates) => api::templates::import,
    get "/api/v1/templates/{key}" R(ReadTemplates) => api::templates::read,
    post "/api/v1/templates/{key}/versions" R(WriteTemplates) => api::templates::edit,
    post "/api/v1/templates/versions/{id}/submit" R(WriteTemplates) => api::templates::submit,
    post "/api/v1/templates/versions/{id}/{move}" R(ApproveTemplates) => api::templates::act,
    get "/api/v1/agreement" R(SeeLoad) => api::blind::agreement,
    get "/api/v1/examples" R(WriteNarratives) => api::examples::list,
    delete "/api/v1/examples/{id}" R(WriteNarratives) => api::examples::take_back,
    get "/api/v1/narratives" R(ReadNarratives) => api::narratives::list,
    post "/api/v1/narratives" R(WriteNarratives) => api::narratives::write,
    post "/api/v1/narratives/versions/{id}/test" R(WriteNarratives) => api::narratives::test,
    post "/api/v1/narratives/versions/{id}/put-aside" R(WriteNarratives) => api::narratives::put_aside,
    post "/api/v1/narratives/versions/{id}/publish" R(PublishNarratives) => api::narratives::publish,
    get "/api/v1/narratives/{key}" R(ReadNarratives) => api::narratives::read,
    post "/api/v1/narratives/{key}/revert" R(PublishNarratives) => api::narratives::revert,
    get "/api/v1/queue" R(SignedIn) => api::queue::list,
    post "/api/v1/queue/next" R(WorkLane) => api::queue::next,
    get "/api/v1/outbox" R(SignedIn) => api::outbox::list,
    post "/api/v1/outbox/{id}/answer" R(WorkLane) => api::outbox::answer,
    post "/api/v1/outbox/{id}/retry" R(WorkLane) => api::outbox::retry,
    get "/api/v1/shifts" R(SeeShifts) => api::shifts::list,
    get "/api/v1/shifts/now" R(SeeShifts) => api::shifts::now,
    get "/api/v1/shifts/handover" R(SeeShifts) => api::attend::handover,
    post "/api/v1/shifts" R(PlanShifts) => api::shifts::plan,
    post "/api/v1/shifts/publish" R(PlanShifts) => api::shifts::publish,
    post "/api/v1/shifts/check-in" R(WorkLane) => api::attend::check_in_lane,
    post "/api/v1/shifts/break" R(WorkLane) => api::attend::start_break,
    post "/api/v1/shifts/break/end" R(WorkLane) => api::attend::end_break,
    post "/api/v1/shifts/{id}/check-in" R(WorkLane) => api::attend::check_in,
    post "/api/v1/shifts/{id}/check-out" R(SignedIn) => api::attend::check_out,
    post "/api/v1/shifts/{id}/prolong" R(WorkLane) => api::attend::prolong,
    post "/api/v1/shifts/{id}/cancel" R(PlanShifts) => api::shifts::cancel,
    get "/api/v1/absences" R(SeeShifts) => api::absences::list,
    post "/api/v1/absences" R(SeeShifts) => api::absences::create,
    post "/api/v1/absences/{id}/take-back" R(SeeShifts) => api::absences::take_back,
    get "/api/v1/exchanges" R(SeeShifts) => api::exchanges::list,
    post "/api/v1/exchanges" R(WorkLane) => api::exchanges::create,
    post "/api/v1/exchanges/{id}/approve" R(PlanShifts) => api::exchanges::approve,
    post "/api/v1/exchanges/{id}/refuse" R(PlanShifts) => api::exchanges::refuse,
    post "/api/v1/exchanges/{id}/{said}" R(WorkLane) => api::exchanges::answer,
    get "/api/v1/users" R(ManagePeople) => api::users::list,
    post "/api/v1/users" R(ManagePeople) => api::users::create,
    post "/api/v1/users/{id}" R(ManagePeople) => api::users::change,
    post "/api/v1/users/{id}/disable" R(ManagePeople) => api::users::disable,
    post "/api/v1/users/{id}/enable" R(ManagePeople) => api::users::enable,
    post "/api/v1/users/{id}/reset" R(ManagePeople) => api::users::reset,
    get "/api/v1/tokens" R(ManagePeople) => api::tokens::list,
    post "/api/v1/tokens" R(ManagePeople) => api::tokens::create,
    delete "/api/v1/tokens/{id}" R(ManagePeople) => api::tokens::withdraw,
    get "/api/v1/connectors" R(ReadConnectors) => api::connectors::list,
    post "/api/v1/connectors" R(WriteConnectors) => api::connectors::save,
    get "/api/v1/campaigns" R(ReadCampaigns) => api::campaigns::list,
    post "/api/v1/campaigns" R(WriteCampaigns) => api::campaigns::create,
    post "/api/v1/campaigns/{id}" R(WriteCampaigns) => api::campaigns::change,
    get "/api/v1/campaigns/{id}/materials" R(ReadCampaigns) => api::materials::list,
    post "/api/v1/campaigns/{id}/materials" R(WriteCampaigns) => api::materials::create,
    post "/api/v1/campaigns/{id}/materials/{material}/retire" R(WriteCampaigns) => api::materials::retire,
    get "/api/v1/audit" R(ReadAudit) => api::audit::list,
    get "/api/v1/load" R(SeeLoad) => api::load::read,
    get "/api/v1/staffing" R(SeeLoad) => api::staffing::read,
    get "/api/v1/waves" R(SeeLoad) => api::waves::list,
    get "/api/v1/stories" R(SeeLoad) => api::stories::list,
    get "/api/v1/stories/{id}" R(SeeLoad) => api::stories::read,
    post "/api/v1/stories/{id}/merge" R(ShapeStories) => api::stories::merge,
    post "/api/v1/stories/{id}/rename" R(ShapeStories) => api::stories::rename,
    post "/api/v1/stories/{id}/split" R(ShapeStories) => api::stories::split,
    get "/api/v1/stream" R(SignedIn) => api::stream::open,
}
