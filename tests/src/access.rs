//! Who sees what, relation by relation, as the decision table says it. Knows nothing of tokens or audiences.
//!
//! | a record that is meant for … is read by | guest | observer | affiliated at or under | member | team member | team lead | facilitator, steward, owner, host | maker |
//! |---|---|---|---|---|---|---|---|---|
//! | public | y | y | y | y | y | y | y | y |
//! | organization | - | - | y | - | - | kinds but resources | y | y |
//! | community | - | - | - | y | y | y | y | y |
//! | team | - | - | - | - | y | y | y | y |
//! | private | - | - | - | - | - | kinds but resources | y | y |
//! | draft of a resource | - | - | - | - | - | y | y | y |
//! | draft of a convening | - | - | - | - | - | y, and facilitators | y | y |
//!
//! Who takes part no longer, or not yet, is a guest who still has what is theirs or was given to them by name.
//! What is sealed has no extra right for facilitators, nor, as a draft, for leads. A person is all their records.
//! `tests/store/decision_table.rs` has every kind, cell by cell.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cop_core::{
    AnyRecord, Attribution, CommunityRole, ConsentState, Contact, Convening, ConveningFact, Entry, Grantee, Member,
    MemberId, MemberState, Membership, MembershipState, OrganizationId, RecordRef, Resource, ResourceState, Story,
    TeamId, TeamRole, Token, Viewer, Visibility,
};

use crate::model::Model;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Somebody who is not signed in.
    Guest,
    /// The host itself.
    Host,
    /// A member, also one who has left, under whichever of their records.
    Member(MemberId),
}

