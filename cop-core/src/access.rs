//! Who may see and do what: one rule, in one place.
//!
//! **A viewer may read a record iff a token of its audience is among the tokens the viewer holds.**
//! The rule only allows, so it does not depend on order and is the same set intersection in the store,
//! in search and in exports. Pure: whoever calls looks the facts up.
//!
//! | audience of a record | held by a viewer |
//! |---|---|
//! | `p:<maker>` always | `p:<self>`, and of every record that is the same person's |
//! | `cm` unless sealed | `cm` for stewards, conveners and owners, and the host itself |
//! | draft or in review: `tl:<team>` unless sealed, and nothing more | `tl:<team>` for leads of it |
//! | published under embargo: nothing more before its day | |
//! | grants: `p:`, `t:`, `o:` | `t:<team>` for its active members |
//! | `*` public · `c` community · `o:` organization · `t:` team | `*` everybody · `c` live members but observers · `o:` for each organization of a current affiliation and all above it |
//!
//! What each kind of record adds to that:
//!
//! | kind | audience |
//! |---|---|
//! | community, framework, standard, association | `*` |
//! | organization, team, member | `c`, `cm`; members see themselves |
//! | membership | `p:` the member, `t:` and `tl:` the team, `cm`; `c` where the member opened it |
//! | resource | as above: state, embargo, visibility, grants, seal |
//! | goal, measure | `p:` maker, `tl:` team, `cm`, visibility |
//! | cycle | the same, and `p:` its lead and participants |
//! | observation | its measure's |
//! | convening | `p:` maker, `tf:` teams, `cm`; once it is announced also `t:` teams, visibility |
//! | attendance | `tf:` the convening's teams, `cm`; members see their own |
//! | story | `p:` teller and maker, `cm`; with consent also its scope; once that is withdrawn, teller and maker alone |
//! | mentorship | `p:` both, `tl:` team, `cm` |
//! | entry | its subject's; on a team `t:`, `tl:`, `cm`; on a mentorship `p:` both alone; private: `p:` author alone |
//! | finding | `cm`, `tl:` team |
//!
//! `tf:<team>` is held by who leads or facilitates a team.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::{
    AnyRecord, CommunityRole, ConsentState, Contact, Grantee, Member, Membership, MembershipState, Mentorship,
    RecordKind, RecordRef, Resource, ResourceState, Story, TeamRole, Visibility,
};

/// One entry of an audience, or one thing a viewer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// Everybody.
    Everyone,
    /// Live members of the community who are not mere observers.
    Community,
    /// Facilitators and stewards of the community.
    Facilitation,
    /// One person.
    Person(MemberId),
    /// Active members of a team.
    Team(TeamId),
    /// Leads of a team.
    TeamLead(TeamId),
    /// Leads and facilitators of a team.
    TeamFacilitator(TeamId),
    /// Members affiliated with an organization or one below it.
    Organization(OrganizationId),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Everyone => f.write_str("*"),
            Token::Community => f.write_str("c"),
            Token::Facilitation => f.write_str("cm"),
            Token::Person(id) => write!(f, "p:{id}"),
            Token::Team(id) => write!(f, "t:{id}"),
            Token::TeamLead(id) => write!(f, "tl:{id}"),
            Token::TeamFacilitator(id) => write!(f, "tf:{id}"),
            Token::Organization(id) => write!(f, "o:{id}"),
        }
    }
}

/// Who may read something: tokens, some of which open it only from a day on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience(BTreeMap<Token, Option<NaiveDate>>);

impl Audience {
    /// The tokens, in order, each with the day from which it opens; none for always.
    pub fn iter(&self) -> impl Iterator<Item = (Token, Option<NaiveDate>)> + '_ {
        self.0.iter().map(|(token, since)| (*token, *since))
    }

    fn add(&mut self, tokens: impl IntoIterator<Item = Token>) {
        self.0.extend(tokens.into_iter().map(|token| (token, None)));
    }

    /// Adds tokens that open it from a day on, unless they do so already.
    fn add_from(&mut self, day: NaiveDate, tokens: impl IntoIterator<Item = Token>) {
        for token in tokens {
            self.0.entry(token).or_insert(Some(day));
        }
    }
}

impl FromIterator<Token> for Audience {
    fn from_iter<I: IntoIterator<Item = Token>>(tokens: I) -> Self {
        let mut audience = Self::default();
        audience.add(tokens);
        audience
    }
}

/// Who asks, with everything they hold at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The member; nobody for guests and for the host itself.
    pub member: Option<MemberId>,
    /// All records of that person: the member, and those that were merged into it.
    pub people: BTreeSet<MemberId>,
    /// What they hold.
    pub tokens: BTreeSet<Token>,
    /// The day it is (UTC).
    pub today: NaiveDate,
}

