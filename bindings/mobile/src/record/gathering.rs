//! What the community lives: convenings and who was there, stories, mentorships, notes, and what was noticed.

use crate::value::{
    AttendanceId, CivilTime, ConveningId, Cross, CycleId, Day, EntryId, FindingId, MemberId, MentorshipId,
    OrganizationId, ResourceId, StoryId, TeamId, Timestamp, Uuid, Visibility, conversion, records,
};
use crate::vocabulary::{
    AttendanceRole, AttendanceStatus, Attribution, ConsentState, ConveningFact, ConveningState, FindingState,
    MentorshipFact, MentorshipState, Mode, RecordKind,
};

records! {
    /// The name of one record: its kind and id.
    RecordRef like cop_core::RecordRef {
        /// Its kind.
        kind: RecordKind,
        /// Its id.
        id: Uuid,
    }

    /// A place in a series of convenings.
    Series like cop_core::Series {
        /// The series, such as `2021 quarterly`.
        name: String,
        /// The place in it, from 1.
        index: u32,
    }

    /// Somebody who came without being known to the community.
    WalkIn from cop_core::WalkIn {
        /// Their name.
        name: String,
        /// Their address.
        email: Option<String>,
        /// Where they work.
        organization: Option<OrganizationId>,
    }

    /// What the teller consents to.
    Consent from cop_core::Consent {
        /// The how-manieth time, from 1: the last one counts.
        number: u32,
        /// Who may read the story.
        scope: Visibility,
        /// How the teller is named.
        attribution: Attribution,
    }

    /// How a finding was settled.
    Resolution from cop_core::Resolution {
        /// Who settled it; nobody for the host itself.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
        /// How.
        note: String,
    }

    /// A gathering: a convening, workshop, course session, consultancy, team meeting, …
    ///
    /// A convening with sessions is attended session by session.
    Convening from cop_core::Convening {
        /// Its id.
        id: ConveningId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is.
        kind: String,
        /// Its title, 1 to 300 characters.
        title: String,
        /// What it is about; at most 200,000 characters.
        body: String,
        /// The teams that convene; none for the whole community.
        teams: Vec<TeamId>,
        /// The convening it is a session of.
        parent: Option<ConveningId>,
        /// The cycle it belongs to.
        cycle: Option<CycleId>,
        /// When it begins, on the clocks of its time zone.
        starts: CivilTime,
        /// When it ends, on the clocks of its time zone.
        ends: CivilTime,
        /// Its time zone (IANA), such as `America/Los_Angeles`.
        time_zone: String,
        /// When it begins (UTC), by its time zone.
        starts_at: Timestamp,
        /// When it ends (UTC), by its time zone.
        ends_at: Timestamp,
        /// How people meet.
        mode: Mode,
        /// Where.
        place: Option<String>,
        /// Where, online.
        join_url: Option<String>,
        /// How many seats there are; none for as many as come.
        capacity: Option<i64>,
        /// The protocol it follows.
        protocol: Option<ResourceId>,
        /// Its place in a series.
        series: Option<Series>,
        /// What it is about, as keywords.
        topics: Vec<String>,
        /// How often its announcement has changed: for calendars.
        sequence: i64,
        /// Who may read it once it is announced, beside the teams that convene.
        visibility: Visibility,
        /// What happened to it.
        facts: Vec<ConveningFact>,
        /// Where it stands.
        state: ConveningState,
        /// Why it was cancelled.
        cancelled_because: Option<String>,
    }

    /// A member, or a walk-in, at a convening.
    ///
    /// Its id is made from the convening and the member; a walk-in is matched with a member later.
    Attendance from cop_core::Attendance {
        /// Its id.
        id: AttendanceId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Which convening.
        convening: ConveningId,
        /// Who; none for a walk-in.
        member: Option<MemberId>,
        /// Who, where it is no member.
        walk_in: Option<WalkIn>,
        /// As what.
        role: AttendanceRole,
        /// Where it stands.
        status: AttendanceStatus,
        /// When they came.
        check_in: Option<Timestamp>,
        /// When they went.
        check_out: Option<Timestamp>,
        /// How long they were there, in minutes.
        minutes: Option<i64>,
        /// Where this is known from: `sign-in sheet`, `zoom`, …
        source: String,
    }

    /// A value-creation story, a testimonial or a report.
    Story from cop_core::Story {
        /// Its id.
        id: StoryId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What it is.
        kind: String,
        /// Its title, 1 to 300 characters.
        title: String,
        /// The story; at most 200,000 characters.
        body: String,
        /// Its language.
        language: String,
        /// What it is about.
        about: Vec<RecordRef>,
        /// The team it comes from.
        team: Option<TeamId>,
        /// Whose story it is, where they are a member and want to be known as its teller.
        teller: Option<MemberId>,
        /// What it was worth.
        worth: Vec<String>,
        /// What the teller said about consent.
        facts: Vec<ConsentFact>,
        /// Where consent stands.
        consent: ConsentState,
    }

    /// A tie between two members, which becomes active by the other's own act.
    Mentorship from cop_core::Mentorship {
        /// Its id.
        id: MentorshipId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What ties them.
        kind: String,
        /// Who gives: the mentor, the coach.
        mentor: MemberId,
        /// Who receives.
        mentee: MemberId,
        /// Who proposed it; the other accepts.
        proposed_by: MemberId,
        /// The team in which it is lived.
        team: Option<TeamId>,
        /// What the two want to reach.
        goals: String,
        /// First day.
        since: Option<Day>,
        /// Last day.
        until: Option<Day>,
        /// What happened.
        facts: Vec<MentorshipFact>,
        /// Where it stands.
        state: MentorshipState,
    }

    /// A dated note on a record. Never deleted; what it said before is in its history.
    ///
    /// Who may read the record may read the note, unless it is private: then only its author may.
    Entry from cop_core::Entry {
        /// Its id.
        id: EntryId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// The kind of record it is about.
        about: RecordKind,
        /// The record it is about.
        subject: Uuid,
        /// What it is.
        kind: String,
        /// The phase of the cycle it belongs to.
        phase: Option<String>,
        /// The day it is about.
        on_date: Day,
        /// What it says; 1 to 200,000 characters.
        body: String,
        /// For its author alone.
        private: bool,
    }

    /// A soft problem that the library noticed. It repairs nothing itself.
    ///
    /// Its id is made from what was noticed and about which records, so that it is noticed once.
    Finding from cop_core::Finding {
        /// Its id.
        id: FindingId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// What.
        kind: String,
        /// About which records.
        about: Vec<RecordRef>,
        /// The team whose leads see it too.
        team: Option<TeamId>,
        /// What exactly, without names.
        detail: String,
        /// What happened to it.
        facts: Vec<FindingFact>,
        /// Where it stands.
        state: FindingState,
        /// How it was settled last.
        resolution: Option<Resolution>,
    }
}

/// Something the teller said about consent; facts are only ever added.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum ConsentFact {
    /// Given.
    Granted {
        /// To what.
        consent: Consent,
    },
    /// Taken back.
    Withdrawn,
}

impl Cross<ConsentFact> for cop_core::ConsentFact {
    fn cross(self) -> ConsentFact {
        match self {
            Self::Granted(consent) => ConsentFact::Granted { consent: consent.cross() },
            Self::Withdrawn => ConsentFact::Withdrawn,
        }
    }
}

/// Something that happened to a finding; facts are only ever added.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum FindingFact {
    /// It was noticed.
    Raised {
        /// For the how-manieth time, from 1.
        number: u32,
    },
    /// It was settled.
    Resolved {
        /// For the how-manieth time, from 1.
        number: u32,
    },
}

impl Cross<FindingFact> for cop_core::FindingFact {
    fn cross(self) -> FindingFact {
        match self {
            Self::Raised(number) => FindingFact::Raised { number },
            Self::Resolved(number) => FindingFact::Resolved { number },
        }
    }
}
