//! Every user-visible write, named once.
//!
//! `Op → decide → ChangeSet`: [`decide`] validates the input, authorises the actor and applies the domain's
//! rules, all of them, and answers with what to write or with everything that is wrong. It reads through
//! [`Reads`] and writes nothing; the store commits what it decided in one transaction.

mod check;
mod community;
mod framework;
mod member;
mod membership;
mod organization;
mod resource;
mod team;

pub use community::{CommunityEdit, NewCommunity};
pub use framework::{NewAssociation, NewFramework, NewStandard};
pub use member::{MemberEdit, NewAffiliation, NewMember};
pub use membership::NewMembership;
pub use organization::{NewOrganization, OrganizationEdit};
pub use resource::{NewAlignment, NewCreator, NewLink, NewResource, ResourceEdit};
pub use team::{NewTeam, TeamEdit};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{Viewer, audience};
use crate::change::{Actor, ChangeSet, Write};
use crate::error::{Error, Result};
use crate::id::{IdSource, MemberId, MembershipId, OrganizationId, ResourceId, TeamId};
use crate::model::{AnyRecord, CommunityRole, Member, Membership, Record, RecordKind};

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident($input:ty) = $code:literal => $decide:path),* $(,)?) => {
        /// An operation with its input. As JSON: `{"op": "add_member", "args": {…}}`.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "op", content = "args", rename_all = "snake_case")]
        pub enum Op {
            $($(#[$doc])* $name($input),)*
        }

        impl Op {
            /// The names of all operations.
            pub const NAMES: &'static [&'static str] = &[$($code),*];

            /// The operation's name, as the change log and errors have it.
            pub const fn name(&self) -> &'static str {
                match self { $(Op::$name(_) => $code,)* }
            }
        }

        /// What `op` does to the records that `context` reads, or everything that is wrong with it.
        ///
        /// # Errors
        /// `InvalidInput` with every field that breaks a rule; `NotFound` for what does not exist or may
        /// not be seen; `NotPermitted`; `Precondition` with everything that is missing.
        pub fn decide(context: &Context<'_>, op: &Op) -> Result<ChangeSet> {
            let (subject, writes) = match op {
                $(Op::$name(input) => {
                    let mut decision = Decision { context, op: $code, writes: Vec::new() };
                    let subject = $decide(&mut decision, input)?;
                    (AnyRecord::from(subject), decision.writes)
                })*
            };
            Ok(ChangeSet { op: op.name(), writes, subject })
        }
    };
}

