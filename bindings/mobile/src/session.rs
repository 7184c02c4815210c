//! A session: everything that is read and written, on behalf of someone.

use crate::error::CopError;
use crate::input::{
    MemberFilter, MembershipFilter, NewMember, NewMembership, NewOrganization, NewResource, NewTeam,
    OrganizationFilter, ResourceEdit, ResourceFilter, SearchQuery, TeamFilter,
};
use crate::record::{
    Completion, Member, MemberPage, Membership, MembershipPage, Organization, OrganizationPage, Resource, ResourcePage,
    Revision, SearchHits, Team, TeamPage,
};
use crate::value::{Cross, Grantee, MemberId, MembershipId, OrganizationId, ResourceId, TeamId, Visibility};

/// Someone's access to a community: what they may not see does not exist, and what they may not do is refused.
///
/// What a member holds is looked up anew for every call, so a change of roles or teams takes effect at once.
#[derive(uniffi::Object)]
pub struct Session(pub(crate) cop_core::Session);

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident($input:ident: $ty:ty) -> $record:ty;)*) => {
        #[uniffi::export]
        impl Session {
            $(
                $(#[$doc])*
                pub fn $verb(&self, $input: $ty) -> Result<$record, CopError> {
                    Ok(self.0.$verb($input.cross())?.cross())
                }
            )*
        }
    };
}

verbs! {
    /// Adds an organization.
    add_organization(new: NewOrganization) -> Organization;
    /// Adds a member: active when the host does it, invited when a steward does.
    add_member(new: NewMember) -> Member;
    /// The host records that a newcomer asks to take part.
    request_participation(new: NewMember) -> Member;
    /// A member who is known, or has left, asks to take part.
    ask_to_rejoin(id: MemberId) -> Member;
    /// A steward invites a member who is known, has asked, or has left.
    invite_member(id: MemberId) -> Member;
    /// A member accepts the invitation to the community.
    accept_invitation(id: MemberId) -> Member;
    /// A member becomes active, once all that is asked of newcomers is done.
    activate_member(id: MemberId) -> Member;
    /// A member takes a break.
    pause_member(id: MemberId) -> Member;
    /// A member is back from a break.
    resume_member(id: MemberId) -> Member;
    /// A member leaves the community, or is removed.
    end_member(id: MemberId) -> Member;
    /// Forgets a person: only the id stays.
    erase_member(id: MemberId) -> Member;
    /// Creates a team.
    create_team(new: NewTeam) -> Team;
    /// A forming team starts its work, once its formation rule holds.
    activate_team(id: TeamId) -> Team;
    /// A team becomes history.
    archive_team(id: TeamId) -> Team;
    /// The host records a membership that exists already.
    add_membership(new: NewMembership) -> Membership;
    /// A lead invites a member.
    invite_to_team(new: NewMembership) -> Membership;
    /// A member asks to join.
    request_to_join(id: TeamId) -> Membership;
    /// A member accepts an invitation.
    accept_membership(id: MembershipId) -> Membership;
    /// A member leaves, or a lead removes them.
    end_membership(id: MembershipId) -> Membership;
    /// A lead records that a member has completed what the team was for.
    complete_membership(id: MembershipId) -> Membership;
    /// Adds a resource, as a draft unless it says otherwise.
    add_resource(new: NewResource) -> Resource;
    /// Changes a resource.
    revise_resource(edit: ResourceEdit) -> Resource;
    /// Asks for a review of a draft.
    submit_resource(id: ResourceId) -> Resource;
    /// Gives a resource to its audience.
    publish_resource(id: ResourceId) -> Resource;
    /// Keeps a resource, but recommends it no longer.
    retire_resource(id: ResourceId) -> Resource;
    /// Deletes a resource; answers with what it was.
    delete_resource(id: ResourceId) -> Resource;
}

#[uniffi::export]
impl Session {
    /// A lead approves a request or an application.
    #[uniffi::method(default(reason = None))]
    pub fn approve_membership(&self, id: MembershipId, reason: Option<String>) -> Result<Membership, CopError> {
        Ok(self.0.approve_membership(cop_core::MembershipReply { membership: id, reason })?.cross())
    }

