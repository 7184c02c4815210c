//! Random people doing random things: mostly sensible, often refused, the same for the same seed.

use chrono::{DateTime, Days, NaiveDate, Utc};
use cop_core::{
    AffiliationOf, AssociationFilter, CommunityEdit, CommunityRolesOf, EndOfAffiliation, ExternalId, Framework,
    FrameworkFilter, GrantOf, ListFilter, MemberEdit, MemberFilter, MemberId, MemberRef, MemberState, MembershipFilter,
    MembershipRef, MembershipState, NewAffiliation, NewAssociation, NewFramework, NewMember, NewMembership,
    NewOrganization, NewResource, NewStandard, NewTeam, NodeRef, Op, OrganizationEdit, OrganizationFilter,
    OrganizationId, PartOf, RecordKind, Resource, ResourceEdit, ResourceFilter, ResourceId, ResourceKind,
    ResourceState, SealOf, StandardFilter, StandardId, TeamEdit, TeamFilter, TeamId, TeamKind, TeamRef, TeamRolesOf,
    TeamState, VisibilityOf,
};
use uuid::Uuid;

use crate::access::Who;
use crate::model::Model;
use crate::random::Random;

/// When every history begins.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_600_000_000_000).unwrap_or_default()
}

/// What the host sets up before people come: one in every role, a tree of organizations, two teams.
pub fn opening() -> Vec<Op> {
    let cds = |kind: &str, name: &str, cds: &str| Op::AddOrganization(NewOrganization::new(kind, name).with_cds(cds));
    let mut ops = vec![
        cds("county_office", "County", "01000000000000"),
        cds("district", "District", "01611190000000"),
        cds("school", "School", "01611190130229"),
        Op::AddOrganization(NewOrganization::new("university", "University")),
    ];
    for (name, role) in [
        ("Olga", "owner"),
        ("Stan", "steward"),
        ("Conny", "convener"),
        ("Lea", "member"),
        ("Ana", "member"),
        ("Ben", "member"),
        ("Obi", "observer"),
        ("Ed", "member"),
    ] {
        let email = format!("{}@example.org", name.to_lowercase());
        ops.push(Op::AddMember(NewMember::new(name, "Test").with_role(role).with_email(email)));
    }
    ops.push(Op::CreateTeam(NewTeam::new("project", "Fractions")));
    ops.push(Op::CreateTeam(NewTeam::new("site", "Open door").with_admission("open")));
    ops.push(Op::CreateTeam(NewTeam::new("project", "On request").with_admission("request")));
    ops
}

/// What can only be set up once the people and teams have ids.
pub fn second_opening(model: &Model) -> Vec<Op> {
    let members = model.ids(RecordKind::Member);
    let organizations = model.ids(RecordKind::Organization);
    let teams = model.ids(RecordKind::Team);
    let person = |n: usize| MemberId::new(members[n]);
    let team = TeamId::new(teams[0]);
    let at = |n: usize, organization: usize| {
        let affiliation = NewAffiliation::new(OrganizationId::new(organizations[organization]), "teacher");
        Op::AddAffiliation(AffiliationOf { member: person(n), affiliation })
    };
    let below = |child: usize, parent: usize| {
        let mut edit = OrganizationEdit::new(OrganizationId::new(organizations[child]));
        edit.parent = Some(OrganizationId::new(organizations[parent]));
        Op::ReviseOrganization(edit)
    };
    let given = |n: usize, title: &str, visibility: &str| {
        let mut new = NewResource::new("task", title).with_team(team).with_body("Fold a strip.").published();
        (new.owner, new.visibility) = (Some(person(n)), Some(visibility.to_owned()));
        Op::AddResource(new)
    };
    vec![
        Op::RecordFramework(NewFramework {
            identifier: "f-1".into(),
            title: "Standards".into(),
            ..NewFramework::default()
        }),
        given(3, "For all", "public"),
        given(4, "For us", "community"),
        given(4, "For the team", &format!("team:{team}")),
        given(5, "For the county", &format!("organization:{}", organizations[0])),
        given(7, "For nobody", "private"),
        below(1, 0),
        below(2, 1),
        at(4, 2),
        at(5, 1),
        at(7, 2),
        Op::AddMembership(NewMembership::new(team, person(3)).with_role("lead")),
        Op::AddMembership(NewMembership::new(team, person(4))),
        Op::AddMembership(NewMembership::new(team, person(7))),
        Op::EndMember(MemberRef { member: person(7) }),
    ]
}

