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

impl TeamKind {
    /// Whether a team of this kind needs a term.
    pub fn is_timed(&self) -> bool {
        matches!(self, TeamKind::WorkingGroup | TeamKind::Course | TeamKind::Cohort)
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
    /// How mature a team is, for information (Wenger, McDermott & Snyder 2002).
    DevelopmentStage {
        /// People find each other.
        Potential = "potential",
        /// They come together.
        Coalescing = "coalescing",
        /// They set standards and define a learning agenda.
        Maturing = "maturing",
        /// They stay lively and open.
        Stewardship = "stewardship",
        /// They move on.
        Transformation = "transformation",
    }
}

closed! {
    /// Something that happened to a team; facts are only ever added.
    TeamFact {
        /// It started its work.
        Activated = "activated",
        /// It is history.
        Archived = "archived",
    }
}

impl TeamState {
    /// The state that `facts` amount to.
    pub fn of(facts: &BTreeSet<TeamFact>) -> Self {
        match facts.last() {
            None => TeamState::Forming,
            Some(TeamFact::Activated) => TeamState::Active,
            Some(TeamFact::Archived) => TeamState::Archived,
        }
    }
}

/// What the members of a team must be, together, before it starts its work; 0 asks nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormationRule {
    /// So many active members.
    pub min_members: u32,
    /// In so many different roles at their organizations: a cross-role team.
    pub min_distinct_roles: u32,
    /// From so many districts: a cross-district team.
    pub min_distinct_districts: u32,
    /// From so many counties.
    pub min_distinct_counties: u32,
    /// All from one district.
    pub same_district: bool,
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
json_columns!(Region, Term, FormationRule);

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
        state: TeamState = Derived,
        /// What happened to it.
        facts: BTreeSet<TeamFact> = Facts,
        /// The organization that carries it.
        hub: Option<OrganizationId> = Register,
        /// How mature it is, for information.
        stage: Option<DevelopmentStage> = Register,
        /// What its members must be, together.
        formation: Option<FormationRule> = Register,
        /// What an application must answer.
        questions: Vec<String> = Register,
    }
}
