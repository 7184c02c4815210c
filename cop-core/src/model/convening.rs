//! Convenings: every gathering of the community, and who was there.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AttendanceId, ConveningId, CycleId, MemberId, OrganizationId, ResourceId, TeamId};
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::values::{Email, TimeZone, WebUrl};
use crate::model::visibility::Visibility;

vocabulary! {
    /// What a convening is.
    ConveningKind {
        /// A gathering of the community.
        Convening = "convening",
        /// Work on one thing.
        Workshop = "workshop",
        /// The way in.
        Orientation = "orientation",
        /// A session of a course.
        CourseSession = "course_session",
        /// Peers consult on somebody's dilemma.
        Consultancy = "consultancy",
        /// A team meets.
        TeamMeeting = "team_meeting",
        /// Looking at aggregate data together.
        DataReflection = "data_reflection",
        /// A lesson is observed.
        LessonObservation = "lesson_observation",
    }
}

closed! {
    /// How people meet.
    Mode {
        /// In one place.
        InPerson = "in_person",
        /// Online.
        Virtual = "virtual",
        /// Both.
        Hybrid = "hybrid",
    }
}

closed! {
    /// Something that happened to a convening; facts are only ever added.
    ConveningFact {
        /// It is announced.
        Scheduled = "scheduled",
        /// It will not take place.
        Cancelled = "cancelled",
        /// It took place.
        Held = "held",
    }
}

closed! {
    /// Where a convening stands: the strongest of its facts.
    ConveningState {
        /// It is being prepared.
        Draft = "draft",
        /// It is announced.
        Scheduled = "scheduled",
        /// It will not take place.
        Cancelled = "cancelled",
        /// It took place.
        Held = "held",
    }
}

impl ConveningState {
    /// The state that `facts` amount to: held beats cancelled, cancelled beats scheduled.
    pub fn of(facts: &BTreeSet<ConveningFact>) -> Self {
        match facts.last() {
            None => ConveningState::Draft,
            Some(ConveningFact::Scheduled) => ConveningState::Scheduled,
            Some(ConveningFact::Cancelled) => ConveningState::Cancelled,
            Some(ConveningFact::Held) => ConveningState::Held,
        }
    }
}

/// A place in a series of convenings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The series, such as `2021 quarterly`.
    pub name: String,
    /// The place in it, from 1.
    pub index: u32,
}
json_columns!(Series);

record! {
    /// A gathering: a convening, workshop, course session, consultancy, team meeting, …
    ///
    /// A convening with sessions is attended session by session.
    Convening(ConveningId) {
        /// What it is.
        kind: ConveningKind = Register,
        /// Its title, 1 to 300 characters.
        title: String = Register,
        /// What it is about; at most 200,000 characters.
        body: String = Register,
        /// The teams that convene; none for the whole community.
        teams: BTreeSet<TeamId> = Set,
        /// The convening it is a session of.
        parent: Option<ConveningId> = Immutable,
        /// The cycle it belongs to.
        cycle: Option<CycleId> = Register,
        /// When it begins, on the clocks of its time zone.
        starts: NaiveDateTime = Register,
        /// When it ends, on the clocks of its time zone.
        ends: NaiveDateTime = Register,
        /// Its time zone (IANA), such as `America/Los_Angeles`.
        time_zone: TimeZone = Register,
        /// When it begins (UTC), by its time zone.
        starts_at: DateTime<Utc> = Derived,
        /// When it ends (UTC), by its time zone.
        ends_at: DateTime<Utc> = Derived,
        /// How people meet.
        mode: Mode = Register,
        /// Where.
        place: Option<String> = Register,
        /// Where, online.
        join_url: Option<WebUrl> = Register,
        /// How many seats there are; none for as many as come.
        capacity: Option<i64> = Register,
        /// The protocol it follows.
        protocol: Option<ResourceId> = Register,
        /// Its place in a series.
        series: Option<Series> = Register,
        /// What it is about, as keywords.
        topics: BTreeSet<String> = Set,
        /// How often its announcement has changed: for calendars.
        sequence: i64 = Derived,
        /// Who may read it once it is announced, beside the teams that convene.
        visibility: Visibility = Register,
        /// What happened to it.
        facts: BTreeSet<ConveningFact> = Facts,
        /// Where it stands.
        state: ConveningState = Derived,
        /// Why it was cancelled.
        cancelled_because: Option<String> = Register,
    }
}

impl Convening {
    /// Whether it was ever announced: a draft that is cancelled stays with those who prepared it.
    pub fn is_announced(&self) -> bool {
        self.facts.contains(&ConveningFact::Scheduled) || self.facts.contains(&ConveningFact::Held)
    }

    /// How long it is planned to last.
    pub fn scheduled_minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).max(TimeDelta::zero()).num_minutes()
    }
}

closed! {
    /// As what somebody attends.
    AttendanceRole {
        /// Takes part.
        Attendee = "attendee",
        /// Presents.
        Presenter = "presenter",
        /// Facilitates.
        Facilitator = "facilitator",
        /// Watches.
        Observer = "observer",
        /// Helps.
        Staff = "staff",
    }
}

closed! {
    /// Where an attendance stands, from the weakest to the strongest.
    AttendanceStatus {
        /// Gave the seat back.
        Cancelled = "cancelled",
        /// Was invited.
        Invited = "invited",
        /// Waits for a seat.
        Waitlisted = "waitlisted",
        /// Has a seat.
        Registered = "registered",
        /// Did not come.
        NoShow = "no_show",
        /// Could not come, and said so.
        Excused = "excused",
        /// Was there.
        Attended = "attended",
    }
}

/// Somebody who came without being known to the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkIn {
    /// Their name.
    pub name: String,
    /// Their address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Where they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
}
json_columns!(WalkIn);

record! {
    /// A member, or a walk-in, at a convening.
    ///
    /// Its id is made from the convening and the member; a walk-in is matched with a member later.
    Attendance(AttendanceId) {
        /// Which convening.
        convening: ConveningId = Immutable,
        /// Who; none for a walk-in.
        member: Option<MemberId> = Immutable,
        /// Who, where it is no member.
        walk_in: Option<WalkIn> = Register,
        /// As what.
        role: AttendanceRole = Register,
        /// Where it stands.
        status: AttendanceStatus = Register,
        /// When they came.
        check_in: Option<DateTime<Utc>> = Register,
        /// When they went.
        check_out: Option<DateTime<Utc>> = Register,
        /// How long they were there, in minutes.
        minutes: Option<i64> = Register,
        /// Where this is known from: `sign-in sheet`, `zoom`, …
        source: String = Register,
    }
}

impl Attendance {
    /// The id of a member's attendance.
    pub fn id_of(convening: ConveningId, member: MemberId) -> AttendanceId {
        AttendanceId::new(crate::id::natural(&format!("attendance:{convening}:{member}")))
    }

    /// How long they were there: as recorded, or between check-in and check-out, or all the time.
    pub fn attended_minutes(&self, convening: &Convening) -> i64 {
        let scheduled = convening.scheduled_minutes();
        match (self.status, self.minutes, self.check_in, self.check_out) {
            (AttendanceStatus::Attended, Some(minutes), _, _) => minutes.clamp(0, scheduled),
            (AttendanceStatus::Attended, None, Some(from), Some(until)) => {
                let from = from.max(convening.starts_at);
                let until = until.min(convening.ends_at);
                (until - from).num_minutes().clamp(0, scheduled)
            }
            (AttendanceStatus::Attended, None, _, _) => scheduled,
            _ => 0,
        }
    }
}
