//! A session: everything that is read and written, on behalf of someone.

mod filter;
mod page;
mod transaction;

use std::ops::ControlFlow;

use crate::access::{Token, Viewer, may_edit, redact};
use crate::change::{Actor, Revision};
use crate::community::Community;
use crate::error::{Error, Problem, Result};
use crate::id::{AssociationId, FrameworkId, MemberId, MembershipId, OrganizationId, ResourceId, StandardId, TeamId};
use crate::model::{
    AnyRecord, Association, CommunityRecord, Framework, Member, Membership, Organization, Record, RecordKind,
    RecordRef, Resource, Standard, Team,
};
use crate::ops::{self, Op};
use crate::search::{SearchHits, SearchQuery};
use crate::store::{Listing, Snapshot};

pub use filter::{
    AssociationFilter, FrameworkFilter, ListFilter, MemberFilter, MembershipFilter, OrganizationFilter, ResourceFilter,
    StandardFilter, TeamFilter,
};
pub use page::{Cursor, MAX_PAGE, Page, PageRequest};
pub use transaction::Transaction;

/// Someone's access to a community: what they may not see does not exist, and what they may not do is refused.
///
/// Made by [`Community::as_member`], [`Community::as_guest`] and [`Community::steward`]. What a member holds is
/// looked up anew for every call, so a change of roles or teams takes effect at once.
#[derive(Clone)]
pub struct Session {
    community: Community,
    actor: Option<Actor>,
}

/// How far a long call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// Is told how far a long call has come, and may stop it: nothing is written then.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

impl Session {
    pub(crate) fn new(community: Community, actor: Option<Actor>) -> Self {
        Self { community, actor }
    }

    /// The community.
    pub fn community(&self) -> &Community {
        &self.community
    }

    /// The member this session speaks for.
    pub fn member_id(&self) -> Option<MemberId> {
        self.actor.and_then(Actor::member)
    }

    pub(crate) fn viewer(&self) -> Result<Viewer> {
        self.viewer_in(&self.community.0.store.read()?)
    }

    fn viewer_in(&self, snapshot: &Snapshot<'_>) -> Result<Viewer> {
        match self.actor {
            Some(actor) => snapshot.viewer(actor, self.community.0.clock.now()),
            None => Ok(Viewer::guest()),
        }
    }

    /// The record of any kind; the typed reads, such as [`Session::resource`], are this with a kind.
    ///
    /// # Errors
    /// `NotFound` when it does not exist, or may not be seen.
    pub fn record(&self, record: impl Into<RecordRef>) -> Result<AnyRecord> {
        let RecordRef { kind, id } = record.into();
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let found = snapshot.visible_record(&viewer, kind, id)?;
        found
            .map(|record| shown(record, &viewer))
            .ok_or_else(|| Error::NotFound { kind: kind.name(), id: id.to_string() })
    }

    fn page(&self, kind: RecordKind, mut listing: Listing, request: &PageRequest) -> Result<Page<AnyRecord>> {
        if !(1..=MAX_PAGE).contains(&request.limit) {
            return Err(Problem::new("limit", "page.limit", format!("a page has 1 to {MAX_PAGE} records")).into());
        }
        listing.after = request.after.as_ref().map_or(Ok(0), |cursor| cursor.read(kind))?;
        listing.limit = request.limit + 1;
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let mut found = snapshot.list(kind, &viewer, &listing)?;
        let more = found.len() > request.limit;
        found.truncate(request.limit);
        let next = found.last().filter(|_| more).map(|(seq, _)| Cursor::at(kind, *seq));
        Ok(Page { items: found.into_iter().map(|(_, record)| shown(record, &viewer)).collect(), next })
    }

    /// Searches the resources that this session may see; see [`SearchQuery`].
    ///
    /// # Errors
    /// `InvalidInput` when `limit` and `offset` reach too far; the text is never an error.
    pub fn search(&self, query: impl Into<SearchQuery>) -> Result<SearchHits> {
        self.community.search(self.actor, &query.into())
    }

