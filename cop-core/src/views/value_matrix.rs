//! The value-creation matrix: which kinds of value the community's stories tell of.
//!
//! Cycles of value after Wenger, Trayner & de Laat 2011, "Promoting and assessing value creation in communities and
//! networks".

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Sight, count};
use crate::error::Result;
use crate::id::{StoryId, TeamId};
use crate::model::{AnyRecord, Policies, RecordKind, SchoolYear, Story, StoryValue};

/// Which stories a matrix is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValueFilter {
    /// Told in this school year (the day they were told, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_year: Option<SchoolYear>,
    /// From this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
}

impl ValueFilter {
    /// All stories.
    pub fn new() -> Self {
        Self::default()
    }

    /// Told in this school year.
    #[must_use]
    pub fn with_school_year(mut self, year: SchoolYear) -> Self {
        self.school_year = Some(year);
        self
    }

    /// From this team.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }
}

/// Stories by the value they tell of, as far as they may be read. A story counts for every value it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueMatrix {
    /// Which stories these are.
    pub filter: ValueFilter,
    /// How many stories, all together.
    pub stories: u32,
    /// All stories by value: the five cycles of value, in their order, also where there is no story; then the
    /// community's own codes.
    pub values: Vec<ValueCell>,
    /// The same team by team, with the same values: first the stories that come from no team, then the teams in the
    /// order of their ids.
    pub teams: Vec<TeamValues>,
    /// The stories that do not say what they were worth.
    pub without_value: Vec<StoryId>,
}

/// A row of the matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamValues {
    /// The team; none for stories that come from no team.
    pub team: Option<TeamId>,
    /// How many stories come from it.
    pub stories: u32,
    /// Its stories by value.
    pub values: Vec<ValueCell>,
}

/// The stories that tell of one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueCell {
    /// The value.
    pub value: StoryValue,
    /// How many stories.
    pub stories: u32,
    /// Which, in the order of their ids.
    pub ids: Vec<StoryId>,
}

/// The matrix of the stories that may be read.
pub(crate) fn value_matrix(sight: Sight<'_>, filter: ValueFilter) -> Result<ValueMatrix> {
    let mut stories = Vec::new();
    match filter.team {
        Some(team) => stories = sight.only(sight.reads.all::<Story>("team", team)?)?,
        None => sight.each(RecordKind::Story, &mut |record| {
            if let AnyRecord::Story(story) = record {
                // The text is long, and nothing here depends on it.
                stories.push(Story { body: String::new(), ..story });
            }
        })?,
    }
    Ok(matrix(filter, &stories, &sight.reads.policies()?))
}

fn matrix(filter: ValueFilter, stories: &[Story], policies: &Policies) -> ValueMatrix {
    let of_year = |story: &&Story| {
        filter.school_year.is_none_or(|year| policies.school_year_of(story.created_at.date_naive()) == Ok(year))
    };
    let of_team = |story: &&Story| filter.team.is_none_or(|team| story.team == Some(team));
    let stories: Vec<&Story> = stories.iter().filter(of_year).filter(of_team).collect();
    let cycles = [
        StoryValue::Immediate,
        StoryValue::Potential,
        StoryValue::Applied,
        StoryValue::Realized,
        StoryValue::Reframing,
    ];
    // Codes of one's own come after the known ones.
    let values: BTreeSet<StoryValue> =
        stories.iter().flat_map(|story| story.worth.iter().cloned()).chain(cycles).collect();
    let mut by_team: BTreeMap<Option<TeamId>, Vec<&Story>> = BTreeMap::new();
    stories.iter().for_each(|story| by_team.entry(story.team).or_default().push(story));
    let team = |(team, stories): (Option<TeamId>, Vec<&Story>)| TeamValues {
        team,
        stories: count(stories.len()),
        values: row(&values, &stories),
    };
    let mut without_value: Vec<StoryId> =
        stories.iter().filter(|story| story.worth.is_empty()).map(|story| story.id).collect();
    without_value.sort_unstable();
    ValueMatrix {
        stories: count(stories.len()),
        values: row(&values, &stories),
        teams: by_team.into_iter().map(team).collect(),
        without_value,
        filter,
    }
}

fn row(values: &BTreeSet<StoryValue>, stories: &[&Story]) -> Vec<ValueCell> {
    let cell = |value: &StoryValue| {
        let telling = stories.iter().filter(|story| story.worth.contains(value));
        let mut ids: Vec<StoryId> = telling.map(|story| story.id).collect();
        ids.sort_unstable();
        ValueCell { value: value.clone(), stories: count(ids.len()), ids }
    };
    values.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, id, story};

    fn counts(values: &[ValueCell]) -> Vec<String> {
        values.iter().map(|cell| format!("{} {}", cell.value, cell.stories)).collect()
    }

    #[test]
    fn a_story_counts_for_every_value_it_names_team_by_team() {
        let stories = [
            story(1, Some(7), &["immediate", "applied"]),
            story(2, Some(7), &["applied"]),
            story(3, None, &["applied", "trust"]),
            story(4, Some(8), &[]),
        ];
        let matrix = matrix(ValueFilter::new(), &stories, &Policies::default());
        assert_eq!(matrix.stories, 4);
        let all = ["immediate 1", "potential 0", "applied 3", "realized 0", "reframing 0", "trust 1"];
        assert_eq!(counts(&matrix.values), all);
        assert_eq!(matrix.values[2].ids, [1, 2, 3].map(|n| StoryId::new(id(n))));
        assert_eq!(matrix.without_value, [StoryId::new(id(4))]);
        let rows: Vec<_> = matrix.teams.iter().map(|row| (row.team, row.stories, counts(&row.values))).collect();
        let team = |n| Some(TeamId::new(id(n)));
        let words = |row: [&str; 6]| row.map(str::to_owned).to_vec();
        assert_eq!(
            rows,
            [
                (None, 1, words(["immediate 0", "potential 0", "applied 1", "realized 0", "reframing 0", "trust 1"])),
                (
                    team(7),
                    2,
                    words(["immediate 1", "potential 0", "applied 2", "realized 0", "reframing 0", "trust 0"])
                ),
                (
                    team(8),
                    1,
                    words(["immediate 0", "potential 0", "applied 0", "realized 0", "reframing 0", "trust 0"])
                ),
            ]
        );
    }

    #[test]
    fn a_filter_keeps_a_school_year_and_a_team() {
        let last = |story: Story| Story { created_at: at("2021-06-30T23:59:59Z"), ..story };
        let next = |story: Story| Story { created_at: at("2021-07-01T00:00:00Z"), ..story };
        let stories = [
            last(story(1, Some(7), &["applied"])),
            next(story(2, Some(7), &["applied"])),
            next(story(3, Some(8), &["applied"])),
        ];
        let ids = |filter: ValueFilter| matrix(filter, &stories, &Policies::default()).values[2].ids.clone();
        let year: SchoolYear = "2021-22".parse().expect("a year");
        let of = |numbers: &[u128]| numbers.iter().map(|n| StoryId::new(id(*n))).collect::<Vec<_>>();
        assert_eq!(ids(ValueFilter::new().with_school_year(year)), of(&[2, 3]));
        assert_eq!(ids(ValueFilter::new().with_team(id(7).into())), of(&[1, 2]));
        assert_eq!(ids(ValueFilter::new().with_school_year(year).with_team(id(7).into())), of(&[2]));
    }
}
