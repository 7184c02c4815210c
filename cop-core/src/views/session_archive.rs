//! The session archive: what the community met for, year by year, and what is left of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Sight;
use crate::error::Result;
use crate::id::{ConveningId, ResourceId, TeamId};
use crate::model::{
    AnyRecord, Convening, ConveningKind, Link, Policies, RecordKind, Resource, ResourceKind, ResourceState, SchoolYear,
};
use crate::participation::{Calendar, day_of};

/// Most convenings above one another that are shown.
const MAX_DEPTH: usize = 16;

/// A school year of the archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveYear {
    /// The year.
    pub school_year: SchoolYear,
    /// The convenings that were held, in the order of their days; of those with sessions, the sessions too.
    pub convenings: Vec<ArchiveConvening>,
    /// Published resources of that school year that come from none of the convenings shown.
    pub resources: Vec<ArchiveResource>,
}

/// A convening in the archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveConvening {
    /// Which.
    pub convening: ConveningId,
    /// Its title.
    pub title: String,
    /// What it was.
    pub kind: ConveningKind,
    /// Its day, in its own time zone.
    pub date: NaiveDate,
    /// The teams that convened; none for the whole community.
    pub teams: BTreeSet<TeamId>,
    /// The published resources that come from it: the video, the slides, …
    pub resources: Vec<ArchiveResource>,
    /// Its sessions that were held.
    pub sessions: Vec<ArchiveConvening>,
}

/// A resource in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveResource {
    /// Which.
    pub resource: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// Its title.
    pub title: String,
    /// Where it is found.
    pub links: BTreeSet<Link>,
}

/// The archive as far as it may be read, the newest year first.
pub(crate) fn session_archive(sight: Sight<'_>) -> Result<Vec<ArchiveYear>> {
    let mut calendar = Calendar::new(sight.now);
    sight.each(RecordKind::Convening, &mut |record| {
        if let AnyRecord::Convening(convening) = record {
            calendar.insert(convening);
        }
    })?;
    let mut shelf = Shelf::default();
    sight.each(RecordKind::Resource, &mut |record| {
        if let AnyRecord::Resource(resource) = record {
            shelf.put(resource);
        }
    })?;
    Ok(archive(&calendar, shelf, &sight.reads.policies()?))
}

/// The published resources, by where they come from.
#[derive(Default)]
struct Shelf {
    by_convening: BTreeMap<ConveningId, Vec<(Option<SchoolYear>, ArchiveResource)>>,
    others: Vec<(SchoolYear, ArchiveResource)>,
}

impl Shelf {
    fn put(&mut self, resource: Resource) {
        if resource.state != ResourceState::Published {
            return;
        }
        let shown = ArchiveResource {
            resource: resource.id,
            kind: resource.kind,
            title: resource.title,
            links: resource.links,
        };
        match (resource.convening, resource.school_year) {
            (Some(convening), year) => self.by_convening.entry(convening).or_default().push((year, shown)),
            (None, Some(year)) => self.others.push((year, shown)),
            (None, None) => {}
        }
    }

    fn take(&mut self, convening: ConveningId) -> Vec<ArchiveResource> {
        self.by_convening.remove(&convening).into_iter().flatten().map(|(_, resource)| resource).collect()
    }
}

fn archive(calendar: &Calendar, mut shelf: Shelf, policies: &Policies) -> Vec<ArchiveYear> {
    let mut sessions: BTreeMap<ConveningId, Vec<&Convening>> = BTreeMap::new();
    let mut wholes: Vec<&Convening> = Vec::new();
    for convening in calendar.convenings() {
        match convening.parent.filter(|parent| calendar.get(*parent).is_some()) {
            Some(parent) => sessions.entry(parent).or_default().push(convening),
            None => wholes.push(convening),
        }
    }
    let mut years: BTreeMap<SchoolYear, ArchiveYear> = BTreeMap::new();
    let year_of =
        |years: &mut BTreeMap<SchoolYear, ArchiveYear>, year: SchoolYear, put: &mut dyn FnMut(&mut ArchiveYear)| {
            let empty = || ArchiveYear { school_year: year, convenings: Vec::new(), resources: Vec::new() };
            put(years.entry(year).or_insert_with(empty));
        };
    wholes.sort_by_key(|whole| (whole.starts_at, whole.id));
    for whole in wholes {
        let Ok(year) = policies.school_year_of(day_of(whole)) else { continue };
        if let Some(shown) = shown(calendar, &sessions, &mut shelf, whole, 1) {
            year_of(&mut years, year, &mut |entry| entry.convenings.push(shown.clone()));
        }
    }
    // What comes from a convening that is not shown is found by its school year.
    let rest = std::mem::take(&mut shelf.by_convening).into_values().flatten();
    let rest = rest.filter_map(|(year, resource)| Some((year?, resource)));
    for (year, resource) in shelf.others.into_iter().chain(rest) {
        year_of(&mut years, year, &mut |entry| entry.resources.push(resource.clone()));
    }
    let mut years: Vec<ArchiveYear> = years.into_values().rev().collect();
    years.iter_mut().for_each(|year| year.resources.sort_by_key(|resource| resource.resource));
    years
}