    /// A lead turns a request or an application down.
    #[uniffi::method(default(reason = None))]
    pub fn reject_membership(&self, id: MembershipId, reason: Option<String>) -> Result<Membership, CopError> {
        Ok(self.0.reject_membership(cop_core::MembershipReply { membership: id, reason })?.cross())
    }

    /// Sets who a resource is meant for.
    pub fn set_visibility(&self, id: ResourceId, visibility: Visibility) -> Result<Resource, CopError> {
        let input = cop_core::VisibilityOf { resource: id, visibility: visibility.cross() };
        Ok(self.0.set_visibility(input)?.cross())
    }

    /// Shares a resource with somebody by name.
    pub fn grant_access(&self, id: ResourceId, grantee: Grantee) -> Result<Resource, CopError> {
        Ok(self.0.grant_access(cop_core::GrantOf { resource: id, grantee: grantee.cross() })?.cross())
    }

    /// Takes a grant back.
    pub fn revoke_access(&self, id: ResourceId, grantee: Grantee) -> Result<Resource, CopError> {
        Ok(self.0.revoke_access(cop_core::GrantOf { resource: id, grantee: grantee.cross() })?.cross())
    }

    /// The member this session speaks for; none for a guest and for the host.
    pub fn member_id(&self) -> Option<MemberId> {
        self.0.member_id()
    }

    /// Searches the resources, stories, goals, cycles and convenings that this session may see.
    pub fn search(&self, query: SearchQuery) -> Result<SearchHits, CopError> {
        Ok(self.0.search(query.read()?)?.cross())
    }

    /// What the last word of `text` may become, for whoever is still typing: the words of titles and tags that most
    /// records have which this session may see. Nothing before the word's second letter.
    #[uniffi::method(default(limit = 5))]
    pub fn complete(&self, text: String, limit: i32) -> Result<Vec<Completion>, CopError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.0.complete(&text, limit)?.cross())
    }

    /// What happened to a resource, oldest first: for those who may change it.
    pub fn history(&self, id: ResourceId) -> Result<Vec<Revision>, CopError> {
        Ok(self.0.history(id)?.cross())
    }
}

macro_rules! reads {
    ($($(#[$doc:meta])* $one:ident($id:ty) -> $record:ty, $(#[$ldoc:meta])* $many:ident($filter:ty) -> $page:ty;)*) => {
        #[uniffi::export]
        impl Session {
            $(
                $(#[$doc])*
                pub fn $one(&self, id: $id) -> Result<$record, CopError> {
                    Ok(self.0.$one(id)?.cross())
                }

                $(#[$ldoc])*
                ///
                /// A page has at most `limit` of them, 1 to 1,000, and goes on after the place that `next` of the page before names.
                // A name without a value stands for the type's default, and must come last.
                #[uniffi::method(default(limit = 100, after = None, filter))]
                pub fn $many(&self, filter: $filter, limit: i32, after: Option<String>) -> Result<$page, CopError> {
                    Ok(self.0.$many(filter.read()?, page(limit, after))?.cross())
                }
            )*
        }
    };
}

reads! {
    /// An organization.
    organization(OrganizationId) -> Organization, /// Lists organizations.
    organizations(OrganizationFilter) -> OrganizationPage;
    /// A member.
    member(MemberId) -> Member, /// Lists members.
    members(MemberFilter) -> MemberPage;
    /// A team.
    team(TeamId) -> Team, /// Lists teams.
    teams(TeamFilter) -> TeamPage;
    /// A membership.
    membership(MembershipId) -> Membership, /// Lists memberships.
    memberships(MembershipFilter) -> MembershipPage;
    /// A resource.
    resource(ResourceId) -> Resource, /// Lists resources.
    resources(ResourceFilter) -> ResourcePage;
}

/// The page asked for; a limit out of range becomes one that the core refuses.
pub(crate) fn page(limit: i32, after: Option<String>) -> cop_core::PageRequest {
    cop_core::PageRequest { limit: usize::try_from(limit).unwrap_or(0), after: after.map(cop_core::Cursor::from) }
}