ops! {
    /// Founds the community; the store does it once.
    FoundCommunity(NewCommunity) = "found_community" => community::found,
    /// Changes the community's name, language, charter or hub.
    ReviseCommunity(CommunityEdit) = "revise_community" => community::revise,
    /// Adds an organization.
    AddOrganization(NewOrganization) = "add_organization" => organization::add,
    /// Changes an organization.
    ReviseOrganization(OrganizationEdit) = "revise_organization" => organization::revise,
    /// Adds a member: active when the host does it, invited when a steward does.
    AddMember(NewMember) = "add_member" => member::add,
    /// Changes a member's names and addresses.
    ReviseMember(MemberEdit) = "revise_member" => member::revise,
    /// Records that a member works somewhere.
    AddAffiliation(AffiliationOf) = "add_affiliation" => member::add_affiliation,
    /// Records the last day of an affiliation.
    EndAffiliation(EndOfAffiliation) = "end_affiliation" => member::end_affiliation,
    /// Sets what a member may do in the community.
    SetCommunityRoles(CommunityRolesOf) = "set_community_roles" => member::set_roles,
    /// A member takes up an invitation to the community.
    ActivateMember(MemberRef) = "activate_member" => member::activate,
    /// A member leaves the community, or is removed.
    EndMember(MemberRef) = "end_member" => member::end,
    /// Creates a team.
    CreateTeam(NewTeam) = "create_team" => team::create,
    /// Changes a team.
    ReviseTeam(TeamEdit) = "revise_team" => team::revise,
    /// A forming team starts its work.
    ActivateTeam(TeamRef) = "activate_team" => team::activate,
    /// A team becomes history.
    ArchiveTeam(TeamRef) = "archive_team" => team::archive,
    /// The host records a membership that exists already.
    AddMembership(NewMembership) = "add_membership" => membership::add,
    /// A lead invites a member.
    InviteToTeam(NewMembership) = "invite_to_team" => membership::invite,
    /// A member asks to join.
    RequestToJoin(TeamRef) = "request_to_join" => membership::request,
    /// A lead approves a request.
    ApproveMembership(MembershipRef) = "approve_membership" => membership::approve,
    /// A lead turns a request down.
    RejectMembership(MembershipRef) = "reject_membership" => membership::reject,
    /// A member accepts an invitation.
    AcceptMembership(MembershipRef) = "accept_membership" => membership::accept,
    /// A member leaves, or a lead removes them.
    EndMembership(MembershipRef) = "end_membership" => membership::end,
    /// Sets what a member may do in a team.
    SetTeamRoles(TeamRolesOf) = "set_team_roles" => membership::set_roles,
    /// Records a framework as its publisher has it.
    RecordFramework(NewFramework) = "record_framework" => framework::record_framework,
    /// Records a standard as its publisher has it.
    RecordStandard(NewStandard) = "record_standard" => framework::record_standard,
    /// Records an association as its publisher has it.
    RecordAssociation(NewAssociation) = "record_association" => framework::record_association,
    /// Adds a resource, as a draft unless it says otherwise.
    AddResource(NewResource) = "add_resource" => resource::add,
    /// Changes a resource.
    ReviseResource(ResourceEdit) = "revise_resource" => resource::revise,
    /// Gives a resource to its audience.
    PublishResource(ResourceRef) = "publish_resource" => resource::publish,
    /// Keeps a resource, but recommends it no longer.
    RetireResource(ResourceRef) = "retire_resource" => resource::retire,
    /// Sets who a resource is meant for.
    SetVisibility(VisibilityOf) = "set_visibility" => resource::set_visibility,
    /// Shares a resource with somebody by name.
    GrantAccess(GrantOf) = "grant_access" => resource::grant,
    /// Takes a grant back.
    RevokeAccess(GrantOf) = "revoke_access" => resource::revoke,
    /// Takes the facilitators' and stewards' extra right away, or gives it back.
    SealResource(SealOf) = "seal_resource" => resource::seal,
    /// Deletes a resource.
    DeleteResource(ResourceRef) = "delete_resource" => resource::delete,
}

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $ty,)*
        }
    )*};
}

inputs! {
    /// Names a member.
    MemberRef {
        /// Which.
        member: MemberId,
    }
    /// Names a team.
    TeamRef {
        /// Which.
        team: TeamId,
    }
    /// Names a membership.
    MembershipRef {
        /// Which.
        membership: MembershipId,
    }
    /// Names a resource.
    ResourceRef {
        /// Which.
        resource: ResourceId,
    }
    /// An affiliation of a member.
    AffiliationOf {
        /// Whose.
        member: MemberId,
        /// Where and as what.
        affiliation: NewAffiliation,
    }
    /// The end of an affiliation.
    EndOfAffiliation {
        /// Whose.
        member: MemberId,
        /// Where.
        organization: OrganizationId,
        /// As what.
        role: String,
        /// The last day.
        until: NaiveDate,
    }
    /// A member's community roles.
    CommunityRolesOf {
        /// Whose.
        member: MemberId,
        /// All they shall hold: `owner`, `steward`, `convener`, `member`, `observer`.
        roles: Vec<String>,
    }
    /// A member's roles in a team.
    TeamRolesOf {
        /// Which membership.
        membership: MembershipId,
        /// All they shall hold: `lead`, `facilitator`, `mentor`, `member`, `observer`.
        roles: Vec<String>,
    }
    /// A resource's visibility.
    VisibilityOf {
        /// Which resource.
        resource: ResourceId,
        /// `public`, `community`, `organization:<id>`, `team:<id>` or `private`.
        visibility: String,
    }
    /// A resource shared by name.
    GrantOf {
        /// Which resource.
        resource: ResourceId,
        /// `member:<id>`, `team:<id>` or `organization:<id>`.
        grantee: String,
    }
    /// A resource's seal.
    SealOf {
        /// Which resource.
        resource: ResourceId,
        /// Whether it shall be sealed.
        sealed: bool,
    }
}

