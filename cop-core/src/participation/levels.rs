//! Levels of participation: how much of the community's life a member takes part in.
//!
//! After the degrees of participation in Wenger, McDermott & Snyder, "Cultivating Communities of Practice" (2002),
//! chapter 3: a core, an active group, and the periphery, with people passing through. The thresholds are the
//! community's own rules, [`ParticipationPolicy`], and are printed with every result.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::evidence::{everybody, of_person};
use super::standing::{first_moment_after, member_over_time};
use crate::error::Result;
use crate::id::MemberId;
use crate::model::record::closed;
use crate::model::{Member, ParticipationPolicy};
use crate::ops::Reads;

closed! {
    /// How much somebody takes part, from the core outwards.
    ParticipationLevel {
        /// Leads, or is nearly always there, and contributes.
        Core = "core",
        /// Is often there, or contributes.
        Active = "active",
        /// Was there, or contributed, once at least.
        Occasional = "occasional",
        /// Belongs to the community, and did nothing of that.
        Peripheral = "peripheral",
        /// Does not belong to the community, but was there or contributed.
        Transactional = "transactional",
    }
}

/// How much a member takes part in the community, on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participation {
    /// Who: the record that stands for the person.
    pub member: MemberId,
    /// The last day that counts.
    pub on: NaiveDate,
    /// The day before the first that counts: the window is (`from`, `on`].
    pub from: NaiveDate,
    /// The level; none for somebody who did not belong to the community on that day and did nothing in the window.
    pub level: Option<ParticipationLevel>,
    /// Whether they took part in the community as a member at the end of that day (UTC), as the log has it.
    pub live: bool,
    /// What the level rests on.
    pub numbers: ParticipationNumbers,
    /// By which rules.
    pub policy: ParticipationPolicy,
}

/// What a member did in a window of days.
///
/// Counted are sessions that were held, as far as is known now: convenings, or where they have sessions the
/// sessions, on their days in their own time zones. What somebody contributed counts on the day it was made (UTC), as those who facilitate
/// the community see it now: neither drafts nor what is private, sealed or told anonymously. So everybody who may
/// ask gets the same numbers, and nobody learns from them what is kept from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipationNumbers {
    /// The sessions that were open to them: of teams of which they were active members when the session began
    /// (since always, where the host recorded a membership that existed already), and of the whole community from
    /// when it knew them (always, where the host recorded them as active already).
    pub open: u32,
    /// Those of them at which they were.
    pub attended: u32,
    /// Other sessions at which they were. They do not count towards the share, but where one is enough.
    pub attended_elsewhere: u32,
    /// What they contributed.
    pub contributions: Contributions,
    /// How they led.
    pub leadership: Leadership,
}

/// What a member contributed, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributions {
    /// Resources they added that are no drafts.
    pub resources: u32,
    /// Notes they wrote.
    pub entries: u32,
    /// Stories they told under their name.
    pub stories: u32,
    /// Observations they recorded.
    pub observations: u32,
    /// Predictions they made.
    pub predictions: u32,
    /// Sessions at which they presented or facilitated.
    pub sessions: u32,
}

impl Contributions {
    /// All of them.
    pub fn total(&self) -> u32 {
        [self.resources, self.entries, self.stories, self.observations, self.predictions, self.sessions]
            .into_iter()
            .fold(0, u32::saturating_add)
    }
}

/// How a member led.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leadership {
    /// Sessions at which they presented or facilitated.
    pub sessions: u32,
    /// Sessions of teams at work that they led or facilitated when the session began.
    pub team_sessions: u32,
    /// Steps of cycles that they lead now.
    pub cycle_steps: u32,
}

impl Leadership {
    /// Whether a role of leadership was used.
    pub fn used(&self) -> bool {
        self.sessions > 0 || self.team_sessions > 0 || self.cycle_steps > 0
    }
}

