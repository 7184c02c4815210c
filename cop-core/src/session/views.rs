//! What is derived from the records, for whoever asks: hours, participation, diagrams, checklists, pages.

use chrono::{Days, NaiveDate};

use super::Session;
use crate::access::{Token, redact, stewards};
use crate::error::{Error, Result};
use crate::id::{GoalId, MemberId, TeamId};
use crate::model::{AnyRecord, Member, MemberState, Record, RecordKind, SchoolYear};
use crate::ops::{Check, regional_teams};
use crate::participation::{Calendar, HoursStatement, Participation, hours_of, levels_of_all, levels_of_person};
use crate::store::REQUESTED;
use crate::views::{
    ArchiveYear, DriverDiagram, LaunchChecklist, MemberPage, OnboardingChecklist, Sight, ValueFilter, ValueMatrix,
    driver_diagram, launch_checklist, member_page, onboarding_checklist, session_archive, value_matrix,
};

/// Most points of a series.
const MAX_POINTS: i64 = 400;

impl Session {
    /// A member's hours in a school year, for the member and those who facilitate the community.
    ///
    /// ```
    /// use cop_core::{Community, NewCommunity, NewMember};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz"))?.id;
    /// let statement = cop.as_member(ana)?.hours(ana, "2021-22".parse()?)?;
    /// assert_eq!((statement.credited_minutes, statement.policy.unit_minutes), (0, 15));
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `NotFound` for a member who may not be seen; `NotPermitted` for everybody else.
    pub fn hours(&self, member: MemberId, school_year: SchoolYear) -> Result<HoursStatement> {
        self.look(|sight| {
            let person = personal(sight, member, "hours")?;
            let policies = sight.reads.policies()?;
            hours_of(sight.reads, person, school_year, &policies, Calendar::new(sight.now))
        })
    }

    /// How much a member takes part, on a day: for the member and those who facilitate the community.
    ///
    /// # Errors
    /// As [`Session::participation_series`].
    pub fn participation(&self, member: MemberId, on: NaiveDate) -> Result<Participation> {
        let series = self.levels(member, "participation", || Ok(vec![check_day("on", on)?]))?;
        series.into_iter().next().ok_or_else(|| Error::Internal("one day has one level".to_owned()))
    }

    /// How much a member took part from a day on, every so many days, until another: for the member and those who
    /// facilitate the community. At most 400 days.
    ///
    /// # Errors
    /// `NotFound` for a member who may not be seen; `NotPermitted` for everybody else; `InvalidInput` for days
    /// outside 1900 to 2200, an end before the beginning, no step, and more than 400 days.
    pub fn participation_series(
        &self,
        member: MemberId,
        from: NaiveDate,
        to: NaiveDate,
        every_days: u32,
    ) -> Result<Vec<Participation>> {
        self.levels(member, "participation_series", || days_between(from, to, every_days))
    }

    /// How much everybody takes part who belonged to the community at the end of a day (UTC), in the order of their
    /// ids: for those who facilitate it.
    ///
    /// # Errors
    /// `NotPermitted`; `InvalidInput` for a day outside 1900 to 2200.
    pub fn participation_levels(&self, on: NaiveDate) -> Result<Vec<Participation>> {
        self.look(|sight| {
            if !sight.viewer.holds(Token::Facilitation) {
                return Err(Error::NotPermitted { op: "participation_levels" });
            }
            levels_of_all(sight.reads, check_day("on", on)?, sight.now)
        })
    }

    /// The driver diagram of an aim, as far as this session may read it.
    ///
    /// # Errors
    /// `NotFound`; `InvalidInput` for a goal that is no aim.
    pub fn driver_diagram(&self, aim: GoalId) -> Result<DriverDiagram> {
        self.look(|sight| driver_diagram(sight, aim))
    }

    /// What the community met for, and what is left of it, by school year, the newest first.
    ///
    /// # Errors
    /// `Io`, `Corrupt`.
    pub fn session_archive(&self) -> Result<Vec<ArchiveYear>> {
        self.look(session_archive)
    }

    /// What a team needs to be launched: for its members and those who facilitate the community.
    ///
    /// # Errors
    /// `NotFound`; `NotPermitted` for everybody else.
    pub fn launch_checklist(&self, team: TeamId) -> Result<LaunchChecklist> {
        self.look(|sight| launch_checklist(sight, team))
    }

