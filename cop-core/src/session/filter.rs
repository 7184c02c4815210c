//! Which records a list shows.

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::{Cursor, Page, PageRequest, Session};
use crate::error::Result;
use crate::id::{ConveningId, CycleId, FrameworkId, GoalId, MeasureId, MemberId, OrganizationId, StandardId, TeamId};
use crate::model::{
    AnyRecord, AttendanceStatus, CdsCode, ConsentState, ConveningKind, ConveningState, CycleKind, EntryKind,
    ExternalId, FindingKind, FindingState, GoalKind, GoalStatus, Language, MeasureRole, MemberState, MembershipState,
    MentorshipState, OrganizationKind, Phase, RecordKind, RecordRef, ResourceKind, ResourceState, SchoolYear,
    StandardCode, StoryKind, TeamKind, TeamState, Value,
};
use crate::store::{Listing, about_key, external_key, member_key, organization_key, parent_key, team_key};
use crate::tagged::{self, Tagged};

macro_rules! filters {
    ($($(#[$doc:meta])* $name:ident: $kind:ident {
        $($(#[$fdoc:meta])* $field:ident / $with:ident: $ty:ty => $condition:expr,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$fdoc])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $field: Option<$ty>,)*
        }

        impl $name {
            /// Everything.
            pub fn new() -> Self {
                Self::default()
            }
            $($(#[$fdoc])*
            #[must_use]
            pub fn $with(mut self, $field: impl Into<$ty>) -> Self {
                self.$field = Some($field.into());
                self
            })*

            pub(super) fn listing(&self) -> Listing {
                let mut listing = Listing::default();
                $(if let Some(value) = &self.$field {
                    let condition: fn(&$ty) -> Condition = $condition;
                    match condition(value) {
                        Condition::Column(column, value) => listing.equal.push((column, value)),
                        Condition::Key(key) => listing.keys.push(key),
                    }
                })*
                listing
            }
        }

        impl From<$name> for ListFilter {
            fn from(filter: $name) -> Self {
                ListFilter::$kind(filter)
            }
        }
    )*

        /// What to list: a kind of record, and which of them. As JSON: `{"kind": "resource", "filter": {"state": "published"}}`.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(tag = "kind", content = "filter", rename_all = "snake_case")]
        pub enum ListFilter {
            $($(#[$doc])* $kind($name),)*
        }

        impl Tagged for ListFilter {
            const KEYS: &'static [&'static str; 2] = &["kind", "filter"];
            const NAMES: &'static [&'static str] = &[$(RecordKind::$kind.name()),*];
            fn read<'de, D: Deserializer<'de>>(name: &str, content: D) -> std::result::Result<Self, D::Error> {
                $(if name == RecordKind::$kind.name() {
                    return $name::deserialize(content).map(ListFilter::$kind);
                })*
                Err(serde::de::Error::unknown_variant(name, Self::NAMES))
            }
        }

        impl<'de> Deserialize<'de> for ListFilter {
            fn deserialize<D: Deserializer<'de>>(filter: D) -> std::result::Result<Self, D::Error> {
                tagged::read(filter)
            }
        }

        impl ListFilter {
            pub(super) fn listing(&self) -> (RecordKind, Listing) {
                match self {
                    $(ListFilter::$kind(filter) => (RecordKind::$kind, filter.listing()),)*
                }
            }
        }
    };
}

impl Session {
    /// Lists records of any kind; the typed lists, such as [`Session::resources`], are this with a kind.
    ///
    /// # Errors
    /// `InvalidInput` for a limit or cursor that is none.
    pub fn list(&self, filter: &ListFilter, page: &PageRequest) -> Result<Page<AnyRecord>> {
        let (kind, listing) = filter.listing();
        self.page(kind, listing, page)
    }

    /// A page of a list, record by record, for whoever makes something else of each; answers where the next page begins.
    ///
    /// ```
    /// use cop_core::{AnyRecord, Community, NewCommunity, NewResource, PageRequest, ResourceFilter};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// cop.steward().add_resource(NewResource::new("task", "Fraction strips"))?;
    /// let mut titles = Vec::new();
    /// let next = cop.steward().each(&ResourceFilter::new().into(), &PageRequest::default(), &mut |record| {
    ///     if let AnyRecord::Resource(resource) = record {
    ///         titles.push(resource.title);
    ///     }
    /// })?;
    /// assert_eq!((titles, next), (vec!["Fraction strips".to_owned()], None));
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`Session::list`].
    pub fn each(
        &self,
        filter: &ListFilter,
        page: &PageRequest,
        each: &mut dyn FnMut(AnyRecord),
    ) -> Result<Option<Cursor>> {
        let (kind, listing) = filter.listing();
        self.turn(kind, listing, page, each)
    }
}

/// One condition of a list: a column with a value, or a key.
enum Condition {
    Column(&'static str, Value),
    Key(String),
}

impl Condition {
    fn id(column: &'static str, id: impl Into<Uuid>) -> Self {
        Condition::Column(column, Value::Id(id.into()))
    }

    fn text(column: &'static str, text: impl ToString) -> Self {
        Condition::Column(column, Value::Text(text.to_string()))
    }
}

filters! {
    /// Which organizations to list.
    OrganizationFilter: Organization {
        /// Of this kind.
        kind / with_kind: OrganizationKind => |kind| Condition::text("kind", kind),
        /// Directly below this one.
        parent / with_parent: OrganizationId => |id| Condition::id("parent", *id),
        /// With this external id.
        external_id / with_external_id: ExternalId => |id| Condition::Key(external_key(id)),
        /// With this California code.
        cds / with_cds: CdsCode => |cds| Condition::Key(format!("cds:{cds}")),
    }
    /// Which members to list.
    MemberFilter: Member {
        /// In this state.
        state / with_state: MemberState => |state| Condition::text("state", state),
        /// Who are or were affiliated with this organization.
        organization / with_organization: OrganizationId => |id| Condition::Key(organization_key(*id)),
    }
    /// Which teams to list.
    TeamFilter: Team {
        /// Of this kind.
        kind / with_kind: TeamKind => |kind| Condition::text("kind", kind),
        /// In this state.
        state / with_state: TeamState => |state| Condition::text("state", state),
        /// Directly below this one.
        parent / with_parent: TeamId => |id| Condition::id("parent", *id),
    }
    /// Which memberships to list.
    MembershipFilter: Membership {
        /// Of this member.
        member / with_member: MemberId => |id| Condition::id("member", *id),
        /// In this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// In this state.
        state / with_state: MembershipState => |state| Condition::text("state", state),
    }
    /// Which frameworks to list.
    FrameworkFilter: Framework {
        /// With this GUID, as its publisher writes it.
        identifier / with_identifier: String => |text| Condition::text("identifier", text),
    }
    /// Which standards to list.
    StandardFilter: Standard {
        /// Of this framework.
        framework / with_framework: FrameworkId => |id| Condition::id("framework", *id),
        /// Directly below this one.
        parent / with_parent: StandardId => |id| Condition::id("parent", *id),
        /// With this code, in any spelling with all its parts.
        code / with_code: String => |code| Condition::text("code_key", StandardCode::new(code).map(|c| c.to_string()).unwrap_or_default()),
    }
    /// Which associations to list.
    AssociationFilter: Association {
        /// Of this framework's package.
        framework / with_framework: FrameworkId => |id| Condition::id("framework", *id),
    }
    /// Which resources to list.
    ResourceFilter: Resource {
        /// Of this kind.
        kind / with_kind: ResourceKind => |kind| Condition::text("kind", kind),
        /// In this state.
        state / with_state: ResourceState => |state| Condition::text("state", state),
        /// In this language, exactly.
        language / with_language: Language => |language| Condition::text("language", language),
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// Of this school year.
        school_year / with_school_year: SchoolYear => |year| Condition::text("school_year", year),
        /// Made by this member.
        created_by / with_created_by: MemberId => |id| Condition::id("created_by", *id),
        /// With this external id.
        external_id / with_external_id: ExternalId => |id| Condition::Key(external_key(id)),
        /// From this convening.
        convening / with_convening: ConveningId => |id| Condition::id("convening", *id),
        /// From this cycle.
        cycle / with_cycle: CycleId => |id| Condition::id("cycle", *id),
    }
    /// Which goals to list.
    GoalFilter: Goal {
        /// Of this kind.
        kind / with_kind: GoalKind => |kind| Condition::text("kind", kind),
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// With this status.
        status / with_status: GoalStatus => |status| Condition::text("status", status),
        /// Of this school year.
        school_year / with_school_year: SchoolYear => |year| Condition::text("school_year", year),
        /// Directly below this one.
        parent / with_parent: GoalId => |id| Condition::Key(parent_key(*id)),
    }
    /// Which cycles to list.
    CycleFilter: Cycle {
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// Of this kind.
        kind / with_kind: CycleKind => |kind| Condition::text("kind", kind),
        /// In this phase.
        phase / with_phase: Phase => |phase| Condition::text("phase", phase),
        /// Of this school year.
        school_year / with_school_year: SchoolYear => |year| Condition::text("school_year", year),
        /// Within this year-long inquiry.
        parent / with_parent: CycleId => |id| Condition::id("parent", *id),
        /// Led by this member, or with them.
        member / with_member: MemberId => |id| Condition::Key(member_key(*id)),
    }
    /// Which measures to list.
    MeasureFilter: Measure {
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// For this.
        role / with_role: MeasureRole => |role| Condition::text("role", role),
    }
    /// Which observations to list.
    ObservationFilter: Observation {
        /// Of this measure.
        measure / with_measure: MeasureId => |id| Condition::id("measure", *id),
        /// Of this organization.
        organization / with_organization: OrganizationId => |id| Condition::id("organization", *id),
    }
    /// Which convenings to list.
    ConveningFilter: Convening {
        /// Of this kind.
        kind / with_kind: ConveningKind => |kind| Condition::text("kind", kind),
        /// In this state.
        state / with_state: ConveningState => |state| Condition::text("state", state),
        /// Of this team.
        team / with_team: TeamId => |id| Condition::Key(team_key(*id)),
        /// The sessions of this one.
        parent / with_parent: ConveningId => |id| Condition::id("parent", *id),
        /// Of this cycle.
        cycle / with_cycle: CycleId => |id| Condition::id("cycle", *id),
    }
    /// Which attendances to list.
    AttendanceFilter: Attendance {
        /// At this convening.
        convening / with_convening: ConveningId => |id| Condition::id("convening", *id),
        /// Of this member.
        member / with_member: MemberId => |id| Condition::id("member", *id),
        /// With this status.
        status / with_status: AttendanceStatus => |status| Condition::text("status", status),
    }
    /// Which stories to list.
    StoryFilter: Story {
        /// Of this kind.
        kind / with_kind: StoryKind => |kind| Condition::text("kind", kind),
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// About this record.
        about / with_about: RecordRef => |record| Condition::Key(about_key(*record)),
        /// With consent in this state.
        consent / with_consent: ConsentState => |state| Condition::text("consent", state),
    }
    /// Which mentorships to list.
    MentorshipFilter: Mentorship {
        /// Of this mentor.
        mentor / with_mentor: MemberId => |id| Condition::id("mentor", *id),
        /// Of this mentee.
        mentee / with_mentee: MemberId => |id| Condition::id("mentee", *id),
        /// In this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
        /// In this state.
        state / with_state: MentorshipState => |state| Condition::text("state", state),
    }
    /// Which notes to list.
    EntryFilter: Entry {
        /// About this record.
        subject / with_subject: RecordRef => |record| Condition::id("subject", record.id),
        /// Of this kind.
        kind / with_kind: EntryKind => |kind| Condition::text("kind", kind),
        /// Of this phase.
        phase / with_phase: Phase => |phase| Condition::text("phase", phase),
    }
    /// Which findings to list.
    FindingFilter: Finding {
        /// Of this kind.
        kind / with_kind: FindingKind => |kind| Condition::text("kind", kind),
        /// In this state.
        state / with_state: FindingState => |state| Condition::text("state", state),
        /// About this record.
        about / with_about: RecordRef => |record| Condition::Key(about_key(*record)),
        /// Of this team.
        team / with_team: TeamId => |id| Condition::id("team", *id),
    }
}
