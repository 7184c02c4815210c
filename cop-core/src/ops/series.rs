//! The series of a measure: the observations of one organization and student group. Their periods share no day.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::Reads;
use super::number::Number;
use crate::error::Result;
use crate::id::{MeasureId, ObservationId, OrganizationId};
use crate::model::{Observation, Period, StudentGroup};

/// Which series of a measure.
type Key = (Option<OrganizationId>, Option<StudentGroup>);

/// The observations of one measure, by series.
pub(super) struct Series {
    by_id: HashMap<ObservationId, Observation>,
    /// The periods of each series by their first days, each with the latest last day so far.
    periods: BTreeMap<Key, Vec<(Period, NaiveDate)>>,
}

/// What a series says to a new observation.
pub(super) enum Place<'a> {
    /// There is none of its period.
    New,
    /// This is it.
    Same(&'a Observation),
    /// There is one of its period, with another number.
    Another,
    /// There is one that has a day of its period.
    Overlapping,
}

impl Series {
    /// The observations of `measure`.
    pub fn of(reads: &dyn Reads, measure: MeasureId) -> Result<Self> {
        Ok(Self::from(reads.all("measure", measure)?))
    }

    fn from(all: Vec<Observation>) -> Self {
        let mut spans: BTreeMap<Key, Vec<Period>> = BTreeMap::new();
        for observation in &all {
            spans.entry(key(observation)).or_default().push(observation.period);
        }
        let periods = spans.into_iter().map(|(key, periods)| (key, with_latest_ends(periods))).collect();
        Self { by_id: all.into_iter().map(|observation| (observation.id, observation)).collect(), periods }
    }

    /// Where the observation belongs.
    pub fn place(&self, observation: &Observation) -> Place<'_> {
        match self.by_id.get(&observation.id) {
            Some(there) if Number::of(there) == Number::of(observation) => Place::Same(there),
            Some(_) => Place::Another,
            None if self.overlaps(observation) => Place::Overlapping,
            None => Place::New,
        }
    }

    fn overlaps(&self, observation: &Observation) -> bool {
        let Some(periods) = self.periods.get(&key(observation)) else { return false };
        let begun = periods.partition_point(|(period, _)| period.starts_on <= observation.period.ends_on);
        begun > 0 && periods[begun - 1].1 >= observation.period.starts_on
    }
}

/// The places of those observations of which an earlier one of the same measure and series has a day.
pub(super) fn overlapping(observations: &[Observation]) -> Vec<usize> {
    let series = |index: usize| {
        let observation = &observations[index];
        (observation.measure, observation.organization, observation.student_group.as_ref())
    };
    let mut order: Vec<usize> = (0..observations.len()).collect();
    order.sort_by_key(|&index| (series(index), observations[index].period.starts_on, index));
    let mut found = Vec::new();
    for stretch in order.chunk_by(|&one, &other| series(one) == series(other)) {
        let mut latest: Option<NaiveDate> = None;
        for &index in stretch {
            let period = observations[index].period;
            if latest.is_some_and(|latest| period.starts_on <= latest) {
                found.push(index);
            }
            latest = latest.max(Some(period.ends_on));
        }
    }
    found.sort_unstable();
    found
}

fn key(observation: &Observation) -> Key {
    (observation.organization, observation.student_group.clone())
}

/// Periods by their first days; what was merged from several devices may overlap already.
fn with_latest_ends(mut periods: Vec<Period>) -> Vec<(Period, NaiveDate)> {
    periods.sort_unstable();
    let mut latest = NaiveDate::MIN;
    let each = periods.into_iter().map(|period| {
        latest = latest.max(period.ends_on);
        (period, latest)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(first: u32, last: u32) -> Observation {
        let day = |day| NaiveDate::from_ymd_opt(2021, 9, day).expect("a day of September");
        let period = Period { starts_on: day(first), ends_on: day(last) };
        let (measure, at) = (MeasureId::new(uuid::Uuid::nil()), chrono::DateTime::UNIX_EPOCH);
        Observation {
            id: Observation::id_of(measure, period, None, None),
            created_by: None,
            created_at: at,
            revised_at: at,
            revision: 0,
            measure,
            period,
            organization: None,
            student_group: None,
            numerator: None,
            denominator: None,
            value: Some(1.0),
            missing_reason: None,
            n: None,
            source: String::new(),
        }
    }

    #[test]
    fn periods_that_overlap_since_a_merge_are_in_the_way_all_the_same() {
        let kept = [(2, 20), (4, 5), (8, 9), (25, 25)];
        let series = Series::from(kept.map(|(first, last)| observation(first, last)).to_vec());
        for first in 1..=30 {
            for last in first..=30 {
                let free = kept.iter().all(|&(from, until)| last < from || until < first);
                let same = kept.contains(&(first, last));
                let place = series.place(&observation(first, last));
                assert_eq!(matches!(place, Place::New), free, "{first} to {last}");
                assert_eq!(matches!(place, Place::Same(_)), same, "{first} to {last}");
            }
        }
    }

    #[test]
    fn of_rows_that_overlap_the_later_ones_are_named() {
        let rows = [(10, 12), (1, 9), (12, 14), (2, 3), (3, 4), (15, 15)].map(|(first, last)| observation(first, last));
        assert_eq!(overlapping(&rows), [2, 3, 4]);
        assert!(overlapping(&[]).is_empty());
    }
}