/// Everybody there is to look: a guest, the host, and all members.
pub fn everybody(model: &Model) -> Vec<Who> {
    let members = model.ids(RecordKind::Member).into_iter().map(|id| Who::Member(MemberId::new(id)));
    [Who::Guest, Who::Host].into_iter().chain(members).collect()
}

/// One random step: who does what.
pub fn step(random: &mut Random, model: &Model, today: NaiveDate) -> (Who, Op) {
    let mut dice = Dice { random, model, today };
    let who = dice.actor();
    let op = dice.op(who);
    (who, op)
}

/// One random step of somebody.
pub fn step_of(random: &mut Random, model: &Model, today: NaiveDate, who: Who) -> Op {
    Dice { random, model, today }.op(who)
}

/// Filters that find something, and some that find nothing.
pub fn filters(random: &mut Random, model: &Model, today: NaiveDate) -> Vec<ListFilter> {
    let mut dice = Dice { random, model, today };
    vec![
        OrganizationFilter { parent: dice.maybe(Dice::organization), ..OrganizationFilter::new() }.into(),
        OrganizationFilter { external_id: dice.maybe(Dice::external_id), ..OrganizationFilter::new() }.into(),
        MemberFilter { organization: dice.maybe(Dice::organization), ..MemberFilter::new() }.into(),
        MemberFilter {
            state: dice.maybe(|d| d.one(&[MemberState::Active, MemberState::Ended])),
            ..MemberFilter::new()
        }
        .into(),
        TeamFilter {
            kind: dice.maybe(|d| d.one(&[TeamKind::Project, TeamKind::Site])),
            state: dice.maybe(|d| d.one(&[TeamState::Forming, TeamState::Active])),
            parent: None,
        }
        .into(),
        MembershipFilter {
            member: dice.maybe(Dice::member),
            team: dice.maybe(Dice::team),
            state: dice.maybe(|d| d.one(&[MembershipState::Active, MembershipState::Ended])),
        }
        .into(),
        FrameworkFilter::new().into(),
        StandardFilter { code: dice.maybe(|d| d.one(&["3NFA1", "3.NF.A.2"]).to_owned()), ..StandardFilter::new() }
            .into(),
        AssociationFilter::new().into(),
        ResourceFilter::new().into(),
        ResourceFilter {
            kind: dice.maybe(|d| d.one(&[ResourceKind::Task, ResourceKind::Video])),
            state: dice.maybe(|d| d.one(&[ResourceState::Draft, ResourceState::Published, ResourceState::Retired])),
            team: dice.maybe(Dice::team),
            created_by: dice.maybe(Dice::member),
            external_id: dice.rarely(Dice::external_id),
            ..ResourceFilter::new()
        }
        .into(),
    ]
}

/// A random hand that knows what there is.
struct Dice<'a> {
    random: &'a mut Random,
    model: &'a Model,
    today: NaiveDate,
}

