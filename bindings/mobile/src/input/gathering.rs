//! Convenings, attendances, stories, mentorships and notes to be written.

use crate::record::{RecordRef, Series};
use crate::value::{
    CivilTime, ConveningId, CycleId, Day, EntryId, MemberId, MentorshipId, OrganizationId, ResourceId, StoryId, TeamId,
    Timestamp, Visibility, conversion, records,
};
use crate::vocabulary::{AttendanceRole, AttendanceStatus, Mode};

records! {
    /// A convening to be planned.
    NewConvening into cop_core::NewConvening {
        /// `convening`, `workshop`, `orientation`, `course_session`, `consultancy`, `team_meeting`, `data_reflection`,
        /// `lesson_observation` or a code of your own.
        kind: String,
        /// Its title, 1 to 300 characters.
        title: String,
        /// When it begins, on the clocks of its time zone.
        starts: CivilTime,
        /// When it ends: a session at most 24 hours later, a convening of sessions 31 days.
        ends: CivilTime,
        /// Its time zone (IANA), such as `America/Los_Angeles`.
        time_zone: String,
        /// What it is about.
        #[uniffi(default = "")]
        body: String,
        /// The teams that convene; none for the whole community.
        #[uniffi(default = [])]
        teams: Vec<TeamId>,
        /// The convening it is a session of.
        #[uniffi(default = None)]
        parent: Option<ConveningId>,
        /// The cycle it belongs to.
        #[uniffi(default = None)]
        cycle: Option<CycleId>,
        /// How people meet: online unless said.
        #[uniffi(default = None)]
        mode: Option<Mode>,
        /// Where; needed to announce it, unless it is virtual.
        #[uniffi(default = None)]
        place: Option<String>,
        /// Where, online; needed to announce it, unless it is in person.
        #[uniffi(default = None)]
        join_url: Option<String>,
        /// How many seats there are, at least 1; none for as many as come.
        #[uniffi(default = None)]
        capacity: Option<i64>,
        /// The protocol it follows.
        #[uniffi(default = None)]
        protocol: Option<ResourceId>,
        /// Its place in a series.
        #[uniffi(default = None)]
        series: Option<Series>,
        /// What it is about, as keywords.
        #[uniffi(default = [])]
        topics: Vec<String>,
        /// Who may read it once it is announced, beside the teams that convene: the community where no team convenes,
        /// else nobody else, unless said.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// Changes to a convening; what is none stays, an empty text clears.
    ConveningEdit into cop_core::ConveningEdit {
        /// Which.
        convening: ConveningId,
        /// What it is.
        #[uniffi(default = None)]
        kind: Option<String>,
        /// Its title.
        #[uniffi(default = None)]
        title: Option<String>,
        /// What it is about.
        #[uniffi(default = None)]
        body: Option<String>,
        /// When it begins.
        #[uniffi(default = None)]
        starts: Option<CivilTime>,
        /// When it ends.
        #[uniffi(default = None)]
        ends: Option<CivilTime>,
        /// Its time zone.
        #[uniffi(default = None)]
        time_zone: Option<String>,
        /// All teams that convene.
        #[uniffi(default = None)]
        teams: Option<Vec<TeamId>>,
        /// How people meet.
        #[uniffi(default = None)]
        mode: Option<Mode>,
        /// Where.
        #[uniffi(default = None)]
        place: Option<String>,
        /// Where, online.
        #[uniffi(default = None)]
        join_url: Option<String>,
        /// How many seats there are; 0 for as many as come. More seats go to those who wait.
        #[uniffi(default = None)]
        capacity: Option<i64>,
        /// The protocol it follows.
        #[uniffi(default = None)]
        protocol: Option<ResourceId>,
        /// All keywords.
        #[uniffi(default = None)]
        topics: Option<Vec<String>>,
        /// Who may read it once it is announced.
        #[uniffi(default = None)]
        visibility: Option<Visibility>,
    }

    /// Where a member's attendance stands.
    NewAttendance into cop_core::NewAttendance {
        /// At which convening: one without sessions.
        convening: ConveningId,
        /// Whose.
        member: MemberId,
        /// Where it stands: attended unless said.
        #[uniffi(default = None)]
        status: Option<AttendanceStatus>,
        /// As what: an attendee unless said.
        #[uniffi(default = None)]
        role: Option<AttendanceRole>,
        /// How long they were there, in minutes: from 0 to what was scheduled.
        #[uniffi(default = None)]
        minutes: Option<i64>,
        /// When they came.
        #[uniffi(default = None)]
        check_in: Option<Timestamp>,
        /// When they went.
        #[uniffi(default = None)]
        check_out: Option<Timestamp>,
        /// Where this is known from, at most 200 characters.
        #[uniffi(default = None)]
        source: Option<String>,
    }

    /// Somebody who came without being known to the community.
    NewWalkIn into cop_core::NewWalkIn {
        /// To which convening.
        convening: ConveningId,
        /// Their name, 1 to 200 characters.
        name: String,
        /// Their address.
        #[uniffi(default = None)]
        email: Option<String>,
        /// Where they work.
        #[uniffi(default = None)]
        organization: Option<OrganizationId>,
        /// As what: an attendee unless said.
        #[uniffi(default = None)]
        role: Option<AttendanceRole>,
        /// How long they were there, in minutes.
        #[uniffi(default = None)]
        minutes: Option<i64>,
    }

    /// A story to be told.
    NewStory into cop_core::NewStory {
        /// `value_creation`, `testimonial`, `outcome_report` or a code of your own.
        kind: String,
        /// Its title, 1 to 300 characters.
        title: String,
        /// The story, 1 to 200,000 characters.
        body: String,
        /// Its language (BCP 47); English unless said.
        #[uniffi(default = None)]
        language: Option<String>,
        /// What it is about: teams, convenings, cycles, goals, resources, measures; at most 50.
        #[uniffi(default = [])]
        about: Vec<RecordRef>,
        /// The team it comes from.
        #[uniffi(default = None)]
        team: Option<TeamId>,
        /// Whether its teller shall not be known; whoever writes it down answers for it then.
        #[uniffi(default = false)]
        anonymous: bool,
        /// Whose story it is, where somebody else writes it down: the host alone may say so.
        #[uniffi(default = None)]
        teller: Option<MemberId>,
        /// What it was worth: `immediate`, `potential`, `applied`, `realized`, `reframing` or codes of your own; at most
        /// ten.
        #[uniffi(default = [])]
        worth: Vec<String>,
    }

    /// Changes to a story; what is none stays.
    StoryEdit into cop_core::StoryEdit {
        /// Which.
        story: StoryId,
        /// Its title.
        #[uniffi(default = None)]
        title: Option<String>,
        /// The story.
        #[uniffi(default = None)]
        body: Option<String>,
        /// All it is about.
        #[uniffi(default = None)]
        about: Option<Vec<RecordRef>>,
        /// All it was worth.
        #[uniffi(default = None)]
        worth: Option<Vec<String>>,
    }

    /// A mentorship to be proposed by one of the two, or by those who facilitate, for the mentor.
    NewMentorship into cop_core::NewMentorship {
        /// `mentoring`, `coaching`, `advice`, `co_leading` or a code of your own.
        kind: String,
        /// Who gives.
        mentor: MemberId,
        /// Who receives.
        mentee: MemberId,
        /// The team in which it is lived.
        #[uniffi(default = None)]
        team: Option<TeamId>,
        /// What the two want to reach, at most 200,000 characters.
        #[uniffi(default = "")]
        goals: String,
        /// First day.
        #[uniffi(default = None)]
        since: Option<Day>,
        /// Last day.
        #[uniffi(default = None)]
        until: Option<Day>,
    }

    /// Changes to a mentorship; what is none stays.
    MentorshipEdit into cop_core::MentorshipEdit {
        /// Which.
        mentorship: MentorshipId,
        /// What the two want to reach.
        #[uniffi(default = None)]
        goals: Option<String>,
        /// First day.
        #[uniffi(default = None)]
        since: Option<Day>,
        /// Last day.
        #[uniffi(default = None)]
        until: Option<Day>,
    }

    /// A note to be added.
    NewEntry into cop_core::NewEntry {
        /// What it is about: a team, goal, cycle, measure, convening, resource, story or mentorship.
        subject: RecordRef,
        /// `plan`, `reflection`, `minutes`, `decision`, `data`, `comment`, `note` or a code of your own.
        kind: String,
        /// What it says, 1 to 200,000 characters.
        body: String,
        /// The phase of the cycle it belongs to: the present one, unless said.
        #[uniffi(default = None)]
        phase: Option<String>,
        /// The day it is about: today (UTC), unless said; at most a day ahead.
        #[uniffi(default = None)]
        on_date: Option<Day>,
        /// For its author alone.
        #[uniffi(default = false)]
        private: bool,
    }

    /// Changes to a note, by its author; what is none stays.
    EntryEdit into cop_core::EntryEdit {
        /// Which.
        entry: EntryId,
        /// What it says.
        #[uniffi(default = None)]
        body: Option<String>,
        /// The day it is about.
        #[uniffi(default = None)]
        on_date: Option<Day>,
    }
}
