//! A small community to try the rules on: a county with two districts and three schools, people in every role.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use cop_core::change::fold;
use cop_core::{
    AnyRecord, Change, Clock, Community, CommunityOptions, Error, ErrorKind, ManualClock, MemberId, NewAffiliation,
    NewCommunity, NewMember, NewMembership, NewOrganization, NewTeam, OrganizationId, RecordRef, Result, ScriptedIds,
    Session, TeamId,
};
use cop_tests::random::number;
use proptest::prelude::ProptestConfig;

/// A clock that a test and its community share.
#[derive(Clone)]
pub struct SharedClock(pub Arc<ManualClock>);

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// A community with a team that Lea leads and Ana and Ben are in. Stan stewards it, Conny convenes, Olga owns it,
/// Obi observes, Ed is a member of no team.
pub struct World {
    pub cop: Community,
    pub clock: SharedClock,
    pub county: OrganizationId,
    /// Ana's and Lea's.
    pub north: OrganizationId,
    /// Ben's.
    pub south: OrganizationId,
    pub team: TeamId,
    pub olga: MemberId,
    pub stan: MemberId,
    pub conny: MemberId,
    pub lea: MemberId,
    pub ana: MemberId,
    pub ben: MemberId,
    pub obi: MemberId,
    pub ed: MemberId,
}

impl World {
    /// The community on 1 September 2021.
    pub fn new() -> Self {
        Self::opened(CommunityOptions::new())
    }

    /// The same, opened with these options.
    pub fn opened(options: CommunityOptions) -> Self {
        let clock = SharedClock(Arc::new(ManualClock::new(at("2021-09-01T16:00:00Z"))));
        let options = options.with_clock(clock.clone()).with_ids(ScriptedIds::new(1));
        let cop = options.in_memory(NewCommunity::new("Math CoP")).unwrap();
        let host = cop.steward();
        let organization = |kind: &str, name: &str, parent: Option<OrganizationId>| {
            host.add_organization(NewOrganization { parent, ..NewOrganization::new(kind, name) }).unwrap().id
        };
        let county = organization("county_office", "County", None);
        let north = organization("district", "North", Some(county));
        let south = organization("district", "South", Some(county));
        let school = organization("school", "North School", Some(north));
        let person = |given: &str, role: &str, place: Option<(OrganizationId, &str)>| {
            let mut new = NewMember::new(given, "Test").with_role(role);
            new.affiliations.extend(place.map(|(at, role)| NewAffiliation::new(at, role)));
            host.add_member(new).unwrap().id
        };
        let olga = person("Olga", "owner", Some((county, "county_leader")));
        let stan = person("Stan", "steward", None);
        let conny = person("Conny", "convener", None);
        let lea = person("Lea", "member", Some((north, "coach")));
        let ana = person("Ana", "member", Some((school, "teacher")));
        let ben = person("Ben", "member", Some((south, "teacher")));
        let obi = person("Obi", "observer", None);
        let ed = person("Ed", "member", Some((south, "site_admin")));
        let team = host.create_team(NewTeam::new("cross_district", "Fractions")).unwrap().id;
        host.add_membership(NewMembership::new(team, lea).with_role("lead")).unwrap();
        host.add_membership(NewMembership::new(team, ana)).unwrap();
        host.add_membership(NewMembership::new(team, ben)).unwrap();
        host.activate_team(team).unwrap();
        Self { cop, clock, county, north, south, team, olga, stan, conny, lea, ana, ben, obi, ed }
    }

    /// A member's session.
    pub fn session(&self, member: MemberId) -> Session {
        self.cop.as_member(member).unwrap()
    }

    /// Everybody there is, by name: all members, the host, and a guest.
    pub fn everybody(&self) -> Vec<(&'static str, Session)> {
        let leaders = [("olga", self.olga), ("stan", self.stan), ("conny", self.conny), ("lea", self.lea)];
        let others = [("ana", self.ana), ("ben", self.ben), ("obi", self.obi), ("ed", self.ed)];
        let mut all: Vec<_> = leaders.into_iter().chain(others).map(|(name, id)| (name, self.session(id))).collect();
        all.extend([("host", self.cop.steward()), ("guest", self.cop.as_guest())]);
        all
    }

    /// Sets the clock.
    pub fn go_to(&self, time: &str) {
        self.clock.0.set(at(time));
    }

    /// What a refused call says; it must have written nothing.
    pub fn refused<T: std::fmt::Debug>(&self, call: impl FnOnce() -> Result<T>) -> Error {
        let head = self.cop.head().unwrap();
        let error = call().expect_err("it is refused");
        assert_eq!(self.cop.head().unwrap(), head, "a refused operation writes nothing: {error}");
        error
    }

    /// The kind of a refusal, and the codes of everything that is wrong, with their fields.
    pub fn wrong<T: std::fmt::Debug>(&self, call: impl FnOnce() -> Result<T>) -> (ErrorKind, Vec<String>) {
        let error = self.refused(call);
        let problems: Vec<String> = error.problems().iter().map(|p| format!("{} {}", p.field, p.code)).collect();
        (error.kind(), if problems.is_empty() { vec![error.code().to_owned()] } else { problems })
    }
}

impl World {
    /// Folds every record's log: it must amount to a record, and to the row as far as the host sees it whole.
    pub fn log_amounts_to_the_rows(&self) {
        let mut histories: BTreeMap<RecordRef, Vec<Change>> = BTreeMap::new();
        for change in self.cop.changes(0, usize::MAX).unwrap() {
            histories.entry(RecordRef { kind: change.kind, id: change.id }).or_default().push(change);
        }
        for (record, history) in histories {
            let (folded, live) = fold(&history).unwrap().unwrap();
            match self.cop.steward().record(record) {
                // Who told a story is not the host's to know.
                Ok(AnyRecord::Story(_)) => assert!(live),
                Ok(row) => assert_eq!((row, true), (folded, live), "row and log differ"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
            }
        }
    }
}

/// Something that somebody does, in a table of cases.
pub type Act = fn(&World);

/// A property is tried so often, or as often as `COP_CASES` says.
pub fn cases(usual: u32) -> ProptestConfig {
    let cases = u32::try_from(number("COP_CASES", usual.into())).unwrap();
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The moment that `text` names.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The day that `text` names.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