    /// What happened to a record, oldest first: for those who may change it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or may not be seen, `NotPermitted` for mere readers.
    pub fn history(&self, record: impl Into<RecordRef>) -> Result<Vec<Revision>> {
        let RecordRef { kind, id } = record.into();
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let missing = || Error::NotFound { kind: kind.name(), id: id.to_string() };
        let current = snapshot.visible_record(&viewer, kind, id)?.ok_or_else(missing)?;
        let own = |member: Option<MemberId>| member.is_some() && member == viewer.member;
        let allowed = match &current {
            AnyRecord::Resource(resource) => may_edit(&viewer, resource),
            AnyRecord::Member(member) => own(Some(member.id)) || viewer.holds(Token::Facilitation),
            AnyRecord::Membership(membership) => {
                own(Some(membership.member))
                    || viewer.holds(Token::TeamLead(membership.team))
                    || viewer.holds(Token::Facilitation)
            }
            AnyRecord::Team(team) => viewer.holds(Token::TeamLead(team.id)) || viewer.holds(Token::Facilitation),
            _ => viewer.holds(Token::Facilitation),
        };
        if !allowed {
            return Err(Error::NotPermitted { op: "history" });
        }
        let changes = snapshot.history(kind, id)?;
        Ok(changes
            .into_iter()
            .map(|change| Revision {
                seq: change.seq,
                at: change.stamp.at(),
                actor: change.actor,
                op: change.op,
                life: change.life,
                fields: change.patch.into_fields(),
            })
            .collect())
    }

    /// Runs one operation in a transaction of its own; answers with the record it is about.
    ///
    /// # Errors
    /// Whatever [`decide`](crate::decide) refuses, and `Busy`, `Io`, `Corrupt`; nothing is written then.
    pub fn apply(&self, op: Op) -> Result<AnyRecord> {
        self.transaction(|tx| tx.apply(op))
    }

    /// Whether an operation would be accepted, and the record it would leave; writes nothing.
    ///
    /// # Errors
    /// As [`Session::apply`].
    pub fn try_out(&self, op: Op) -> Result<AnyRecord> {
        let write = self.begin()?;
        write.apply(op)
    }

    /// Runs several operations in one transaction: all or nothing.
    ///
    /// # Errors
    /// Whatever `work` answers with; nothing is written then.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let transaction = self.begin()?;
        let answer = work(&transaction)?;
        transaction.write.commit()?;
        Ok(answer)
    }

    /// Runs `work` as [`Session::transaction`] does, and then takes everything back.
    ///
    /// # Errors
    /// Whatever `work` answers with.
    #[cfg(feature = "interop")]
    pub(crate) fn rehearse<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        work(&self.begin()?)
    }

    /// Runs many operations in one transaction: all or nothing, with a word after every step.
    ///
    /// # Errors
    /// The first refusal, its fields prefixed with `ops[i]`; `Interrupted` when `progress` breaks. Nothing is
    /// written then.
    pub fn batch(&self, ops: Vec<Op>, progress: OnProgress<'_>) -> Result<Vec<AnyRecord>> {
        let total = ops.len() as u64;
        self.transaction(|tx| {
            let mut records = Vec::with_capacity(ops.len());
            for (index, op) in ops.into_iter().enumerate() {
                records.push(tx.apply(op).map_err(|error| in_batch(error, index))?);
                tx.report(progress, index as u64 + 1, total)?;
            }
            Ok(records)
        })
    }

    fn begin(&self) -> Result<Transaction<'_>> {
        let Some(actor) = self.actor else { return Err(Error::NotPermitted { op: "write" }) };
        Ok(Transaction { write: self.community.0.store.write()?, community: &self.community, actor })
    }
}