impl Dice<'_> {
    fn one<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.random.below(items.len())].clone()
    }

    /// Something fine, or, now and then, something that is refused.
    fn word(&mut self, fine: &[&str], bad: &str) -> String {
        if self.random.one_in(20) { bad.to_owned() } else { self.one(fine).to_owned() }
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.random.one_in(2).then(|| make(self))
    }

    fn rarely<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.random.one_in(8).then(|| make(self))
    }

    /// The id of a live record, or, rarely, of none.
    fn id(&mut self, kind: RecordKind) -> Uuid {
        let nothing = Uuid::from_u128(0xdead);
        if self.random.one_in(24) { nothing } else { self.random.pick(&self.model.ids(kind)).unwrap_or(nothing) }
    }

    fn member(&mut self) -> MemberId {
        self.id(RecordKind::Member).into()
    }

    fn organization(&mut self) -> OrganizationId {
        self.id(RecordKind::Organization).into()
    }

    fn team(&mut self) -> TeamId {
        self.id(RecordKind::Team).into()
    }

    fn resource(&mut self) -> ResourceId {
        // The deleted ones too: they must stay gone.
        let all = self.model.records().map(|kept| kept.record.reference());
        let all: Vec<Uuid> = all.filter(|record| record.kind == RecordKind::Resource).map(|record| record.id).collect();
        if self.random.one_in(24) { Uuid::nil().into() } else { self.random.pick(&all).unwrap_or_default().into() }
    }

    /// A resource that is theirs, more often than not.
    fn resource_of(&mut self, who: Who) -> ResourceId {
        let Who::Member(me) = who else { return self.resource() };
        let all = self.model.ids(RecordKind::Resource);
        let own: Vec<Uuid> = all
            .into_iter()
            .filter(|&id| self.model.one::<Resource>(id.into()).is_some_and(|r| r.created_by == Some(me)))
            .collect();
        match self.random.pick(&own).filter(|_| !self.random.one_in(3)) {
            Some(own) => own.into(),
            None => self.resource(),
        }
    }

    /// A membership that somebody asked for, if there is one.
    fn request(&mut self) -> cop_core::MembershipId {
        let open = self.model.memberships_where(|m| m.state == MembershipState::Requested);
        let open: Vec<_> = open.iter().map(|m| m.id).collect();
        self.random.pick(&open).unwrap_or_else(|| self.membership())
    }

    /// A team of theirs, more often than not.
    fn team_of(&mut self, who: Who) -> TeamId {
        let Who::Member(me) = who else { return self.team() };
        let own: Vec<TeamId> = self.model.memberships_where(|m| m.member == me).iter().map(|m| m.team).collect();
        match self.random.pick(&own).filter(|_| !self.random.one_in(4)) {
            Some(own) => own,
            None => self.team(),
        }
    }

    fn membership(&mut self) -> cop_core::MembershipId {
        self.id(RecordKind::Membership).into()
    }

    fn actor(&mut self) -> Who {
        match self.random.below(30) {
            0 => Who::Guest,
            1..=4 => Who::Host,
            _ => {
                // Who has left tries now and then.
                let all = self.model.ids(RecordKind::Member).into_iter().map(MemberId::new);
                let gone = self.random.one_in(6);
                let live = |id: &MemberId| gone || self.model.member(*id).is_some_and(|member| member.is_live());
                let able: Vec<MemberId> = all.filter(live).collect();
                self.random.pick(&able).map_or(Who::Host, Who::Member)
            }
        }
    }

    fn title(&mut self) -> String {
        let titles = ["Fraction strips", "Bruchstreifen", "分数の帯", "كسور", " padded ", "Man\u{303}ana", "T\"'$1"];
        self.word(&titles, "")
    }

    fn name(&mut self) -> String {
        self.word(&["Ada", "Grace", "Þóra", "José", "李"], "a\nb")
    }

    fn words(&mut self) -> Vec<String> {
        let count = self.random.below(4);
        (0..count).map(|_| self.one(&["a", "b", "c", "ñ", "x y", "\"q\""]).to_owned()).collect()
    }

    fn external_id(&mut self) -> ExternalId {
        ExternalId::new(self.one(&["drive", "nces"]), self.one(&["1", "2", "3", "4", "5", "6", " 1", "é"]))
    }

    fn external_ids(&mut self) -> Vec<ExternalId> {
        let count = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][self.random.below(10)];
        (0..count).map(|_| self.external_id()).collect()
    }

    fn visibility(&mut self) -> String {
        match self.random.below(9) {
            0 | 1 => "public".into(),
            2 | 3 => "community".into(),
            4 | 5 => format!("team:{}", self.team()),
            6 => format!("organization:{}", self.organization()),
            7 => "private".into(),
            _ => self.word(&["", "private", "public"], "friends"),
        }
    }

    fn grantee(&mut self) -> String {
        match self.random.below(7) {
            0 | 1 => format!("member:{}", self.member()),
            2 | 3 => format!("team:{}", self.team()),
            4 | 5 => format!("organization:{}", self.organization()),
            _ => self.word(&["member:00000000-0000-0000-0000-000000000000"], "everybody"),
        }
    }

    fn roles(&mut self, roles: &[&str], bad: &str) -> Vec<String> {
        let count = [1, 1, 1, 2, 0][self.random.below(5)];
        (0..count).map(|_| self.word(roles, bad)).collect()
    }

    fn community_roles(&mut self) -> Vec<String> {
        self.roles(&["owner", "steward", "convener", "member", "member", "observer"], "king")
    }

    fn team_roles(&mut self) -> Vec<String> {
        self.roles(&["lead", "lead", "facilitator", "mentor", "member", "observer"], "boss")
    }

    fn date(&mut self) -> NaiveDate {
        let days = Days::new(self.random.below(5) as u64);
        if self.random.one_in(2) { self.today + days } else { self.today - days }
    }

    fn affiliation(&mut self) -> NewAffiliation {
        let mut new = NewAffiliation::new(self.organization(), self.word(&["teacher", "coach", "juggler"], "a b"));
        new.since = self.maybe(Self::date);
        new.until = self.rarely(Self::date);
        new.grades = self.maybe(|d| vec![d.word(&["3", "KG"], "99")]).unwrap_or_default();
        new
    }

    fn new_resource(&mut self, who: Who) -> NewResource {
        let mut new = NewResource::new(self.word(&["task", "video", "own:kind"], "no kind"), self.title());
        new.body = self.maybe(|d| d.title()).unwrap_or_default();
        new.links = self
            .maybe(|d| vec![cop_core::NewLink { url: d.word(&["https://example.org/a"], "ftp://x"), label: None }])
            .unwrap_or_default();
        new.tags = self.words();
        new.language = self.maybe(|d| d.word(&["en", "ES-mx"], "??"));
        new.school_year = self.maybe(|d| d.word(&["2021-22", "2022-23"], "2021-23"));
        new.team = self.maybe(|d| d.team_of(who));
        new.visibility = self.maybe(Self::visibility);
        new.external_ids = self.external_ids();
        new.part_of = self.rarely(|d| PartOf { resource: d.resource_of(who), position: 1 });
        new.owner = match who {
            Who::Host => self.maybe(Self::member),
            _ => self.random.one_in(40).then(|| self.member()),
        };
        new.published = self.random.one_in(2);
        if new.published && !self.random.one_in(8) {
            new.body = "Fold a strip.".into();
        }
        if self.random.one_in(4) {
            new = new.with_standard("3.NF.A.1");
        }
        new
    }

    fn op(&mut self, who: Who) -> Op {
        let me = match who {
            Who::Member(me) => me,
            _ => self.member(),
        };
        let framework = Framework::id_of("f-1");
        match self.random.below(66) {
            0 => {
                let mut new =
                    NewOrganization::new(self.word(&["network", "district", "school"], "moon base"), self.name());
                new.parent = self.maybe(Self::organization);
                new.cds = self.rarely(|d| d.one(&["01611190000000", "19647330000000", "123"]).to_owned());
                new.external_ids = self.external_ids();
                Op::AddOrganization(new)
            }
            1 | 2 => {
                let mut edit = OrganizationEdit::new(self.organization());
                edit.name = self.maybe(Self::name);
                edit.parent = self.maybe(Self::organization);
                edit.kind = self.rarely(|d| d.one(&["network", "school"]).to_owned());
                edit.status = self.rarely(|d| d.one(&["closed", "asleep"]).to_owned());
                edit.external_ids = self.external_ids();
                Op::ReviseOrganization(edit)
            }
            3 => {
                let mut new = NewMember::new(self.name(), self.name());
                new.roles = self.community_roles();
                new.emails =
                    self.maybe(|d| vec![d.word(&["a@example.org", "B@EXAMPLE.org"], "none")]).unwrap_or_default();
                new.affiliations = self.rarely(|d| vec![d.affiliation()]).unwrap_or_default();
                new.external_ids = self.external_ids();
                Op::AddMember(new)
            }
            4 | 5 => {
                let mut edit = MemberEdit::new(if self.random.one_in(2) { me } else { self.member() });
                edit.given = self.maybe(Self::name);
                edit.emails = self.maybe(|d| vec![d.one(&["a@example.org", "b@example.org"]).into()]);
                edit.contact = self.maybe(|d| d.one(&["private", "community"]).to_owned());
                edit.external_ids = self.external_ids();
                Op::ReviseMember(edit)
            }
            6 => Op::AddAffiliation(AffiliationOf {
                member: if self.random.one_in(2) { me } else { self.member() },
                affiliation: self.affiliation(),
            }),
            7 => Op::EndAffiliation(EndOfAffiliation {
                member: self.member(),
                organization: self.organization(),
                role: "teacher".into(),
                until: self.date(),
            }),
            8 | 9 => Op::SetCommunityRoles(CommunityRolesOf { member: self.member(), roles: self.community_roles() }),
            10 => Op::ActivateMember(MemberRef { member: if self.random.one_in(2) { me } else { self.member() } }),
            11 => Op::EndMember(MemberRef { member: self.member() }),
            12 => {
                let mut new = NewTeam::new(self.one(&["project", "site", "regional", "course"]), self.name());
                new.parent = self.maybe(Self::team);
                new.admission = self.maybe(|d| d.word(&["open", "request", "closed"], "x"));
                new.default_visibility = self.maybe(Self::visibility);
                new.maximum_visibility = self.rarely(Self::visibility);
                new.starts = self.rarely(Self::date);
                new.ends = new.starts;
                Op::CreateTeam(new)
            }
            13 | 14 => {
                let mut edit = TeamEdit::new(self.team());
                edit.name = self.maybe(Self::name);
                edit.admission = self.maybe(|d| d.one(&["open", "request", "invite_only"]).to_owned());
                edit.organizations = self.maybe(|d| vec![d.organization(), d.organization()]);
                edit.default_visibility = self.rarely(Self::visibility);
                edit.maximum_visibility = self.rarely(Self::visibility);
                Op::ReviseTeam(edit)
            }
            15 => Op::ActivateTeam(TeamRef { team: self.team() }),
            16 if self.random.one_in(4) => Op::ArchiveTeam(TeamRef { team: self.team() }),
            16 | 17 => Op::AddMembership(self.new_membership()),
            18 | 19 => Op::InviteToTeam(self.new_membership()),
            20 | 21 => Op::RequestToJoin(TeamRef { team: self.team() }),
            22 => Op::ApproveMembership(self.request().into()),
            23 => Op::RejectMembership(self.request().into()),
            24 | 25 => Op::AcceptMembership(MembershipRef { membership: self.membership() }),
            26 => Op::EndMembership(MembershipRef { membership: self.membership() }),
            27 | 28 => Op::SetTeamRoles(TeamRolesOf { membership: self.membership(), roles: self.team_roles() }),
            29 => Op::RecordFramework(NewFramework {
                identifier: self.one(&["f-1", "f-2", ""]).into(),
                title: self.title(),
                extra: self.extra(),
                ..NewFramework::default()
            }),
            30 => {
                let mut new = NewStandard::new(framework, self.one(&["s-1", "s-2", "S-1"]), self.title());
                new.code = self.maybe(|d| d.one(&["3.NF.A.1", "CCSS.MATH.CONTENT.3.NF.A.2", "…"]).to_owned());
                new.parent = self.maybe(|_| "s-1".to_owned());
                new.education_levels = self.words();
                new.position = self.maybe(|d| d.random.bits() as i64);
                new.extra = self.extra();
                Op::RecordStandard(new)
            }
            31 => Op::RecordAssociation(NewAssociation {
                framework,
                identifier: self.one(&["a-1", "a-2"]).into(),
                kind: self.one(&["isChildOf", "precedes", "own:tie"]).into(),
                origin: node("s-1"),
                destination: node(self.one(&["s-2", "elsewhere", ""])),
                sequence: self.maybe(|d| d.random.below(9) as i64),
                extra: self.extra(),
            }),
            32..=38 => Op::AddResource(self.new_resource(who)),
            39..=42 => {
                let mut edit = ResourceEdit::new(self.resource_of(who));
                edit.title = self.maybe(Self::title);
                edit.body = self.maybe(Self::title);
                edit.tags = self.maybe(Self::words);
                edit.subjects = self.rarely(Self::words);
                edit.grades = self.rarely(|d| vec![d.one(&["3", "4", "KG"]).to_owned()]);
                edit.licence = self.rarely(|d| d.word(&["CC-BY-4.0", ""], "free"));
                edit.school_year = self.rarely(|d| d.one(&["2022-23", ""]).to_owned());
                edit.alignments = self.rarely(|d| {
                    let standard = d.maybe(|d| StandardId::new(d.id(RecordKind::Standard)));
                    vec![cop_core::NewAlignment { code: "3.NF.A.2".into(), standard, kind: None }]
                });
                Op::ReviseResource(edit)
            }
            43..=45 => Op::PublishResource(self.resource_of(who).into()),
            46 => Op::RetireResource(self.resource_of(who).into()),
            47..=50 => {
                Op::SetVisibility(VisibilityOf { resource: self.resource_of(who), visibility: self.visibility() })
            }
            51..=53 => Op::GrantAccess(GrantOf { resource: self.resource_of(who), grantee: self.grantee() }),
            54 => {
                let resource = self.resource_of(who);
                let given: Vec<_> = self.model.one::<Resource>(resource).into_iter().flat_map(|r| r.grants).collect();
                let grantee = self.random.pick(&given).map_or_else(|| self.grantee(), |grantee| grantee.to_string());
                Op::RevokeAccess(GrantOf { resource, grantee })
            }
            55 | 56 => Op::SealResource(SealOf { resource: self.resource_of(who), sealed: !self.random.one_in(3) }),
            57 => Op::DeleteResource(self.resource_of(who).into()),
            58..=63 => Op::AddResource(self.new_resource(who)),
            64 => Op::ReviseCommunity(CommunityEdit {
                name: self.maybe(Self::name),
                hub: self.maybe(Self::organization),
                ..CommunityEdit::new()
            }),
            _ => Op::FoundCommunity(cop_core::NewCommunity::new("Another")),
        }
    }

    fn new_membership(&mut self) -> NewMembership {
        NewMembership { team: self.team(), member: self.member(), roles: self.team_roles() }
    }

    fn extra(&mut self) -> serde_json::Map<String, serde_json::Value> {
        let number = f64::from_bits(self.random.bits());
        let mut extra = serde_json::Map::new();
        extra.insert("number".into(), serde_json::Value::from(Some(number).filter(|n| n.is_finite())));
        extra.insert(self.name(), serde_json::json!({"+": self.words(), "-": null}));
        extra
    }
}

fn node(identifier: &str) -> NodeRef {
    NodeRef { identifier: identifier.into(), uri: String::new(), title: "Ende".into() }
}