/// What somebody is to the community on a day.
#[derive(Clone, Debug)]
pub struct Relations {
    who: Who,
    /// All records of the person.
    records: BTreeSet<MemberId>,
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
        let records = match who {
            Who::Member(id) => model.person(id),
            Who::Guest | Who::Host => BTreeSet::new(),
        };
        // The record with the smallest id stands for the person.
        let member = records.first().and_then(|id| model.member(*id));
        let nobody = Self { who, records, live: None, teams: Vec::new(), workplaces: Vec::new(), today };
        let Some(live) = member.filter(|member| member.state == MemberState::Active) else { return nobody };
        let theirs = |m: &Membership| nobody.records.contains(&m.member) && m.state == MembershipState::Active;
        let teams = model.memberships_where(theirs);
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
        Self { live: Some(live), teams, workplaces, ..nobody }
    }

    fn is(&self, id: MemberId) -> bool {
        self.records.contains(&id)
    }

    fn made(&self, record: &AnyRecord) -> bool {
        record.header().created_by.is_some_and(|maker| self.is(maker))
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

    fn has_team_role(&self, team: TeamId, role: TeamRole) -> bool {
        self.teams.iter().any(|m| m.team == team && m.roles.contains(&role))
    }

    fn leads(&self, team: TeamId) -> bool {
        self.has_team_role(team, TeamRole::Lead)
    }

    /// Leads a team, or facilitates its meetings.
    fn runs(&self, team: TeamId) -> bool {
        self.leads(team) || self.has_team_role(team, TeamRole::Facilitator)
    }

    /// Works today at the organization or somewhere below it.
    fn works_under(&self, organization: OrganizationId) -> bool {
        self.workplaces.contains(&organization)
    }

    /// What is meant for this audience is meant for them.
    fn among(&self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Public => true,
            Visibility::Community => self.belongs(),
            Visibility::Organization(organization) => self.works_under(organization),
            Visibility::Team(team) => self.in_team(team),
            Visibility::Private => false,
        }
    }

    /// Whether they may read the record.
    pub fn may_read(&self, model: &Model, record: &AnyRecord) -> bool {
        match record {
            AnyRecord::Community(_) | AnyRecord::Framework(_) | AnyRecord::Standard(_) | AnyRecord::Association(_) => {
                true
            }
            AnyRecord::Organization(_) | AnyRecord::Team(_) => self.belongs(),
            AnyRecord::Member(member) => self.belongs() || self.is(member.id),
            AnyRecord::Membership(membership) => {
                self.facilitates()
                    || self.is(membership.member)
                    || self.in_team(membership.team)
                    || (membership.public && self.belongs())
            }
            AnyRecord::Resource(resource) => self.sees_resource(resource),
            AnyRecord::Goal(goal) => {
                let leads = goal.team.is_some_and(|team| self.leads(team));
                self.made(record) || leads || self.facilitates() || self.among(goal.visibility)
            }
            AnyRecord::Measure(measure) => {
                let keeps = self.made(record) || self.leads(measure.team) || self.facilitates();
                keeps || self.among(measure.visibility)
            }
            AnyRecord::Cycle(cycle) => {
                let named = cycle.lead.iter().chain(&cycle.participants).any(|member| self.is(*member));
                let keeps = self.made(record) || self.leads(cycle.team) || self.facilitates();
                named || keeps || self.among(cycle.visibility)
            }
            AnyRecord::Observation(observation) => self.may_read_id(model, observation.measure),
            AnyRecord::Convening(convening) => self.sees_convening(convening),
            AnyRecord::Attendance(attendance) => {
                let convening = model.get(attendance.convening.into());
                let held =
                    matches!(convening, Some(AnyRecord::Convening(convening)) if self.runs_convening(&convening));
                held || attendance.member.is_some_and(|member| self.is(member))
            }
            AnyRecord::Story(story) => self.sees_story(story),
            AnyRecord::Mentorship(mentorship) => {
                let one = self.is(mentorship.mentor) || self.is(mentorship.mentee);
                one || mentorship.team.is_some_and(|team| self.leads(team)) || self.facilitates()
            }
            AnyRecord::Entry(entry) => self.sees_entry(model, entry),
            AnyRecord::Finding(finding) => finding.team.is_some_and(|team| self.leads(team)) || self.facilitates(),
        }
    }

    fn may_read_id(&self, model: &Model, record: impl Into<RecordRef>) -> bool {
        model.get(record.into()).is_some_and(|record| self.may_read(model, &record))
    }

    fn sees_resource(&self, resource: &Resource) -> bool {
        if resource.created_by.is_some_and(|maker| self.is(maker)) || (self.facilitates() && !resource.sealed) {
            return true;
        }
        if matches!(resource.state, ResourceState::Draft | ResourceState::InReview) {
            return !resource.sealed && resource.team.is_some_and(|team| self.leads(team));
        }
        if resource.embargo.is_some_and(|day| self.today < day) {
            return false;
        }
        self.among(resource.visibility)
            || resource.grants.iter().any(|grantee| match *grantee {
                Grantee::Member(member) => self.is(member),
                Grantee::Team(team) => self.in_team(team),
                Grantee::Organization(organization) => self.works_under(organization),
            })
    }

    fn runs_convening(&self, convening: &Convening) -> bool {
        self.facilitates() || convening.teams.iter().any(|team| self.runs(*team))
    }

    fn sees_convening(&self, convening: &Convening) -> bool {
        if convening.created_by.is_some_and(|maker| self.is(maker)) || self.runs_convening(convening) {
            return true;
        }
        // A draft that is cancelled stays with those who prepared it.
        let announced = convening.facts.iter().any(|fact| *fact != ConveningFact::Cancelled);
        announced && (convening.teams.iter().any(|team| self.in_team(*team)) || self.among(convening.visibility))
    }

    fn told(&self, story: &Story) -> bool {
        story.teller.iter().chain(&story.created_by).any(|member| self.is(*member))
    }

    fn sees_story(&self, story: &Story) -> bool {
        let open = story.consent != ConsentState::Withdrawn;
        let meant = story.granted().is_some_and(|consent| self.among(consent.scope));
        self.told(story) || (open && (self.facilitates() || meant))
    }

    fn sees_entry(&self, model: &Model, entry: &Entry) -> bool {
        if entry.private {
            return entry.created_by.is_some_and(|author| self.is(author));
        }
        let Some(subject) = model.get(RecordRef { kind: entry.about, id: entry.subject }) else { return false };
        match &subject {
            AnyRecord::Team(team) => self.in_team(team.id) || self.facilitates(),
            AnyRecord::Mentorship(mentorship) => self.is(mentorship.mentor) || self.is(mentorship.mentee),
            subject => self.may_read(model, subject),
        }
    }

    /// Whether they, who can read it, may change what the record says, and so see what it said before.
    pub fn may_edit(&self, model: &Model, record: &AnyRecord) -> bool {
        let facilitates = self.facilitates();
        let leads = |team: Option<TeamId>| team.is_some_and(|team| self.leads(team));
        match record {
            AnyRecord::Resource(resource) => {
                self.made(record) || (!resource.sealed && (facilitates || leads(resource.team)))
            }
            AnyRecord::Member(member) => self.is(member.id) || facilitates,
            AnyRecord::Membership(found) => self.is(found.member) || self.leads(found.team) || facilitates,
            AnyRecord::Team(team) => self.leads(team.id) || facilitates,
            AnyRecord::Goal(goal) => self.made(record) || leads(goal.team) || facilitates,
            AnyRecord::Measure(measure) => self.made(record) || self.leads(measure.team) || facilitates,
            AnyRecord::Cycle(cycle) => {
                let led = cycle.lead.is_some_and(|lead| self.is(lead));
                self.made(record) || led || self.leads(cycle.team) || facilitates
            }
            AnyRecord::Observation(observation) => {
                let measure = model.get(observation.measure.into());
                self.made(record) || measure.is_some_and(|measure| self.may_edit(model, &measure))
            }
            AnyRecord::Convening(convening) => self.made(record) || self.runs_convening(convening),
            AnyRecord::Attendance(attendance) => {
                let convening = model.get(attendance.convening.into());
                let own = attendance.member.is_some_and(|member| self.is(member));
                own || convening.is_some_and(|convening| self.may_edit(model, &convening))
            }
            AnyRecord::Story(story) => self.told(story),
            AnyRecord::Mentorship(tie) => self.is(tie.mentor) || self.is(tie.mentee) || facilitates,
            AnyRecord::Entry(_) => self.made(record),
            AnyRecord::Finding(_)
            | AnyRecord::Community(_)
            | AnyRecord::Organization(_)
            | AnyRecord::Framework(_)
            | AnyRecord::Standard(_)
            | AnyRecord::Association(_) => facilitates,
        }
    }

    /// The record as they see it: addresses, foreign ids, applications and tellers only where they are meant for them.
    pub fn shown(&self, record: AnyRecord) -> AnyRecord {
        match record {
            AnyRecord::Member(mut member) if !self.is(member.id) && !self.facilitates() => {
                member.external_ids.clear();
                member.decision = None;
                if member.contact == Contact::Private {
                    member.emails.clear();
                }
                AnyRecord::Member(member)
            }
            AnyRecord::Membership(mut membership) => {
                if !self.is(membership.member) && !self.leads(membership.team) && !self.facilitates() {
                    membership.answers.clear();
                    membership.decision = None;
                }
                AnyRecord::Membership(membership)
            }
            AnyRecord::Story(mut story) => {
                let named = story.granted().is_some_and(|consent| consent.attribution == Attribution::Name);
                if !self.told(&story) && !named {
                    (story.teller, story.created_by) = (None, None);
                }
                AnyRecord::Story(story)
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
            tokens.extend(self.runs(*team).then_some(Token::TeamFacilitator(*team)));
        }
        tokens.extend(self.workplaces.iter().copied().map(Token::Organization));
        tokens.extend(self.records.iter().copied().map(Token::Person));
        Viewer {
            member: self.records.first().copied(),
            people: self.records.clone(),
            tokens: tokens.into_iter().collect(),
            today: self.today,
        }
    }
}