    /// What a member has yet to do on the way in.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn onboarding_checklist(&self, member: MemberId) -> Result<OnboardingChecklist> {
        self.look(|sight| onboarding_checklist(sight, member))
    }

    /// The community's stories by the value they tell of, as far as this session may read them.
    ///
    /// # Errors
    /// `Io`, `Corrupt`.
    pub fn value_matrix(&self, filter: ValueFilter) -> Result<ValueMatrix> {
        self.look(|sight| value_matrix(sight, filter))
    }

    /// What there is to know of a member, as far as this session may know it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn member_page(&self, member: MemberId) -> Result<MemberPage> {
        self.look(|sight| member_page(sight, member))
    }

    /// The open requests to take part that this session may answer, in the order of their ids: all of them for
    /// stewards, owners and the host, those of their regions for leads of regional teams, none for others.
    ///
    /// # Errors
    /// `Io`, `Corrupt`.
    pub fn join_requests(&self) -> Result<Vec<Member>> {
        self.look(|sight| {
            let all = match sight.viewer.member {
                Some(member) => sight.reads.one::<Member>(member)?.as_ref().is_some_and(stewards),
                None => sight.viewer.holds(Token::Facilitation),
            };
            let leads = sight.viewer.tokens.iter().any(|token| matches!(token, Token::TeamLead(_)));
            let mut found = Vec::new();
            if !(all || leads) {
                return Ok(found);
            }
            for id in sight.reads.find(RecordKind::Member, REQUESTED)? {
                let Some(record) = sight.reads.visible(sight.viewer, RecordKind::Member, id)? else { continue };
                let AnyRecord::Member(member) = &record else { continue };
                let answers = all || {
                    let teams = regional_teams(sight.reads, member, sight.viewer.today)?;
                    teams.iter().any(|team| sight.viewer.holds(Token::TeamLead(team.id)))
                };
                if answers && member.state == MemberState::Requested && !sight.viewer.is(member.id) {
                    found.extend(Member::from_any(redact(record, sight.viewer)));
                }
            }
            Ok(found)
        })
    }

    /// Looks at one consistent state of the store.
    fn look<T>(&self, look: impl FnOnce(Sight<'_>) -> Result<T>) -> Result<T> {
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        look(Sight { reads: snapshot.reads(), viewer: &viewer, now: self.community.0.clock.now() })
    }

    fn levels(
        &self,
        member: MemberId,
        call: &'static str,
        days: impl FnOnce() -> Result<Vec<NaiveDate>>,
    ) -> Result<Vec<Participation>> {
        self.look(|sight| {
            let person = personal(sight, member, call)?;
            levels_of_person(sight.reads, person, &days()?, sight.now)
        })
    }
}

/// The person, for themself and those who facilitate the community: as the record that stands for all of theirs.
fn personal(sight: Sight<'_>, member: MemberId, call: &'static str) -> Result<MemberId> {
    let person = sight.person(member)?;
    if sight.viewer.is(person.id) || sight.viewer.holds(Token::Facilitation) {
        Ok(person.id)
    } else {
        Err(Error::NotPermitted { op: call })
    }
}

fn check_day(field: &str, day: NaiveDate) -> Result<NaiveDate> {
    let mut check = Check::default();
    check.date(field, Some(day));
    check.input().map(|()| day)
}

/// The days from the first on, every so many days, as far as they are not after the last.
fn days_between(from: NaiveDate, to: NaiveDate, every_days: u32) -> Result<Vec<NaiveDate>> {
    let mut check = Check::default();
    check.date("from", Some(from));
    check.date("to", Some(to));
    check.span("to", Some(from), Some(to));
    check.require(every_days > 0, "every_days", "participation.step", "from day to day is 1 day at least");
    check.input()?;
    let points = (to - from).num_days() / i64::from(every_days) + 1;
    let detail = format!("{points} days, {MAX_POINTS} are allowed");
    let mut check = Check::default();
    check.require(points <= MAX_POINTS, "every_days", "participation.points", &detail);
    check.input()?;
    let step = Days::new(u64::from(every_days));
    Ok(std::iter::successors(Some(from), |day| day.checked_add_days(step)).take_while(|day| *day <= to).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::day;

    #[test]
    fn a_series_is_bounded_and_says_everything_that_is_wrong() {
        let days = |from, to, step| days_between(day(from), day(to), step);
        let found = days("2021-09-01", "2021-09-08", 3).expect("three days");
        assert_eq!(found, ["2021-09-01", "2021-09-04", "2021-09-07"].map(day));
        assert_eq!(days("2021-09-01", "2021-09-01", 400).expect("one day"), [day("2021-09-01")]);
        assert_eq!(days("2020-01-01", "2021-02-03", 1).expect("400 days").len(), 400);
        let codes = |from, to, step| {
            let error = days(from, to, step).expect_err("refused");
            error.problems().iter().map(|p| format!("{} {}", p.field, p.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes("2020-01-01", "2021-02-04", 1), ["every_days participation.points"]);
        assert_eq!(
            codes("2201-01-01", "1899-12-31", 0),
            ["from date.range", "to date.range", "to date.order", "every_days participation.step"]
        );
    }
}