impl Viewer {
    /// Somebody who is not signed in.
    pub fn guest(today: NaiveDate) -> Self {
        Self { member: None, people: BTreeSet::new(), tokens: [Token::Everyone].into(), today }
    }

    /// The host itself, which looks after the community as a steward does.
    pub fn host(today: NaiveDate) -> Self {
        let tokens = [Token::Everyone, Token::Community, Token::Facilitation].into();
        Self { member: None, people: BTreeSet::new(), tokens, today }
    }

    /// A member: `people` are all records of the person, `memberships` those of them all, `organizations` those
    /// of their current affiliations and all organizations above them.
    pub fn member(
        member: &Member,
        people: BTreeSet<MemberId>,
        memberships: &[Membership],
        organizations: impl IntoIterator<Item = OrganizationId>,
        today: NaiveDate,
    ) -> Self {
        let mut tokens = BTreeSet::from([Token::Everyone, Token::Person(member.id)]);
        tokens.extend(people.iter().copied().map(Token::Person));
        if member.is_live() {
            if !observes_only(member) {
                tokens.insert(Token::Community);
            }
            if facilitates(member) {
                tokens.insert(Token::Facilitation);
            }
            for membership in memberships.iter().filter(|m| m.state == MembershipState::Active) {
                tokens.insert(Token::Team(membership.team));
                if membership.leads() {
                    tokens.insert(Token::TeamLead(membership.team));
                }
                if membership.leads() || membership.roles.contains(&TeamRole::Facilitator) {
                    tokens.insert(Token::TeamFacilitator(membership.team));
                }
            }
            tokens.extend(organizations.into_iter().map(Token::Organization));
        }
        Self { member: Some(member.id), people, tokens, today }
    }

    /// Whether they hold `token`.
    pub fn holds(&self, token: Token) -> bool {
        self.tokens.contains(&token)
    }

    /// Whether they are this member, under whatever record.
    pub fn is(&self, member: MemberId) -> bool {
        self.member == Some(member) || self.people.contains(&member)
    }

    /// Whether they may read something with this audience.
    pub fn may_read(&self, audience: &Audience) -> bool {
        audience.iter().any(|(token, since)| self.holds(token) && since.is_none_or(|day| day <= self.today))
    }

    /// Whether they may read the record; `parent` is what [`parent`] names, where it exists.
    pub fn may_read_record(&self, record: &AnyRecord, parent: Option<&AnyRecord>) -> bool {
        let own = match record {
            AnyRecord::Member(member) => self.is(member.id),
            AnyRecord::Attendance(attendance) => attendance.member.is_some_and(|member| self.is(member)),
            _ => false,
        };
        own || self.may_read(&audience(record, parent))
    }
}

/// Whether a member facilitates or stewards the whole community.
pub(crate) fn facilitates(member: &Member) -> bool {
    [CommunityRole::Owner, CommunityRole::Steward, CommunityRole::Convener].iter().any(|&role| member.holds(role))
}

/// Whether a member stewards or owns the community: the stricter circle, for people and directories.
pub(crate) fn stewards(member: &Member) -> bool {
    member.holds(CommunityRole::Owner) || member.holds(CommunityRole::Steward)
}

fn observes_only(member: &Member) -> bool {
    member.roles.contains(&CommunityRole::Observer) && member.roles.len() == 1
}

/// The record on whose audience this one's depends.
pub fn parent(record: &AnyRecord) -> Option<RecordRef> {
    match record {
        AnyRecord::Observation(observation) => Some(observation.measure.into()),
        AnyRecord::Attendance(attendance) => Some(attendance.convening.into()),
        AnyRecord::Entry(entry) => Some(entry.subject()),
        _ => None,
    }
}