impl ParticipationLevel {
    /// The level that these numbers make under a policy: the first that fits, from the core outwards.
    ///
    /// Whoever does not belong to the community is transactional at most; for everybody else no more than the
    /// numbers counts. A share of no convenings reaches no threshold.
    ///
    /// ```
    /// use cop_core::{Contributions, ParticipationLevel, ParticipationNumbers, ParticipationPolicy};
    /// let policy = ParticipationPolicy::default();
    /// let numbers = ParticipationNumbers { open: 4, attended: 3, ..Default::default() };
    /// assert_eq!(ParticipationLevel::of(&policy, true, &numbers), Some(ParticipationLevel::Active));
    /// let contributions = Contributions { resources: 3, ..Default::default() };
    /// let numbers = ParticipationNumbers { contributions, ..numbers };
    /// assert_eq!(ParticipationLevel::of(&policy, true, &numbers), Some(ParticipationLevel::Core));
    /// ```
    pub fn of(policy: &ParticipationPolicy, live: bool, numbers: &ParticipationNumbers) -> Option<Self> {
        let contributions = numbers.contributions.total();
        let came = numbers.attended > 0 || numbers.attended_elsewhere > 0;
        let share = (numbers.open > 0).then(|| f64::from(numbers.attended) / f64::from(numbers.open));
        let reaches = |wanted: f64| share.is_some_and(|share| share >= wanted);
        let leads = numbers.leadership.used();
        if !live {
            (came || contributions > 0).then_some(ParticipationLevel::Transactional)
        } else if (leads || reaches(policy.core_attendance)) && contributions >= policy.core_contributions {
            Some(ParticipationLevel::Core)
        } else if reaches(policy.active_attendance) || (contributions >= policy.active_contributions && came) {
            Some(ParticipationLevel::Active)
        } else if came || contributions > 0 {
            Some(ParticipationLevel::Occasional)
        } else {
            Some(ParticipationLevel::Peripheral)
        }
    }
}

/// How much a person took part on each of these days, which are in order.
pub(crate) fn levels_of_person(
    reads: &dyn Reads,
    root: MemberId,
    days: &[NaiveDate],
    now: DateTime<Utc>,
) -> Result<Vec<Participation>> {
    let (Some(&first), policy) = (days.first(), reads.policies()?.participation) else { return Ok(Vec::new()) };
    let mut people: Vec<Member> = Vec::new();
    for id in reads.people(root)? {
        people.extend(reads.one::<Member>(id)?);
    }
    let trail = of_person(reads, &people, window(&policy, first), now)?;
    let mut standings = Vec::new();
    for member in &people {
        standings.push(member_over_time(reads, member, first_moment_after(first))?);
    }
    let at = |&on: &NaiveDate| {
        let live = standings.iter().any(|standing| standing.at_the_end_of(on));
        let from = window(&policy, on);
        participation(&policy, root, on, live, trail.numbers(from, on))
    };
    Ok(days.iter().map(at).collect())
}

/// How much everybody takes part who belonged to the community on that day, in the order of their ids.
pub(crate) fn levels_of_all(reads: &dyn Reads, on: NaiveDate, now: DateTime<Utc>) -> Result<Vec<Participation>> {
    let policy = reads.policies()?.participation;
    let from = window(&policy, on);
    let all = everybody(reads, from, on, now)?;
    Ok(all.into_iter().map(|(root, trail)| participation(&policy, root, on, true, trail.numbers(from, on))).collect())
}

fn participation(
    policy: &ParticipationPolicy,
    member: MemberId,
    on: NaiveDate,
    live: bool,
    numbers: ParticipationNumbers,
) -> Participation {
    let level = ParticipationLevel::of(policy, live, &numbers);
    Participation { member, on, from: window(policy, on), level, live, numbers, policy: policy.clone() }
}