fn in_batch(error: Error, index: usize) -> Error {
    let at = |problems: Vec<Problem>| {
        problems
            .into_iter()
            .map(|problem| {
                let field = format!("ops[{index}].{}", problem.field);
                problem.at(field)
            })
            .collect()
    };
    match error {
        Error::InvalidInput(problems) => Error::InvalidInput(at(problems)),
        Error::Precondition(problems) => Error::Precondition(at(problems)),
        other => other,
    }
}

/// The record as what it is known to be.
fn typed<R: Record>(record: AnyRecord) -> Result<R> {
    let kind = record.kind();
    R::from_any(record).ok_or_else(|| Error::Internal(format!("a {} in place of a {}", kind.name(), R::KIND.name())))
}

/// A record as a viewer sees it.
fn shown(record: AnyRecord, viewer: &Viewer) -> AnyRecord {
    match record {
        AnyRecord::Member(member) => AnyRecord::Member(redact(member, viewer)),
        other => other,
    }
}

macro_rules! reads {
    ($($(#[$doc:meta])* $one:ident($id:ty), $(#[$ldoc:meta])* $many:ident($filter:ty) -> $record:ty;)*) => {
        impl Session {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// `NotFound` when it does not exist, or may not be seen.
                pub fn $one(&self, id: $id) -> Result<$record> {
                    typed(self.record(id)?)
                }

                $(#[$ldoc])*
                ///
                /// # Errors
                /// `InvalidInput` for a limit or cursor that is none.
                pub fn $many(&self, filter: $filter, page: PageRequest) -> Result<Page<$record>> {
                    let found = self.page(<$record as Record>::KIND, filter.listing(), &page)?;
                    let items = found.items.into_iter().map(typed).collect::<Result<_>>()?;
                    Ok(Page { items, next: found.next })
                }
            )*
        }

        $(
            impl From<$id> for RecordRef {
                fn from(id: $id) -> Self {
                    RecordRef { kind: <$record as Record>::KIND, id: id.uuid() }
                }
            }
        )*
    };
}

reads! {
    /// An organization.
    organization(OrganizationId), /// Lists organizations.
    organizations(OrganizationFilter) -> Organization;
    /// A member.
    member(MemberId), /// Lists members.
    members(MemberFilter) -> Member;
    /// A team.
    team(TeamId), /// Lists teams.
    teams(TeamFilter) -> Team;
    /// A membership.
    membership(MembershipId), /// Lists memberships.
    memberships(MembershipFilter) -> Membership;
    /// A framework.
    framework(FrameworkId), /// Lists frameworks.
    frameworks(FrameworkFilter) -> Framework;
    /// A standard.
    standard(StandardId), /// Lists standards.
    standards(StandardFilter) -> Standard;
    /// An association of standards.
    association(AssociationId), /// Lists associations of standards.
    associations(AssociationFilter) -> Association;
    /// A resource.
    resource(ResourceId), /// Lists resources.
    resources(ResourceFilter) -> Resource;
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident($input:ty) -> $record:ty = $op:ident;)*) => {
        impl Session {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// Everything that is wrong, as [`decide`](crate::decide) says; nothing is written then.
                pub fn $verb(&self, input: $input) -> Result<$record> {
                    self.transaction(|tx| tx.$verb(input))
                }
            )*
        }

        impl Transaction<'_> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// Everything that is wrong, as [`decide`](crate::decide) says.
                pub fn $verb(&self, input: $input) -> Result<$record> {
                    typed(self.apply(Op::$op(input.into()))?)
                }
            )*
        }
    };
}

