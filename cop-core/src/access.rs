//! Who may see and do what: one rule, in one place.
//!
//! **A viewer may read a record iff a token of its audience is among the tokens the viewer holds.**
//! The rule only allows, so it does not depend on order and is the same set intersection in the store,
//! in search and in exports. Pure: whoever calls looks the facts up.
//!
//! | audience of a record | held by a viewer |
//! |---|---|
//! | `p:<owner>` always | `p:<self>` |
//! | `cm` unless sealed | `cm` for stewards, conveners and owners, and the host itself |
//! | draft or in review: `tl:<team>` unless sealed, and nothing more | `tl:<team>` for leads of it |
//! | grants: `p:`, `t:`, `o:` | `t:<team>` for its active members |
//! | `*` public · `c` community · `o:` organization · `t:` team | `*` everybody · `c` live members but observers · `o:` for each organization of a current affiliation and all above it |

use std::collections::BTreeSet;
use std::fmt;

use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::{
    AnyRecord, CommunityRole, Contact, Grantee, Member, Membership, RecordKind, Resource, ResourceState, Visibility,
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
            Token::Organization(id) => write!(f, "o:{id}"),
        }
    }
}

/// Who asks, with everything they hold at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The member; nobody for guests and for the host itself.
    pub member: Option<MemberId>,
    /// What they hold.
    pub tokens: BTreeSet<Token>,
}

impl Viewer {
    /// Somebody who is not signed in.
    pub fn guest() -> Self {
        Self { member: None, tokens: [Token::Everyone].into() }
    }

    /// The host itself, which looks after the community as a steward does.
    pub fn host() -> Self {
        Self { member: None, tokens: [Token::Everyone, Token::Community, Token::Facilitation].into() }
    }

    /// A member: `memberships` are theirs, `organizations` those of their current affiliations and all
    /// organizations above them.
    pub fn member(
        member: &Member,
        memberships: &[Membership],
        organizations: impl IntoIterator<Item = OrganizationId>,
    ) -> Self {
        let mut tokens = BTreeSet::from([Token::Everyone, Token::Person(member.id)]);
        if member.is_live() {
            if !observes_only(member) {
                tokens.insert(Token::Community);
            }
            if facilitates(member) {
                tokens.insert(Token::Facilitation);
            }
            for membership in memberships.iter().filter(|m| m.member == member.id) {
                if membership.state == crate::model::MembershipState::Active {
                    tokens.insert(Token::Team(membership.team));
                }
                if membership.leads() {
                    tokens.insert(Token::TeamLead(membership.team));
                }
            }
            tokens.extend(organizations.into_iter().map(Token::Organization));
        }
        Self { member: Some(member.id), tokens }
    }

    /// Whether they hold `token`.
    pub fn holds(&self, token: Token) -> bool {
        self.tokens.contains(&token)
    }

    /// Whether they may read something with this audience.
    pub fn may_read(&self, audience: &BTreeSet<Token>) -> bool {
        !self.tokens.is_disjoint(audience)
    }
}

/// Whether a member facilitates or stewards the whole community.
pub(crate) fn facilitates(member: &Member) -> bool {
    [CommunityRole::Owner, CommunityRole::Steward, CommunityRole::Convener].iter().any(|&role| member.holds(role))
}

fn observes_only(member: &Member) -> bool {
    member.roles.contains(&CommunityRole::Observer) && member.roles.len() == 1
}

/// The audience of a record: the tokens of which a viewer needs one.
pub fn audience(record: &AnyRecord) -> BTreeSet<Token> {
    match record {
        AnyRecord::Resource(resource) => audience_of_resource(resource),
        AnyRecord::Membership(membership) => audience_of_membership(membership),
        AnyRecord::Member(member) => {
            let mut tokens = audience_of_kind(RecordKind::Member);
            tokens.insert(Token::Person(member.id));
            tokens
        }
        other => audience_of_kind(other.kind()),
    }
}

/// The audience that all records of a kind share, where they do; a member also sees themselves.
pub fn audience_of_kind(kind: RecordKind) -> BTreeSet<Token> {
    match kind {
        RecordKind::Community | RecordKind::Framework | RecordKind::Standard | RecordKind::Association => {
            [Token::Everyone].into()
        }
        RecordKind::Organization | RecordKind::Member | RecordKind::Team => {
            [Token::Community, Token::Facilitation].into()
        }
        RecordKind::Membership | RecordKind::Resource => BTreeSet::new(),
    }
}

fn audience_of_resource(resource: &Resource) -> BTreeSet<Token> {
    let mut tokens = BTreeSet::new();
    tokens.extend(resource.created_by.map(Token::Person));
    if !resource.sealed {
        tokens.insert(Token::Facilitation);
    }
    if matches!(resource.state, ResourceState::Draft | ResourceState::InReview) {
        if !resource.sealed {
            tokens.extend(resource.team.map(Token::TeamLead));
        }
        return tokens;
    }
    tokens.extend(resource.grants.iter().map(|grantee| match grantee {
        Grantee::Member(id) => Token::Person(*id),
        Grantee::Team(id) => Token::Team(*id),
        Grantee::Organization(id) => Token::Organization(*id),
    }));
    tokens.extend(match resource.visibility {
        Visibility::Public => Some(Token::Everyone),
        Visibility::Community => Some(Token::Community),
        Visibility::Organization(id) => Some(Token::Organization(id)),
        Visibility::Team(id) => Some(Token::Team(id)),
        Visibility::Private => None,
    });
    tokens
}

fn audience_of_membership(membership: &Membership) -> BTreeSet<Token> {
    let mut tokens = BTreeSet::from([
        Token::Person(membership.member),
        Token::Team(membership.team),
        Token::TeamLead(membership.team),
        Token::Facilitation,
    ]);
    if membership.public {
        tokens.insert(Token::Community);
    }
    tokens
}

/// What `viewer` sees of a member they may read: addresses and foreign ids only where meant for them.
pub fn redact(mut member: Member, viewer: &Viewer) -> Member {
    let own = viewer.member == Some(member.id) || viewer.holds(Token::Facilitation);
    if !own {
        member.external_ids.clear();
        if member.contact == Contact::Private {
            member.emails.clear();
        }
    }
    member
}

/// Whether `viewer`, who can read it, may change a resource's content.
pub fn may_edit(viewer: &Viewer, resource: &Resource) -> bool {
    let owns = resource.created_by.is_some() && resource.created_by == viewer.member;
    let facilitates = !resource.sealed && viewer.holds(Token::Facilitation);
    let leads = !resource.sealed && resource.team.is_some_and(|team| viewer.holds(Token::TeamLead(team)));
    owns || facilitates || leads
}

/// Whether `viewer`, who can read it, may change who sees a resource, or delete it.
pub fn may_manage(viewer: &Viewer, resource: &Resource) -> bool {
    let owns = resource.created_by.is_some() && resource.created_by == viewer.member;
    owns || (!resource.sealed && viewer.holds(Token::Facilitation))
}
