//! A random hand that knows what there is: ids, words, dates, and now and then something bad.

use chrono::{Days, NaiveDate};
use cop_core::{
    CommunityRole, ExternalId, Member, MemberId, Membership, MembershipState, OrganizationId, Record, RecordKind,
    RecordRef, Resource, ResourceId, TeamId, TeamRole,
};
use uuid::Uuid;

use crate::access::Who;
use crate::model::Model;
use crate::random::Random;

/// A random hand that knows what there is.
pub(super) struct Dice<'a> {
    pub random: &'a mut Random,
    pub model: &'a Model,
    pub today: NaiveDate,
}

impl Dice<'_> {
    pub fn one<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.random.below(items.len())].clone()
    }

    /// Something fine, or, now and then, something that is refused.
    pub fn word(&mut self, fine: &[&str], bad: &str) -> String {
        if self.random.one_in(20) { bad.to_owned() } else { self.one(fine).to_owned() }
    }

    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.random.one_in(2).then(|| make(self))
    }

    pub fn rarely<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.random.one_in(8).then(|| make(self))
    }

    /// A live record of which something holds.
    pub fn some<R: Record>(&mut self, holds: impl Fn(&R) -> bool) -> Option<R> {
        self.random.pick(&self.model.all(holds))
    }

    /// The id of a live record, or, rarely, of none.
    pub fn id<R: Record>(&mut self) -> R::Id {
        let nothing = Uuid::from_u128(0xdead);
        let id = if self.random.one_in(24) { None } else { self.random.pick(&self.model.ids(R::KIND)) };
        id.unwrap_or(nothing).into()
    }

    /// The id of a live record of which something holds, or, now and then, of any.
    pub fn fitting<R: Record>(&mut self, holds: impl Fn(&R) -> bool) -> R::Id {
        let found = if self.random.one_in(6) { None } else { self.some(holds) };
        found.map_or_else(|| self.id::<R>(), |record| record.header().id.into())
    }

    pub fn member(&mut self) -> MemberId {
        self.id::<Member>()
    }

    /// Somebody, more often than not the one who acts.
    pub fn self_or_other(&mut self, who: Who) -> MemberId {
        match who {
            Who::Member(me) if !self.random.one_in(3) => me,
            _ => self.member(),
        }
    }

    pub fn organization(&mut self) -> OrganizationId {
        self.id::<cop_core::Organization>()
    }

    pub fn team(&mut self) -> TeamId {
        self.id::<cop_core::Team>()
    }

    pub fn resource(&mut self) -> ResourceId {
        // The deleted ones too: they must stay gone.
        let all = self.model.records().map(|kept| kept.record.reference());
        let all: Vec<Uuid> = all.filter(|record| record.kind == RecordKind::Resource).map(|record| record.id).collect();
        if self.random.one_in(24) { Uuid::nil().into() } else { self.random.pick(&all).unwrap_or_default().into() }
    }

    /// A resource that is theirs, more often than not.
    pub fn resource_of(&mut self, who: Who) -> ResourceId {
        let Who::Member(me) = who else { return self.resource() };
        let own = self.some::<Resource>(|resource| resource.created_by == Some(me));
        match own.filter(|_| !self.random.one_in(3)) {
            Some(own) => own.id,
            None => self.resource(),
        }
    }

    /// A team of theirs, more often than not.
    pub fn team_of(&mut self, who: Who) -> TeamId {
        let Who::Member(me) = who else { return self.team() };
        let own = self.some::<Membership>(|m| m.member == me && m.state == MembershipState::Active);
        match own.filter(|_| !self.random.one_in(6)) {
            Some(own) => own.team,
            None => self.team(),
        }
    }

    /// Some record of one of these kinds.
    pub fn record_of(&mut self, kinds: &[RecordKind]) -> RecordRef {
        let live = self.model.records().filter(|kept| !kept.deleted).map(|kept| kept.record.reference());
        let all: Vec<RecordRef> = live.filter(|record| kinds.contains(&record.kind)).collect();
        let nothing = RecordRef { kind: RecordKind::Resource, id: Uuid::from_u128(0xdead) };
        if self.random.one_in(24) { nothing } else { self.random.pick(&all).unwrap_or(nothing) }
    }

    pub fn actor(&mut self) -> Who {
        match self.random.below(30) {
            0 => Who::Guest,
            1..=4 => Who::Host,
            _ => {
                // Who has left tries now and then.
                let gone = self.random.one_in(6);
                self.some::<Member>(|member| gone || member.is_live())
                    .map_or(Who::Host, |member| Who::Member(member.id))
            }
        }
    }

    /// Somebody with one of these roles in the community.
    pub fn with_role(&mut self, roles: &[CommunityRole]) -> Option<Who> {
        let member = self.some::<Member>(|member| roles.iter().any(|role| member.holds(*role)));
        member.map(|member| Who::Member(member.id))
    }

    /// Who leads the team, or facilitates it.
    pub fn runs(&mut self, team: TeamId) -> Option<Who> {
        let able = |m: &Membership| m.roles.contains(&TeamRole::Facilitator) || m.roles.contains(&TeamRole::Lead);
        let found = self.some::<Membership>(|m| m.team == team && m.state == MembershipState::Active && able(m));
        found.map(|membership| Who::Member(membership.member))
    }

    pub fn title(&mut self) -> String {
        let titles = ["Fraction strips", "Bruchstreifen", "分数の帯", "كسور", " padded ", "Man\u{303}ana", "T\"'$1"];
        self.word(&titles, "")
    }

    pub fn name(&mut self) -> String {
        self.word(&["Ada", "Grace", "Þóra", "José", "李"], "a\nb")
    }

    pub fn reason(&mut self) -> String {
        self.word(&["It seemed right.", "¿Por qué no?"], "")
    }

    pub fn words(&mut self) -> Vec<String> {
        let count = self.random.below(4);
        (0..count).map(|_| self.one(&["a", "b", "c", "ñ", "x y", "\"q\""]).to_owned()).collect()
    }

    pub fn email(&mut self) -> String {
        self.word(&["a@example.org", "B@EXAMPLE.org", "c@example.org"], "none")
    }

    pub fn school_year(&mut self) -> String {
        self.word(&["2020-21", "2021-22", "2022-23"], "2021-23")
    }

    pub fn external_id(&mut self) -> ExternalId {
        ExternalId::new(self.one(&["drive", "nces"]), self.one(&["1", "2", "3", "4", "5", "6", " 1", "é"]))
    }

    pub fn external_ids(&mut self) -> Vec<ExternalId> {
        let count = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][self.random.below(10)];
        (0..count).map(|_| self.external_id()).collect()
    }

    pub fn visibility(&mut self) -> String {
        match self.random.below(9) {
            0 | 1 => "public".into(),
            2 | 3 => "community".into(),
            4 | 5 => format!("team:{}", self.team()),
            6 => format!("organization:{}", self.organization()),
            7 => "private".into(),
            _ => self.word(&["", "private", "public"], "friends"),
        }
    }

    pub fn team_roles(&mut self) -> Vec<String> {
        self.roles(&["lead", "lead", "facilitator", "mentor", "member", "observer"], "boss")
    }

    pub fn roles(&mut self, roles: &[&str], bad: &str) -> Vec<String> {
        let count = [1, 1, 1, 2, 0][self.random.below(5)];
        (0..count).map(|_| self.word(roles, bad)).collect()
    }

    pub fn date(&mut self) -> NaiveDate {
        let days = Days::new(self.random.below(5) as u64);
        if self.random.one_in(2) { self.today + days } else { self.today - days }
    }

    pub fn extra(&mut self) -> serde_json::Map<String, serde_json::Value> {
        let number = f64::from_bits(self.random.bits());
        let mut extra = serde_json::Map::new();
        extra.insert("number".into(), serde_json::Value::from(Some(number).filter(|n| n.is_finite())));
        extra.insert(self.name(), serde_json::json!({"+": self.words(), "-": null}));
        extra
    }
}