/// The audience of a record: the tokens of which a viewer needs one. `parent` is what [`parent`] names; where
/// that is gone, nobody is left.
pub fn audience(record: &AnyRecord, parent: Option<&AnyRecord>) -> Audience {
    let maker = record.header().created_by.map(Token::Person);
    match record {
        AnyRecord::Resource(resource) => of_resource(resource),
        AnyRecord::Membership(membership) => of_membership(membership),
        AnyRecord::Goal(goal) => {
            let own = maker.into_iter().chain(goal.team.map(Token::TeamLead));
            own.chain([Token::Facilitation]).chain(meant(goal.visibility)).collect()
        }
        AnyRecord::Measure(measure) => {
            let own = maker.into_iter().chain([Token::TeamLead(measure.team), Token::Facilitation]);
            own.chain(meant(measure.visibility)).collect()
        }
        AnyRecord::Cycle(cycle) => {
            let people = cycle.participants.iter().copied().chain(cycle.lead).map(Token::Person);
            let own = maker.into_iter().chain(people).chain([Token::TeamLead(cycle.team), Token::Facilitation]);
            own.chain(meant(cycle.visibility)).collect()
        }
        AnyRecord::Convening(convening) => {
            let staff = convening.teams.iter().copied().map(Token::TeamFacilitator);
            let mut audience: Audience = maker.into_iter().chain(staff).chain([Token::Facilitation]).collect();
            if convening.is_announced() {
                audience.add(convening.teams.iter().copied().map(Token::Team));
                audience.add(meant(convening.visibility));
            }
            audience
        }
        AnyRecord::Story(story) => of_story(story),
        AnyRecord::Mentorship(mentorship) => {
            let both = both(mentorship).into_iter().chain(mentorship.team.map(Token::TeamLead));
            both.chain([Token::Facilitation]).collect()
        }
        AnyRecord::Finding(finding) => {
            finding.team.map(Token::TeamLead).into_iter().chain([Token::Facilitation]).collect()
        }
        AnyRecord::Entry(entry) if entry.private => maker.into_iter().collect(),
        AnyRecord::Observation(_) | AnyRecord::Attendance(_) | AnyRecord::Entry(_) => {
            parent.map(|parent| audience_of_children(record.kind(), parent)).unwrap_or_default()
        }
        other => audience_of_kind(other.kind()).unwrap_or_default(),
    }
}

/// The kinds of records whose audience depends on a record of this kind, each with the column that names it.
pub(crate) fn children(kind: RecordKind) -> &'static [(RecordKind, &'static str)] {
    match kind {
        RecordKind::Measure => &[(RecordKind::Observation, "measure"), (RecordKind::Entry, "subject")],
        RecordKind::Convening => &[(RecordKind::Attendance, "convening"), (RecordKind::Entry, "subject")],
        RecordKind::Goal
        | RecordKind::Cycle
        | RecordKind::Resource
        | RecordKind::Story
        | RecordKind::Mentorship
        | RecordKind::Team => &[(RecordKind::Entry, "subject")],
        _ => &[],
    }
}

/// The audience that all records of the kind `child` share which depend on `parent`, but private ones.
pub(crate) fn audience_of_children(child: RecordKind, parent: &AnyRecord) -> Audience {
    match (child, parent) {
        (RecordKind::Attendance, AnyRecord::Convening(convening)) => {
            let staff = convening.teams.iter().copied().map(Token::TeamFacilitator);
            staff.chain([Token::Facilitation]).collect()
        }
        (RecordKind::Entry, AnyRecord::Mentorship(mentorship)) => both(mentorship).into_iter().collect(),
        (RecordKind::Entry, AnyRecord::Team(team)) => {
            [Token::Team(team.id), Token::TeamLead(team.id), Token::Facilitation].into_iter().collect()
        }
        _ => audience(parent, None),
    }
}

/// The audience that all records of a kind share, where they do. Members also see themselves.
pub fn audience_of_kind(kind: RecordKind) -> Option<Audience> {
    match kind {
        RecordKind::Community | RecordKind::Framework | RecordKind::Standard | RecordKind::Association => {
            Some([Token::Everyone].into_iter().collect())
        }
        RecordKind::Organization | RecordKind::Member | RecordKind::Team => {
            Some([Token::Community, Token::Facilitation].into_iter().collect())
        }
        _ => None,
    }
}

/// The column that says whose record it is, of kinds in which people see their own whatever the audience.
pub(crate) fn own_column(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Member => Some("id"),
        RecordKind::Attendance => Some("member"),
        _ => None,
    }
}

fn meant(visibility: Visibility) -> Option<Token> {
    match visibility {
        Visibility::Public => Some(Token::Everyone),
        Visibility::Community => Some(Token::Community),
        Visibility::Organization(id) => Some(Token::Organization(id)),
        Visibility::Team(id) => Some(Token::Team(id)),
        Visibility::Private => None,
    }
}

fn of_resource(resource: &Resource) -> Audience {
    let mut audience: Audience = resource.created_by.map(Token::Person).into_iter().collect();
    if !resource.sealed {
        audience.add([Token::Facilitation]);
    }
    let granted = resource.grants.iter().map(|grantee| match grantee {
        Grantee::Member(id) => Token::Person(*id),
        Grantee::Team(id) => Token::Team(*id),
        Grantee::Organization(id) => Token::Organization(*id),
    });
    let given = granted.chain(meant(resource.visibility));
    if matches!(resource.state, ResourceState::Draft | ResourceState::InReview) {
        audience.add(resource.team.filter(|_| !resource.sealed).map(Token::TeamLead));
    } else if let Some(day) = resource.embargo {
        audience.add_from(day, given);
    } else {
        audience.add(given);
    }
    audience
}