/// The day before the window that ends with `on`.
fn window(policy: &ParticipationPolicy, on: NaiveDate) -> NaiveDate {
    let days = u64::try_from(policy.window_days).unwrap_or(0);
    on.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParticipationLevel as L;

    /// Of `open` sessions `attended`, of others `elsewhere`; so many contributions; whether they led.
    fn numbers(open: u32, attended: u32, elsewhere: u32, contributed: u32, led: u32) -> ParticipationNumbers {
        ParticipationNumbers {
            open,
            attended,
            attended_elsewhere: elsewhere,
            contributions: Contributions { resources: contributed, ..Contributions::default() },
            leadership: Leadership { team_sessions: led, ..Leadership::default() },
        }
    }

    #[test]
    fn levels_on_both_sides_of_every_threshold() {
        let policy = ParticipationPolicy::default();
        for (open, attended, elsewhere, contributed, led, expected) in [
            // Core: 75 % and three contributions …
            (4, 3, 0, 3, 0, L::Core),
            (4, 3, 0, 2, 0, L::Active),
            (100, 74, 0, 3, 0, L::Active),
            (100, 75, 0, 3, 0, L::Core),
            // … or leadership and three contributions.
            (100, 0, 0, 3, 1, L::Core),
            (0, 0, 0, 3, 1, L::Core),
            (100, 0, 0, 2, 1, L::Occasional),
            (100, 0, 0, 3, 0, L::Occasional),
            // Active: 50 % …
            (100, 50, 0, 0, 0, L::Active),
            (100, 49, 0, 0, 0, L::Occasional),
            // … or two contributions, and there once, wherever.
            (100, 1, 0, 2, 0, L::Active),
            (100, 1, 0, 1, 0, L::Occasional),
            (100, 0, 1, 2, 0, L::Active),
            (0, 0, 1, 2, 0, L::Active),
            // Occasional: one of either.
            (100, 1, 0, 0, 0, L::Occasional),
            (0, 0, 1, 0, 0, L::Occasional),
            (0, 0, 0, 1, 0, L::Occasional),
            // Peripheral: nothing, also where nothing was open.
            (100, 0, 0, 0, 0, L::Peripheral),
            (0, 0, 0, 0, 0, L::Peripheral),
            (0, 0, 0, 0, 1, L::Peripheral),
        ] {
            let level = L::of(&policy, true, &numbers(open, attended, elsewhere, contributed, led));
            assert_eq!(level, Some(expected), "{attended} of {open}, {elsewhere}, {contributed}, {led}");
        }
    }

    #[test]
    fn who_does_not_belong_is_transactional_at_most() {
        let policy = ParticipationPolicy::default();
        for (numbers, expected) in [
            (numbers(4, 4, 0, 9, 1), Some(L::Transactional)),
            (numbers(0, 0, 1, 0, 0), Some(L::Transactional)),
            (numbers(0, 0, 0, 1, 0), Some(L::Transactional)),
            (numbers(4, 0, 0, 0, 0), None),
        ] {
            assert_eq!(L::of(&policy, false, &numbers), expected, "{numbers:?}");
        }
    }

    #[test]
    fn thresholds_are_data() {
        let policy = ParticipationPolicy {
            core_attendance: 0.55,
            core_contributions: 0,
            active_attendance: 0.0,
            active_contributions: 9,
            ..ParticipationPolicy::default()
        };
        let level = |open, attended| L::of(&policy, true, &numbers(open, attended, 0, 0, 0));
        assert_eq!(level(20, 11), Some(L::Core), "11 of 20 are 55 %, whatever 0.55 times 20 is in binary");
        assert_eq!(level(20, 10), Some(L::Active));
        assert_eq!(level(20, 0), Some(L::Active));
        assert_eq!(level(0, 0), Some(L::Peripheral), "a share of nothing reaches no threshold, not even zero");
        assert_eq!(window(&policy, "2021-10-01".parse().expect("a day")).to_string(), "2020-10-01");
    }
}
