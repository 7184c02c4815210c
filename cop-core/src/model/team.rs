//! Teams: every group inside the community.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, TeamId};
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::visibility::Visibility;

vocabulary! {
    /// What a team is for.
    TeamKind {
        /// The people of a region; needs a region.
        Regional = "regional",
        /// People of several districts on a shared problem of practice.
        CrossDistrict = "cross_district",
        /// The people of a district.
        District = "district",
        /// The people of a school.
        Site = "site",
        /// A group with a task and an end; needs a term.
        WorkingGroup = "working_group",
        /// A project.
        Project = "project",
        /// A course; needs a term.
        Course = "course",
        /// A cohort that learns together; needs a term.
        Cohort = "cohort",
    }
}

closed! {
    /// How one gets into a team.
    Admission {
        /// Whoever asks is in.
        Open = "open",
        /// One asks, a lead decides.
        Request = "request",
        /// One answers questions, a lead decides.
        Application = "application",
        /// A lead invites.
        InviteOnly = "invite_only",
        /// Nobody joins any more.
        Closed = "closed",
    }
}

closed! {
    /// Where a team stands.
    TeamState {
        /// It gathers its people.
        Forming = "forming",
        /// It works.
        Active = "active",
        /// It is history.
        Archived = "archived",
    }
}

/// A region, as data: California alone has several divisions of its 58 counties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Whose division, such as `ccsesa`.
    pub scheme: String,
    /// The region's code in it.
    pub code: String,
}

/// A span of dates, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}
json_columns!(Region, Term);

record! {
    /// A group inside the community. Teams nest, at most six deep.
    Team(TeamId) {
        /// What it is for.
        kind: TeamKind = Immutable,
        /// Its name, 1 to 200 characters.
        name: String = Register,
        /// What it wants to do.
        charter: String = Register,
        /// The team above it.
        parent: Option<TeamId> = Register,
        /// The organizations it brings together.
        organizations: BTreeSet<OrganizationId> = Set,
        /// Its region, for regional teams.
        region: Option<Region> = Register,
        /// When it works; required of working groups, courses and cohorts.
        term: Option<Term> = Register,
        /// How one gets in.
        admission: Admission = Register,
        /// The visibility its resources get unless they say otherwise.
        default_visibility: Visibility = Register,
        /// The widest visibility its published resources may have.
        maximum_visibility: Visibility = Register,
        /// Where it stands.
        state: TeamState = Register,
    }
}