fn of_membership(membership: &Membership) -> Audience {
    let mut audience: Audience = [
        Token::Person(membership.member),
        Token::Team(membership.team),
        Token::TeamLead(membership.team),
        Token::Facilitation,
    ]
    .into_iter()
    .collect();
    if membership.public {
        audience.add([Token::Community]);
    }
    audience
}

fn of_story(story: &Story) -> Audience {
    let mut audience: Audience = story.teller.into_iter().chain(story.created_by).map(Token::Person).collect();
    if story.consent != ConsentState::Withdrawn {
        audience.add([Token::Facilitation]);
        audience.add(story.granted().and_then(|consent| meant(consent.scope)));
    }
    audience
}

fn both(mentorship: &Mentorship) -> [Token; 2] {
    [Token::Person(mentorship.mentor), Token::Person(mentorship.mentee)]
}

/// What `viewer` sees of a record they may read: addresses, foreign ids and applications only where meant for
/// them, and of a story's teller what they consented to.
pub fn redact(record: AnyRecord, viewer: &Viewer) -> AnyRecord {
    match record {
        AnyRecord::Member(mut member) => {
            if !viewer.is(member.id) && !viewer.holds(Token::Facilitation) {
                member.external_ids.clear();
                member.decision = None;
                if member.contact == Contact::Private {
                    member.emails.clear();
                }
            }
            AnyRecord::Member(member)
        }
        AnyRecord::Membership(mut membership) => {
            let leads = viewer.holds(Token::TeamLead(membership.team)) || viewer.holds(Token::Facilitation);
            if !viewer.is(membership.member) && !leads {
                membership.answers.clear();
                membership.decision = None;
            }
            AnyRecord::Membership(membership)
        }
        AnyRecord::Story(mut story) => {
            let own = story.teller.into_iter().chain(story.created_by).any(|member| viewer.is(member));
            let named = story.granted().is_some_and(|consent| consent.attribution == crate::model::Attribution::Name);
            if !own && !named {
                story.teller = None;
                story.created_by = None;
            }
            AnyRecord::Story(story)
        }
        other => other,
    }
}

/// Whether [`redact`] may change records of this kind for `viewer`.
pub(crate) fn may_redact(kind: RecordKind, viewer: &Viewer) -> bool {
    match kind {
        RecordKind::Member | RecordKind::Membership => !viewer.holds(Token::Facilitation),
        RecordKind::Story => true,
        _ => false,
    }
}

/// Whether `viewer`, who can read it, may change what a record says, and so see what it said before.
pub fn may_edit(viewer: &Viewer, record: &AnyRecord, parent: Option<&AnyRecord>) -> bool {
    let is = |member: Option<MemberId>| member.is_some_and(|member| viewer.is(member));
    let made = is(record.header().created_by);
    let facilitates = viewer.holds(Token::Facilitation);
    let leads = |team: TeamId| viewer.holds(Token::TeamLead(team));
    match record {
        AnyRecord::Resource(resource) => {
            made || (!resource.sealed && (facilitates || resource.team.is_some_and(leads)))
        }
        AnyRecord::Member(member) => is(Some(member.id)) || facilitates,
        AnyRecord::Membership(membership) => is(Some(membership.member)) || leads(membership.team) || facilitates,
        AnyRecord::Team(team) => leads(team.id) || facilitates,
        AnyRecord::Goal(goal) => made || facilitates || goal.team.is_some_and(leads),
        AnyRecord::Measure(measure) => made || facilitates || leads(measure.team),
        AnyRecord::Cycle(cycle) => made || is(cycle.lead) || facilitates || leads(cycle.team),
        AnyRecord::Convening(convening) => {
            made || facilitates || convening.teams.iter().any(|&team| viewer.holds(Token::TeamFacilitator(team)))
        }
        AnyRecord::Story(story) => made || is(story.teller),
        AnyRecord::Mentorship(mentorship) => {
            viewer.is(mentorship.mentor) || viewer.is(mentorship.mentee) || facilitates
        }
        AnyRecord::Entry(_) => made,
        AnyRecord::Attendance(attendance) => {
            is(attendance.member) || parent.is_some_and(|convening| may_edit(viewer, convening, None))
        }
        AnyRecord::Observation(_) => made || parent.is_some_and(|measure| may_edit(viewer, measure, None)),
        AnyRecord::Finding(_)
        | AnyRecord::Community(_)
        | AnyRecord::Organization(_)
        | AnyRecord::Framework(_)
        | AnyRecord::Standard(_)
        | AnyRecord::Association(_) => facilitates,
    }
}

/// Whether `viewer`, who can read it, may change who sees a resource, or delete it.
pub fn may_manage(viewer: &Viewer, resource: &Resource) -> bool {
    let owns = resource.created_by.is_some_and(|maker| viewer.is(maker));
    owns || (!resource.sealed && viewer.holds(Token::Facilitation))
}