verbs! {
    /// Changes the community's name, language, charter or hub.
    revise_community(ops::CommunityEdit) -> CommunityRecord = ReviseCommunity;
    /// Adds an organization.
    add_organization(ops::NewOrganization) -> Organization = AddOrganization;
    /// Changes an organization.
    revise_organization(ops::OrganizationEdit) -> Organization = ReviseOrganization;
    /// Adds a member: active when the host does it, invited when a steward does.
    add_member(ops::NewMember) -> Member = AddMember;
    /// Changes a member's names and addresses.
    revise_member(ops::MemberEdit) -> Member = ReviseMember;
    /// Records that a member works somewhere.
    add_affiliation(ops::AffiliationOf) -> Member = AddAffiliation;
    /// Records the last day of an affiliation.
    end_affiliation(ops::EndOfAffiliation) -> Member = EndAffiliation;
    /// Sets what a member may do in the community.
    set_community_roles(ops::CommunityRolesOf) -> Member = SetCommunityRoles;
    /// A member takes up an invitation to the community.
    activate_member(MemberId) -> Member = ActivateMember;
    /// A member leaves the community, or is removed.
    end_member(MemberId) -> Member = EndMember;
    /// Creates a team.
    create_team(ops::NewTeam) -> Team = CreateTeam;
    /// Changes a team.
    revise_team(ops::TeamEdit) -> Team = ReviseTeam;
    /// A forming team starts its work.
    activate_team(TeamId) -> Team = ActivateTeam;
    /// A team becomes history.
    archive_team(TeamId) -> Team = ArchiveTeam;
    /// The host records a membership that exists already.
    add_membership(ops::NewMembership) -> Membership = AddMembership;
    /// A lead invites a member.
    invite_to_team(ops::NewMembership) -> Membership = InviteToTeam;
    /// A member asks to join.
    request_to_join(TeamId) -> Membership = RequestToJoin;
    /// A lead approves a request.
    approve_membership(MembershipId) -> Membership = ApproveMembership;
    /// A lead turns a request down.
    reject_membership(MembershipId) -> Membership = RejectMembership;
    /// A member accepts an invitation.
    accept_membership(MembershipId) -> Membership = AcceptMembership;
    /// A member leaves, or a lead removes them.
    end_membership(MembershipId) -> Membership = EndMembership;
    /// Sets what a member may do in a team.
    set_team_roles(ops::TeamRolesOf) -> Membership = SetTeamRoles;
    /// Records a framework as its publisher has it.
    record_framework(ops::NewFramework) -> Framework = RecordFramework;
    /// Records a standard as its publisher has it.
    record_standard(ops::NewStandard) -> Standard = RecordStandard;
    /// Records an association as its publisher has it.
    record_association(ops::NewAssociation) -> Association = RecordAssociation;
    /// Adds a resource, as a draft unless it says otherwise.
    add_resource(ops::NewResource) -> Resource = AddResource;
    /// Changes a resource.
    revise_resource(ops::ResourceEdit) -> Resource = ReviseResource;
    /// Gives a resource to its audience.
    publish_resource(ResourceId) -> Resource = PublishResource;
    /// Keeps a resource, but recommends it no longer.
    retire_resource(ResourceId) -> Resource = RetireResource;
    /// Sets who a resource is meant for.
    set_visibility(ops::VisibilityOf) -> Resource = SetVisibility;
    /// Shares a resource with somebody by name.
    grant_access(ops::GrantOf) -> Resource = GrantAccess;
    /// Takes a grant back.
    revoke_access(ops::GrantOf) -> Resource = RevokeAccess;
    /// Takes the facilitators' and stewards' extra right away, or gives it back.
    seal_resource(ops::SealOf) -> Resource = SealResource;
    /// Deletes a resource.
    delete_resource(ResourceId) -> Resource = DeleteResource;
}

macro_rules! refs {
    ($($ty:ident { $field:ident: $id:ty })*) => {$(
        impl From<$id> for ops::$ty {
            fn from($field: $id) -> Self {
                Self { $field }
            }
        }
    )*};
}
refs! {
    MemberRef { member: MemberId }
    TeamRef { team: TeamId }
    MembershipRef { membership: MembershipId }
    ResourceRef { resource: ResourceId }
}

impl From<&str> for SearchQuery {
    fn from(text: &str) -> Self {
        SearchQuery::new(text)
    }
}
