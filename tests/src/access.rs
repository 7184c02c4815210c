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
#[derive(Clone, Debug)]
pub struct Relations {
    who: Who,
    /// The member, if they take part.
    live: Option<Member>,
    /// Their active memberships; of who takes part only.
    teams: Vec<Membership>,
    /// Today's organizations, and all above them.
    workplaces: Vec<OrganizationId>,
    today: NaiveDate,
}

impl Relations {
    /// What they are today.
    pub fn of(model: &Model, who: Who, today: NaiveDate) -> Self {
        let member = match who {
            Who::Member(id) => model.member(id),
            Who::Guest | Who::Host => None,
        };
        let Some(live) = member.filter(|member| member.state == MemberState::Active) else {
            return Self { who, live: None, teams: Vec::new(), workplaces: Vec::new(), today };
        };
        let teams = model.memberships_where(|m| m.member == live.id && m.state == MembershipState::Active);
        let mut workplaces = Vec::new();
        for affiliation in &live.affiliations {
            let begun = affiliation.since.is_none_or(|since| since <= today);
            let over = affiliation.until.is_some_and(|until| until < today);
            let mut at = Some(affiliation.organization).filter(|_| begun && !over);
            while let Some(organization) = at {
                if workplaces.contains(&organization) {
                    break;
                }
                workplaces.push(organization);
                at = model.organization(organization).and_then(|organization| organization.parent);
            }
        }
        Self { who, live: Some(live), teams, workplaces, today }
    }

    fn is(&self, id: MemberId) -> bool {
        self.who == Who::Member(id)
    }

    fn has_role(&self, roles: &[CommunityRole]) -> bool {
        self.live.as_ref().is_some_and(|member| roles.iter().any(|role| member.roles.contains(role)))
    }

    /// Looks after the community.
    fn facilitates(&self) -> bool {
        self.who == Who::Host || self.has_role(&[CommunityRole::Owner, CommunityRole::Steward, CommunityRole::Convener])
    }

    /// Takes part in the community as more than an observer.
    fn belongs(&self) -> bool {
        let more = |member: &Member| member.roles != [CommunityRole::Observer].into();
        self.who == Who::Host || self.live.as_ref().is_some_and(more)
    }

    fn in_team(&self, team: TeamId) -> bool {
        self.teams.iter().any(|m| m.team == team)
    }

    fn leads(&self, team: TeamId) -> bool {
        self.teams.iter().any(|m| m.team == team && m.roles.contains(&TeamRole::Lead))
    }

    /// Works today at the organization or somewhere below it.
    fn works_under(&self, organization: OrganizationId) -> bool {
        self.workplaces.contains(&organization)
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

    /// Whether they may read the record.
    pub fn may_read(&self, record: &AnyRecord) -> bool {
        use AnyRecord::{Association, Community, Framework, Standard};
        match record {
            Community(_) | Framework(_) | Standard(_) | Association(_) => true,
            AnyRecord::Organization(_) | AnyRecord::Team(_) => self.belongs(),
            AnyRecord::Member(member) => self.belongs() || self.is(member.id),
            AnyRecord::Membership(membership) => {
                self.facilitates()
                    || self.is(membership.member)
                    || self.in_team(membership.team)
                    || (membership.public && self.belongs())
            }
            AnyRecord::Resource(resource) => self.sees_resource(resource),
            _ => false,
        }
    }

    /// The record as they see it: addresses and foreign ids only where they are meant for them.
    pub fn shown(&self, record: AnyRecord) -> AnyRecord {
        match record {
            AnyRecord::Member(mut member) if !self.is(member.id) && !self.facilitates() => {
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
    pub fn viewer(&self) -> Viewer {
        let mut tokens = vec![Token::Everyone];
        tokens.extend(self.belongs().then_some(Token::Community));
        tokens.extend(self.facilitates().then_some(Token::Facilitation));
        for Membership { team, .. } in &self.teams {
            tokens.push(Token::Team(*team));
            tokens.extend(self.leads(*team).then_some(Token::TeamLead(*team)));
        }
        tokens.extend(self.workplaces.iter().copied().map(Token::Organization));
        let member = match self.who {
            Who::Member(id) => Some(id),
            Who::Guest | Who::Host => None,
        };
        tokens.extend(member.map(Token::Person));
        Viewer { member, people: member.into_iter().collect(), tokens: tokens.into_iter().collect(), today: self.today }
    }
}
