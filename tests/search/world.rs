//! A small community to search in, and an index that is compared with its oracle at every search.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use cop_core::search::{Analyzer, Completion, IndexError, SEARCHED, ScanIndex, SearchIndex, SearchSource, Told};
use cop_core::{
    Clock, Community, CommunityOptions, ManualClock, MemberId, NewAffiliation, NewCommunity, NewMember, NewMembership,
    NewOrganization, NewTeam, OrganizationId, ScriptedIds, SearchHits, SearchQuery, TeamId, Viewer,
};
use cop_search::{EduAnalyzer, TantivyIndex};

/// Counts the searches that were compared.
#[derive(Clone, Default)]
pub struct Count(Arc<AtomicU64>);

impl Count {
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Answers from the index, and fails unless the scan of the same snapshot says exactly the same.
pub struct Checked {
    index: TantivyIndex,
    scan: ScanIndex<EduAnalyzer>,
    count: Count,
}

impl Checked {
    pub fn new(index: TantivyIndex, count: &Count) -> Self {
        Self { index, scan: ScanIndex::new(EduAnalyzer::new()), count: count.clone() }
    }
}

impl SearchIndex for Checked {
    fn search(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        query: &SearchQuery,
    ) -> Result<SearchHits, IndexError> {
        let answer = self.index.search(source, viewer, query);
        if let Err(error @ IndexError::Unavailable(_)) = &answer {
            panic!("the index gave up: {error}");
        }
        let answer = answer?;
        let expected = self.scan.search(source, viewer, query)?;
        assert_eq!(answer, expected, "of {query:?} for {viewer:?}");
        let bits = |hits: &SearchHits| -> Vec<u32> { hits.hits.iter().map(|hit| hit.score.to_bits()).collect() };
        assert_eq!(bits(&answer), bits(&expected));
        self.count.0.fetch_add(1, Ordering::Relaxed);
        Ok(answer)
    }

    fn complete(
        &self,
        source: &dyn SearchSource,
        viewer: &Viewer,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, IndexError> {
        let answer = self.index.complete(source, viewer, text, limit)?;
        assert_eq!(answer, self.scan.complete(source, viewer, text, limit)?, "of {text:?} for {viewer:?}");
        self.count.0.fetch_add(1, Ordering::Relaxed);
        Ok(answer)
    }

    fn catch_up(&self, source: &dyn SearchSource, told: Told<'_>) -> Result<u64, IndexError> {
        assert_order(source)?;
        self.index.catch_up(source, told)
    }

    fn rebuild(&self, source: &dyn SearchSource) -> Result<u64, IndexError> {
        self.index.rebuild(source)
    }

    fn analyzer(&self) -> &dyn Analyzer {
        self.index.analyzer()
    }
}

/// A source says what it has kind by kind and class by class, and then in the order it was added; each once.
fn assert_order(source: &dyn SearchSource) -> Result<(), IndexError> {
    for seq in [0, source.head() / 2] {
        let mut places = Vec::new();
        source.changed_since(seq, &mut |doc| {
            let kind = doc.document.map(|document| document.record.kind);
            places.push((kind.and_then(|kind| SEARCHED.iter().position(|it| *it == kind)), doc.class, doc.ordinal));
            Ok(())
        })?;
        // What is gone does not say what it was.
        places.retain(|(kind, ..)| kind.is_some());
        assert!(places.is_sorted_by(|a, b| a < b), "since {seq}: {places:?}");
    }
    Ok(())
}

/// A community with its people, the same in every world.
pub struct World {
    pub cop: Community,
    pub clock: SharedClock,
    pub members: Vec<MemberId>,
    pub memberships: Vec<cop_core::MembershipId>,
    pub teams: Vec<TeamId>,
    pub organizations: Vec<OrganizationId>,
    pub today: NaiveDate,
}

/// When it is, in every world.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("in range")
}

/// A clock that the test and the community share.
#[derive(Clone)]
pub struct SharedClock(Arc<ManualClock>);

impl SharedClock {
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.set(now);
    }

    /// Lets some hours pass.
    pub fn pass(&self, hours: i64) {
        self.0.set(self.0.now() + TimeDelta::hours(hours));
    }
}

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// Time and ids that are the same in every world.
pub fn options(index: impl SearchIndex + 'static) -> CommunityOptions {
    let clock = ManualClock::new(now());
    CommunityOptions::new().with_clock(clock).with_ids(ScriptedIds::new(7)).with_index(index)
}

impl World {
    pub fn in_memory(index: impl SearchIndex + 'static) -> Self {
        let clock = SharedClock(Arc::new(ManualClock::new(now())));
        let options = options(index).with_clock(clock.clone());
        let cop = options.in_memory(NewCommunity::new("Math CoP")).expect("a community");
        Self { clock, ..Self::people(cop).expect("people") }
    }

    /// Two teams at work, a county with a district and a partner, and six members: a steward, a lead of the first
    /// team, a member of both, a lead of the second who is in the district, an observer, and one who is in no team.
    pub fn people(cop: Community) -> cop_core::Result<Self> {
        let host = cop.steward();
        host.transaction(|tx| {
            let county = tx.add_organization(NewOrganization::new("county_office", "County"))?.id;
            let district = tx.add_organization(NewOrganization::new("district", "District").with_parent(county))?.id;
            let partner = tx.add_organization(NewOrganization::new("partner", "Museum"))?.id;
            let at = |organization| NewAffiliation {
                organization,
                role: "teacher".to_owned(),
                grades: Vec::new(),
                since: None,
                until: None,
            };
            let member = |given: &str| NewMember::new(given, "Ruiz");
            let people = [
                member("Ana").with_role("steward"),
                member("Ben"),
                member("Cyd").with_affiliation(at(county)),
                member("Dan").with_affiliation(at(district)),
                member("Eve").with_role("observer"),
                member("Fay").with_affiliation(at(partner)),
            ];
            let members: Vec<MemberId> =
                people.into_iter().map(|new| Ok(tx.add_member(new)?.id)).collect::<cop_core::Result<_>>()?;
            let teams = ["Fractions", "Geometry"].map(|name| NewTeam::new("site", name));
            let teams: Vec<TeamId> =
                teams.into_iter().map(|new| Ok(tx.create_team(new)?.id)).collect::<cop_core::Result<_>>()?;
            let new = [
                NewMembership::new(teams[0], members[1]).with_role("lead"),
                NewMembership::new(teams[0], members[2]),
                NewMembership::new(teams[1], members[2]),
                NewMembership::new(teams[1], members[3]).with_role("lead"),
            ];
            let memberships: Vec<_> =
                new.into_iter().map(|new| Ok(tx.add_membership(new)?.id)).collect::<cop_core::Result<_>>()?;
            teams.iter().try_for_each(|team| tx.activate_team(*team).map(drop))?;
            Ok(Self {
                cop: cop.clone(),
                clock: SharedClock(Arc::new(ManualClock::new(now()))),
                members,
                memberships,
                teams,
                organizations: vec![county, district, partner],
                today: now().date_naive(),
            })
        })
    }
}
