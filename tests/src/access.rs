//! Who sees what, relation by relation, as the decision table says it. Knows nothing of tokens or audiences.
//!
//! | read | guest | observer | affiliated at or under | member | team member | team lead | facilitator, steward, owner, host | maker |
//! |---|---|---|---|---|---|---|---|---|
//! | public | y | y | y | y | y | y | y | y |
//! | organization | - | - | y | - | - | - | y | y |
//! | community | - | - | - | y | y | y | y | y |
//! | team | - | - | - | - | y | y | y | y |
//! | private | - | - | - | - | - | - | y | y |
//! | draft | - | - | - | - | - | y | y | y |
//!
//! Who takes part no longer, or not yet, is a guest who still has what is theirs or was given to them by name.
//! What is sealed has no extra right for facilitators, nor, as a draft, for leads.

use chrono::NaiveDate;
use cop_core::{
    AnyRecord, CommunityRole, Contact, Grantee, Member, MemberId, MemberState, Membership, MembershipState,
    OrganizationId, Resource, ResourceState, TeamId, TeamRole, Token, Viewer, Visibility,
};

use crate::model::Model;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Somebody who is not signed in.
    Guest,
    /// The host itself.
    Host,
    /// A member, also one who has left.
    Member(MemberId),
}

/// What somebody is to the community on a day.
struct Relations<'a> {
    model: &'a Model,
    who: Who,
    today: NaiveDate,
}

impl Relations<'_> {
    /// The member, if they take part.
    fn live(&self) -> Option<Member> {
        let Who::Member(id) = self.who else { return None };
        self.model.member(id).filter(|member| member.state == MemberState::Active)
    }

    fn is(&self, id: MemberId) -> bool {
        self.who == Who::Member(id)
    }

    fn has_role(&self, roles: &[CommunityRole]) -> bool {
        self.live().is_some_and(|member| roles.iter().any(|role| member.roles.contains(role)))
    }

    /// Looks after the community.
    fn facilitates(&self) -> bool {
        self.who == Who::Host || self.has_role(&[CommunityRole::Owner, CommunityRole::Steward, CommunityRole::Convener])
    }

    /// Takes part in the community as more than an observer.
    fn belongs(&self) -> bool {
        let more = |member: Member| member.roles != [CommunityRole::Observer].into();
        self.who == Who::Host || self.live().is_some_and(more)
    }

    fn membership(&self, team: TeamId) -> Option<Membership> {
        let me = self.live()?;
        let all = self.model.memberships_where(|m| m.member == me.id && m.team == team);
        all.into_iter().find(|m| m.state == MembershipState::Active)
    }

    fn in_team(&self, team: TeamId) -> bool {
        self.membership(team).is_some()
    }

    fn leads(&self, team: TeamId) -> bool {
        self.membership(team).is_some_and(|m| m.roles.contains(&TeamRole::Lead))
    }

    /// Works today at the organization or somewhere below it.
    fn works_under(&self, organization: OrganizationId) -> bool {
        self.workplaces().contains(&organization)
    }

    /// Today's organizations, and all above them.
    fn workplaces(&self) -> Vec<OrganizationId> {
        let mut found = Vec::new();
        for affiliation in self.live().into_iter().flat_map(|member| member.affiliations) {
            let begun = affiliation.since.is_none_or(|since| since <= self.today);
            let over = affiliation.until.is_some_and(|until| until < self.today);
            let mut at = Some(affiliation.organization).filter(|_| begun && !over);
            while let Some(organization) = at {
                if found.contains(&organization) {
                    break;
                }
                found.push(organization);
                at = self.model.organization(organization).and_then(|organization| organization.parent);
            }
        }
        found
    }

    fn sees_resource(&self, resource: &Resource) -> bool {
        if resource.created_by.is_some_and(|maker| self.is(maker)) || (self.facilitates() && !resource.sealed) {
            return true;
        }
        if matches!(resource.state, ResourceState::Draft | ResourceState::InReview) {
            return !resource.sealed && resource.team.is_some_and(|team| self.leads(team));
        }
        let meant = match resource.visibility {
            Visibility::Public => true,
            Visibility::Community => self.belongs(),
            Visibility::Organization(organization) => self.works_under(organization),
            Visibility::Team(team) => self.in_team(team),
            Visibility::Private => false,
        };
        meant
            || resource.grants.iter().any(|grantee| match *grantee {
                Grantee::Member(member) => self.is(member),
                Grantee::Team(team) => self.in_team(team),
                Grantee::Organization(organization) => self.works_under(organization),
            })
    }
}

/// Whether they may read the record.
pub fn may_read(model: &Model, who: Who, today: NaiveDate, record: &AnyRecord) -> bool {
    let me = Relations { model, who, today };
    match record {
        AnyRecord::Community(_) | AnyRecord::Framework(_) | AnyRecord::Standard(_) | AnyRecord::Association(_) => true,
        AnyRecord::Organization(_) | AnyRecord::Team(_) => me.belongs(),
        AnyRecord::Member(member) => me.belongs() || me.is(member.id),
        AnyRecord::Membership(membership) => {
            me.facilitates()
                || me.is(membership.member)
                || me.in_team(membership.team)
                || (membership.public && me.belongs())
        }
        AnyRecord::Resource(resource) => me.sees_resource(resource),
    }
}

/// The record as they see it: addresses and foreign ids only where they are meant for them.
pub fn shown(model: &Model, who: Who, today: NaiveDate, record: AnyRecord) -> AnyRecord {
    let me = Relations { model, who, today };
    match record {
        AnyRecord::Member(mut member) if !me.is(member.id) && !me.facilitates() => {
            member.external_ids.clear();
            if member.contact == Contact::Private {
                member.emails.clear();
            }
            AnyRecord::Member(member)
        }
        other => other,
    }
}

/// What they hold, for the rules of the library: written from the relations above.
pub fn viewer(model: &Model, who: Who, today: NaiveDate) -> Viewer {
    let me = Relations { model, who, today };
    let mut tokens = vec![Token::Everyone];
    tokens.extend(me.belongs().then_some(Token::Community));
    tokens.extend(me.facilitates().then_some(Token::Facilitation));
    let mut member = None;
    if let Who::Member(id) = who {
        member = Some(id);
        tokens.push(Token::Person(id));
        for membership in model.memberships_where(|m| m.member == id) {
            tokens.extend(me.in_team(membership.team).then_some(Token::Team(membership.team)));
            tokens.extend(me.leads(membership.team).then_some(Token::TeamLead(membership.team)));
        }
        tokens.extend(me.workplaces().into_iter().map(Token::Organization));
    }
    Viewer { member, tokens: tokens.into_iter().collect() }
}