/// A convening with its sessions, where it or one of them was held.
fn shown(
    calendar: &Calendar,
    sessions: &BTreeMap<ConveningId, Vec<&Convening>>,
    shelf: &mut Shelf,
    convening: &Convening,
    depth: usize,
) -> Option<ArchiveConvening> {
    let mut within: Vec<&Convening> = sessions.get(&convening.id).cloned().unwrap_or_default();
    within.sort_by_key(|session| (session.starts_at, session.id));
    within.truncate(if depth < MAX_DEPTH { within.len() } else { 0 });
    let mut held = Vec::new();
    for session in within {
        held.extend(shown(calendar, sessions, shelf, session, depth + 1));
    }
    (calendar.was_held(convening) || !held.is_empty()).then(|| ArchiveConvening {
        convening: convening.id,
        title: convening.title.clone(),
        kind: convening.kind.clone(),
        date: day_of(convening),
        teams: calendar.teams(convening).clone(),
        resources: shelf.take(convening.id),
        sessions: held,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, convening, id, part_of, resource};
    use crate::model::ConveningState;

    fn years(convenings: &[Convening], resources: Vec<Resource>, policies: &Policies) -> Vec<ArchiveYear> {
        let mut calendar = Calendar::new(at("2022-08-01T00:00:00Z"));
        convenings.iter().for_each(|convening| calendar.insert(convening.clone()));
        let mut shelf = Shelf::default();
        resources.into_iter().for_each(|resource| shelf.put(resource));
        archive(&calendar, shelf, policies)
    }

    fn from(number: u128, convening: &Convening) -> Resource {
        Resource { convening: Some(convening.id), ..resource(number) }
    }

    #[test]
    fn years_come_newest_first_with_what_was_held_and_what_is_left_of_it() {
        let whole = convening(1, "2021-09-14T08:00:00", 600);
        let later = part_of(&whole, convening(2, "2021-09-14T11:00:00", 60));
        let first = part_of(&whole, convening(3, "2021-09-14T09:00:00", 60));
        let before = convening(4, "2021-06-30T20:00:00", 60);
        let cancelled = Convening { state: ConveningState::Cancelled, ..convening(5, "2021-10-01T09:00:00", 60) };
        let year: SchoolYear = "2021-22".parse().expect("a year");
        let resources = vec![
            from(20, &whole),
            from(21, &first),
            Resource { state: ResourceState::Draft, ..from(22, &first) },
            Resource { state: ResourceState::Retired, ..from(23, &first) },
            Resource { school_year: Some(year), ..from(24, &before) },
            Resource { school_year: Some(year), ..from(25, &cancelled) },
            from(26, &cancelled),
            Resource { school_year: Some("2016-17".parse().expect("a year")), ..resource(27) },
            resource(28),
        ];
        let all = [whole.clone(), later.clone(), first.clone(), before.clone(), cancelled];
        let archive = years(&all, resources, &Policies::default());
        let named: Vec<String> = archive.iter().map(|year| year.school_year.to_string()).collect();
        assert_eq!(named, ["2021-22", "2020-21", "2016-17"]);
        let ids = |resources: &[ArchiveResource]| -> Vec<ResourceId> { resources.iter().map(|r| r.resource).collect() };
        let [shown] = &archive[0].convenings[..] else { panic!("one convening was held that year") };
        assert_eq!((shown.convening, ids(&shown.resources)), (whole.id, vec![id(20).into()]));
        assert_eq!(shown.sessions.iter().map(|s| s.convening).collect::<Vec<_>>(), [first.id, later.id]);
        assert_eq!(ids(&shown.sessions[0].resources), [id(21).into()]);
        assert_eq!(ids(&archive[0].resources), [id(25).into()]);
        // Where it comes from says more than the year it is given.
        assert_eq!(archive[1].convenings[0].convening, before.id);
        assert_eq!(ids(&archive[1].convenings[0].resources), [id(24).into()]);
        assert_eq!(ids(&archive[2].resources), [id(27).into()]);
    }

    #[test]
    fn a_session_whose_whole_is_not_seen_stands_by_itself_and_one_held_session_shows_its_whole() {
        let whole = Convening { state: ConveningState::Scheduled, ..convening(1, "2021-09-14T08:00:00", 600) };
        let held = part_of(&whole, convening(2, "2021-09-14T09:00:00", 60));
        let not_held =
            Convening { state: ConveningState::Scheduled, ..part_of(&whole, convening(3, "2021-09-14T11:00:00", 60)) };
        let policies = Policies::default();
        let alone = years(std::slice::from_ref(&held), Vec::new(), &policies);
        assert_eq!(alone[0].convenings[0].convening, held.id);
        let together = years(&[whole.clone(), held.clone(), not_held], Vec::new(), &policies);
        assert_eq!(together[0].convenings[0].convening, whole.id);
        assert_eq!(together[0].convenings[0].sessions.iter().map(|s| s.convening).collect::<Vec<_>>(), [held.id]);
    }

    #[test]
    fn the_year_is_the_communitys_own() {
        let held = convening(1, "2021-08-31T23:00:00", 30);
        let in_september = Policies { school_year_starts_in: 9, ..Policies::default() };
        let year = |policies| years(std::slice::from_ref(&held), Vec::new(), policies)[0].school_year.to_string();
        assert_eq!(year(&in_september), "2020-21");
        assert_eq!(year(&Policies::default()), "2021-22");
    }
}