/// What rules read: one consistent state of the store.
pub trait Reads {
    /// The record, unless it does not exist or is deleted.
    fn get(&self, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>>;
    /// Whether the id was ever used, by a deleted record too.
    fn exists(&self, kind: RecordKind, id: Uuid) -> Result<bool>;
    /// The ids of the live records of a kind that have this key; see [`keys`](crate::store::keys).
    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>>;
    /// The memberships of a member, of a team, or of a member in a team.
    fn memberships(&self, member: Option<MemberId>, team: Option<TeamId>) -> Result<Vec<Membership>>;
}

impl dyn Reads + '_ {
    /// The typed record, where it exists.
    pub fn one<R: Record>(&self, id: R::Id) -> Result<Option<R>>
    where
        Uuid: From<R::Id>,
    {
        Ok(self.get(R::KIND, id.into())?.and_then(R::from_any))
    }
}

/// Everything a decision may depend on.
pub struct Context<'a> {
    /// The state of the store.
    pub reads: &'a dyn Reads,
    /// Where new ids come from.
    pub ids: &'a dyn IdSource,
    /// Who acts.
    pub actor: Actor,
    /// What the actor holds.
    pub viewer: &'a Viewer,
    /// When.
    pub now: DateTime<Utc>,
}

/// A decision in the making.
pub(crate) struct Decision<'a> {
    context: &'a Context<'a>,
    op: &'static str,
    writes: Vec<Write>,
}

impl Decision<'_> {
    fn reads(&self) -> &dyn Reads {
        self.context.reads
    }

    fn actor(&self) -> Actor {
        self.context.actor
    }

    fn by_host(&self) -> bool {
        self.context.actor == Actor::System
    }

    /// A new id for a record made now.
    fn new_id(&self) -> Uuid {
        self.context.ids.next(self.context.now)
    }

    /// The record, if the actor may see it; `NotFound` tells nothing about which of the two it is.
    fn subject<R: Record>(&self, id: R::Id) -> Result<R>
    where
        Uuid: From<R::Id>,
    {
        let missing = || Error::NotFound { kind: R::KIND.name(), id: id.to_string() };
        let record = self.reads().one::<R>(id)?.ok_or_else(missing)?;
        if !self.context.viewer.may_read(&audience(&record.clone().into())) {
            return Err(missing());
        }
        Ok(record)
    }

    /// Refuses, unless the host acts or `allowed` holds.
    fn permit(&self, allowed: bool) -> Result<()> {
        if self.by_host() || allowed { Ok(()) } else { Err(Error::NotPermitted { op: self.op }) }
    }

    /// Whether the actor stewards or owns the community: the stricter circle, for people and directories.
    fn stewards(&self) -> Result<bool> {
        let Some(actor) = self.actor().member() else { return Ok(false) };
        let member = self.reads().one::<Member>(actor)?;
        Ok(member.is_some_and(|member| member.holds(CommunityRole::Owner) || member.holds(CommunityRole::Steward)))
    }

    /// The member who acts; the host cannot do what only a person can.
    fn acting_member(&self) -> Result<MemberId> {
        self.actor().member().ok_or(Error::NotPermitted { op: self.op })
    }

    fn create<R: Record>(&mut self, record: R) -> R {
        self.writes.push(Write { before: None, after: record.clone().into(), deleted: false });
        record
    }

    /// Writes `after`, unless it is what there was already.
    fn change<R: Record>(&mut self, before: R, after: R) -> R {
        if before.values() == after.values() {
            return before;
        }
        self.writes.push(Write { before: Some(before.into()), after: after.clone().into(), deleted: false });
        after
    }

    fn remove<R: Record>(&mut self, record: R) -> R {
        self.writes.push(Write { before: Some(record.clone().into()), after: record.clone().into(), deleted: true });
        record
    }
}

macro_rules! uuid_from_id {
    ($($ty:ty),* $(,)?) => {$(
        impl From<$ty> for Uuid {
            fn from(id: $ty) -> Uuid {
                id.uuid()
            }
        }
    )*};
}
uuid_from_id!(
    crate::id::CommunityId,
    OrganizationId,
    MemberId,
    TeamId,
    MembershipId,
    crate::id::FrameworkId,
    crate::id::StandardId,
    crate::id::AssociationId,
    ResourceId,
);
