//! Random steps with convenings, attendances, stories, mentorships, notes and findings, and with undo.

use chrono::{NaiveDateTime, TimeDelta};
use cop_core::{
    Attendance, AttendanceList, AttendanceRef, AttendanceStatus, Cancellation, ConsentOf, ConsentState, Convening,
    ConveningEdit, ConveningId, ConveningRef, ConveningState, EntryEdit, Finding, FindingResolution, FindingState,
    Inspection, InvitationTo, Mentorship, MentorshipEdit, MentorshipRef, MentorshipState, NewAttendance, NewConvening,
    NewEntry, NewMentorship, NewStory, NewWalkIn, Op, RecordKind, Story, StoryEdit, StoryRef, UndoOf, WalkInMatch,
};

use super::dice::Dice;
use crate::access::Who;

/// What notes are about, and stories.
const SUBJECTS: &[RecordKind] = &[
    RecordKind::Team,
    RecordKind::Goal,
    RecordKind::Cycle,
    RecordKind::Measure,
    RecordKind::Convening,
    RecordKind::Resource,
    RecordKind::Story,
    RecordKind::Mentorship,
];

impl Dice<'_> {
    pub(super) fn of_gatherings(&mut self, name: &str, who: Who) -> Option<Op> {
        Some(match name {
            "plan_convening" => Op::PlanConvening(self.new_convening(who)),
            "revise_convening" => {
                let mut edit = ConveningEdit::new(self.id::<Convening>());
                edit.title = self.maybe(Self::title);
                edit.topics = self.maybe(Self::words);
                edit.capacity = self.maybe(|d| d.random.below(4) as i64 - 1);
                edit.teams = self.rarely(|d| vec![d.team_of(who)]);
                edit.visibility = self.maybe(Self::visibility);
                Op::ReviseConvening(edit)
            }
            "schedule_convening" => Op::ScheduleConvening(ConveningRef {
                convening: self.fitting::<Convening>(|convening| convening.state == ConveningState::Draft),
            }),
            "cancel_convening" => {
                Op::CancelConvening(Cancellation { convening: self.announced(), reason: self.reason() })
            }
            "hold_convening" => Op::HoldConvening(ConveningRef { convening: self.begun() }),
            "invite_to_convening" => Op::InviteToConvening(InvitationTo {
                convening: self.announced(),
                member: self.member(),
                role: self.maybe(|d| d.word(&["presenter", "attendee"], "star")),
            }),
            "register" => {
                let today = self.today;
                Op::Register(ConveningRef {
                    convening: self.fitting::<Convening>(|convening| {
                        convening.state == ConveningState::Scheduled && convening.ends_at.date_naive() > today
                    }),
                })
            }
            "cancel_attendance" => Op::CancelAttendance(AttendanceRef {
                attendance: self.fitting::<Attendance>(|attendance| {
                    matches!(attendance.status, AttendanceStatus::Registered | AttendanceStatus::Waitlisted)
                }),
            }),
            "record_attendance" => {
                let convening = self.begun();
                Op::RecordAttendance(self.new_attendance(convening))
            }
            "record_attendances" => {
                let (convening, count) = (self.begun(), self.random.below(4));
                let attendances = (0..count).map(|_| self.new_attendance(convening)).collect();
                Op::RecordAttendances(AttendanceList { attendances })
            }
            "add_walk_in" => {
                let mut new = NewWalkIn::new(self.begun(), self.name());
                new.email = self.maybe(Self::email);
                new.organization = self.rarely(Self::organization);
                new.minutes = self.maybe(|d| d.one(&[10, 30, -1]));
                Op::AddWalkIn(new)
            }
            "match_walk_in" => Op::MatchWalkIn(WalkInMatch {
                attendance: self.fitting::<Attendance>(|attendance| attendance.walk_in.is_some()),
                member: self.member(),
            }),
            _ => return self.of_words(name, who),
        })
    }

    fn of_words(&mut self, name: &str, who: Who) -> Option<Op> {
        Some(match name {
            "tell_story" => Op::TellStory(self.new_story(who)),
            "revise_story" => {
                let mut edit = StoryEdit::new(self.story());
                edit.title = self.maybe(Self::title);
                edit.about = self.maybe(|d| vec![d.record_of(SUBJECTS)]);
                edit.worth = self.maybe(|d| vec![d.word(&["immediate", "applied"], "no code")]);
                Op::ReviseStory(edit)
            }
            "grant_consent" => Op::GrantConsent(ConsentOf {
                story: self.story(),
                scope: self.visibility(),
                attribution: self.maybe(|d| d.word(&["name", "role", "anonymous"], "loud")),
            }),
            "withdraw_consent" => Op::WithdrawConsent(StoryRef { story: self.story() }),
            "propose_mentorship" => {
                let (one, other) = (self.self_or_other(who), self.member());
                let (mentor, mentee) = if self.random.one_in(2) { (one, other) } else { (other, one) };
                let mut new = NewMentorship::new(self.word(&["coaching", "mentoring"], "no kind"), mentor, mentee);
                new.team = self.maybe(|d| d.team_of(who));
                new.goals = self.maybe(Self::title).unwrap_or_default();
                new.since = self.maybe(Self::date);
                new.until = self.rarely(Self::date);
                Op::ProposeMentorship(new)
            }
            "revise_mentorship" => {
                let mut edit = MentorshipEdit::new(self.id::<Mentorship>());
                edit.goals = self.maybe(Self::title);
                edit.since = self.maybe(Self::date);
                Op::ReviseMentorship(edit)
            }
            "accept_mentorship" => {
                let mentorship = self.fitting::<Mentorship>(|tie| tie.state == MentorshipState::Proposed);
                Op::AcceptMentorship(MentorshipRef { mentorship })
            }
            "end_mentorship" => Op::EndMentorship(MentorshipRef { mentorship: self.id::<Mentorship>() }),
            "add_entry" => {
                let subject = match self.random.below(12) {
                    0 => self.record_of(&[RecordKind::Member, RecordKind::Organization]),
                    1..=3 => self.record_of(&[RecordKind::Cycle]),
                    _ => self.record_of(SUBJECTS),
                };
                let kinds = ["plan", "reflection", "minutes", "data", "note"];
                let mut new = NewEntry::new(subject, self.word(&kinds, "no kind"), self.title());
                new.phase = self.rarely(|d| d.word(&["plan", "do"], "no phase"));
                new.on_date = self.rarely(Self::date);
                new.private = self.random.one_in(4);
                Op::AddEntry(new)
            }
            "revise_entry" => {
                let mut edit = EntryEdit::new(self.id::<cop_core::Entry>());
                edit.body = self.maybe(Self::title);
                edit.on_date = self.rarely(Self::date);
                Op::ReviseEntry(edit)
            }
            "inspect" => Op::Inspect(Inspection {}),
            "resolve_finding" => Op::ResolveFinding(FindingResolution {
                finding: self.fitting::<Finding>(|finding| finding.state == FindingState::Open),
                note: self.reason(),
            }),
            "undo" => Op::Undo(UndoOf { operations: self.one(&[1, 1, 1, 1, 2, 3, 0]) }),
            _ => return None,
        })
    }

    fn story(&mut self) -> cop_core::StoryId {
        self.fitting::<Story>(|story| story.consent != ConsentState::Withdrawn)
    }

    fn announced(&mut self) -> ConveningId {
        self.fitting::<Convening>(|convening| convening.state == ConveningState::Scheduled)
    }

    /// A convening that is announced, and has begun or soon begins.
    fn begun(&mut self) -> ConveningId {
        let today = self.today;
        self.fitting::<Convening>(|convening| {
            let announced = matches!(convening.state, ConveningState::Scheduled | ConveningState::Held);
            announced && convening.starts_at.date_naive() <= today
        })
    }

    fn new_convening(&mut self, who: Who) -> NewConvening {
        let hours = self.one(&[-30, -1, 0, 1, 9, 14, 22, 480]);
        let starts: NaiveDateTime = self.today.into();
        let starts = starts + TimeDelta::hours(hours);
        let ends = starts + TimeDelta::minutes(self.one(&[45, 60, 90, 120, 26 * 60, -5]));
        let kinds = ["workshop", "team_meeting", "consultancy", "convening"];
        let zone = self.word(&["UTC", "UTC", "America/Los_Angeles"], "Mars/Olympus");
        let mut new = NewConvening::new(self.word(&kinds, "no kind"), self.title(), starts, ends, zone);
        new.body = self.maybe(Self::title).unwrap_or_default();
        new.teams = self.maybe(|d| vec![d.team_of(who)]).unwrap_or_default();
        new.parent = self.rarely(|d| d.id::<Convening>());
        new.cycle = self.rarely(|d| d.id::<cop_core::Cycle>());
        if !self.random.one_in(4) {
            new = new.online("https://example.org/join");
        }
        if self.random.one_in(4) {
            new = new.at("Room 5");
        }
        new.capacity = self.maybe(|d| d.one(&[1, 1, 2, 0]));
        new.topics = self.words();
        new.visibility = self.maybe(Self::visibility);
        new
    }

    fn new_attendance(&mut self, convening: ConveningId) -> NewAttendance {
        let mut new = NewAttendance::new(convening, self.member());
        new.status = self.maybe(|d| d.word(&["attended", "excused", "no_show", "registered"], "asleep"));
        new.role = self.rarely(|d| d.word(&["presenter", "staff"], "star"));
        new.minutes = self.rarely(|d| d.one(&[10, 30, -1]));
        new.source = self.rarely(|_| "sign-in sheet".to_owned());
        new
    }

    fn new_story(&mut self, who: Who) -> NewStory {
        let kinds = ["value_creation", "testimonial", "own:kind"];
        let mut new = NewStory::new(self.word(&kinds, "no kind"), self.title(), self.title());
        new.team = self.maybe(|d| d.team_of(who));
        new.anonymous = self.random.one_in(4);
        new.about = self.maybe(|d| vec![d.record_of(SUBJECTS)]).unwrap_or_default();
        new.worth = self.maybe(|d| vec![d.word(&["immediate", "applied"], "no code")]).unwrap_or_default();
        new.teller = match who {
            Who::Host => self.maybe(Self::member),
            _ => self.random.one_in(40).then(|| self.member()),
        };
        new
    }
}
