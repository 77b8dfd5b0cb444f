//! Roles of staff and the rights each carries (`product.md`, Users).

crate::words! {
    /// What a person is at the desk. One person may have several.
    pub enum Role {
        /// Works a lane on a shift.
        Moderator = "moderator",
        /// Decides escalations.
        Supervisor = "supervisor",
        /// Watches load, plans shifts.
        Lead = "lead",
        /// Writes templates and narratives.
        Editor = "editor",
        /// Users, connectors, retention, backups.
        Admin = "admin",
        /// Reads the audit trail.
        Auditor = "auditor",
    }
}

crate::words! {
    /// One thing a person or token may do. Every route names the right it needs.
    pub enum Right {
        /// Any signed-in person.
        SignedIn = "signed-in",
        /// See a lane without being checked in to it.
        SeeAllLanes = "see-all-lanes",
        /// Claim, decide, escalate in the lanes checked in to.
        WorkLane = "work-lane",
        /// Decide escalations.
        ResolveEscalation = "resolve-escalation",
        /// Set the intent of a comment.
        SetIntent = "set-intent",
        /// Put stories together and apart.
        ShapeStories = "shape-stories",
        /// See load per lane.
        SeeLoad = "see-load",
        /// See who is planned and on shift.
        SeeShifts = "see-shifts",
        /// Plan shifts for others.
        PlanShifts = "plan-shifts",
        /// Read templates.
        ReadTemplates = "read-templates",
        /// Write and submit templates.
        WriteTemplates = "write-templates",
        /// Approve, pause and retire templates somebody else wrote.
        ApproveTemplates = "approve-templates",
        /// Read narratives of the codebook.
        ReadNarratives = "read-narratives",
        /// Write and test narratives, take examples back.
        WriteNarratives = "write-narratives",
        /// Publish narratives that somebody else wrote.
        PublishNarratives = "publish-narratives",
        /// Read campaigns.
        ReadCampaigns = "read-campaigns",
        /// Change campaigns.
        WriteCampaigns = "write-campaigns",
        /// Read connectors and their health.
        ReadConnectors = "read-connectors",
        /// Change connectors.
        WriteConnectors = "write-connectors",
        /// Users and tokens.
        ManagePeople = "manage-people",
        /// Read the audit trail.
        ReadAudit = "read-audit",
        /// Hand in comments by API.
        Ingest = "ingest",
    }
}

impl Role {
    /// The rights this role carries.
    #[must_use]
    pub const fn rights(self) -> &'static [Right] {
        use Right::{
            ApproveTemplates, ManagePeople, PlanShifts, PublishNarratives, ReadAudit, ReadCampaigns, ReadConnectors,
            ReadNarratives, ReadTemplates, ResolveEscalation, SeeAllLanes, SeeLoad, SeeShifts, SetIntent, ShapeStories,
            SignedIn, WorkLane, WriteCampaigns, WriteConnectors, WriteNarratives, WriteTemplates,
        };
        match self {
            Self::Moderator => &[
                SignedIn,
                WorkLane,
                SeeShifts,
                ReadTemplates,
                ReadNarratives,
                ReadCampaigns,
            ],
            Self::Supervisor => &[
                SignedIn,
                WorkLane,
                SeeAllLanes,
                ResolveEscalation,
                SetIntent,
                ShapeStories,
                SeeLoad,
                SeeShifts,
                ReadTemplates,
                ApproveTemplates,
                ReadNarratives,
                WriteNarratives,
                PublishNarratives,
                ReadCampaigns,
                ReadConnectors,
            ],
            Self::Lead => &[
                SignedIn,
                SeeAllLanes,
                SeeLoad,
                SeeShifts,
                PlanShifts,
                ReadTemplates,
                ReadNarratives,
                ReadCampaigns,
                WriteCampaigns,
                ReadConnectors,
            ],
            Self::Editor => &[
                SignedIn,
                ReadTemplates,
                WriteTemplates,
                ApproveTemplates,
                ReadNarratives,
                WriteNarratives,
                PublishNarratives,
                ReadCampaigns,
                SeeShifts,
            ],
            Self::Admin => &[SignedIn, ManagePeople, ReadConnectors, WriteConnectors, SeeShifts],
            Self::Auditor => &[SignedIn, ReadAudit],
        }
    }
}
