//! Attendance: seats and waiting lists before a convening, who was there after it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, btree_map};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::convening::permit_organiser;
use super::convening_rules::{has_sessions, require_announced, require_begun, require_not};
use super::member::require_live;
use super::{AttendanceRef, ConveningRef, Decision, Kept, new_record, seats};
use crate::access::{audience_of_kind, may_edit};
use crate::error::{Error, Result};
use crate::id::{AttendanceId, ConveningId, MemberId};
use crate::model::{
    Attendance, AttendanceRole, AttendanceStatus, Convening, ConveningState, Member, Record, RecordKind,
};
use crate::store::MERGED;
use crate::text::TextRule;

/// Most attendances that are recorded together.
const MAX_LIST: usize = 100_000;
/// Where it is known from may stay unsaid.
const SOURCE: TextRule = TextRule { min_chars: 0, max_chars: 200, multiline: false };

/// A member to be invited to a convening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationTo {
    /// To which convening.
    pub convening: ConveningId,
    /// Whom.
    pub member: MemberId,
    /// `attendee` (unless said), `presenter`, `facilitator`, `observer` or `staff`.
    #[serde(default)]
    pub role: Option<String>,
}

/// Where a member's attendance stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAttendance {
    /// At which convening: one without sessions.
    pub convening: ConveningId,
    /// Whose.
    pub member: MemberId,
    /// `attended` (unless said), `excused`, `no_show`, `registered`, `waitlisted`, `invited` or `cancelled`.
    #[serde(default)]
    pub status: Option<String>,
    /// `attendee` (unless said), `presenter`, `facilitator`, `observer` or `staff`.
    #[serde(default)]
    pub role: Option<String>,
    /// How long they were there, in minutes: from 0 to what was scheduled.
    #[serde(default)]
    pub minutes: Option<i64>,
    /// When they came.
    #[serde(default)]
    pub check_in: Option<DateTime<Utc>>,
    /// When they went.
    #[serde(default)]
    pub check_out: Option<DateTime<Utc>>,
    /// Where this is known from, at most 200 characters.
    #[serde(default)]
    pub source: Option<String>,
}

impl NewAttendance {
    /// A member who attended.
    pub fn new(convening: ConveningId, member: MemberId) -> Self {
        Self {
            convening,
            member,
            status: None,
            role: None,
            minutes: None,
            check_in: None,
            check_out: None,
            source: None,
        }
    }

    /// How long they were there.
    #[must_use]
    pub fn with_minutes(mut self, minutes: i64) -> Self {
        self.minutes = Some(minutes);
        self
    }

    /// Where it stands.
    #[must_use]
    pub fn with_status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// As what.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }
}

/// Several attendances, recorded together: all or nothing, with every problem of every row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceList {
    /// The attendances, 1 to 100,000.
    pub attendances: Vec<NewAttendance>,
}

pub(super) fn invite(decision: &mut Decision<'_>, input: &InvitationTo) -> Result<Attendance> {
    let convening = decision.editable::<Convening>(input.convening)?;
    let member = decision.person(input.member)?;
    let mut check = Check::default();
    let role: Option<AttendanceRole> = check.optional("role", input.role.as_ref());
    check.input()?;
    let mut check = Check::default();
    require_live(&mut check, "member", Some(&member));
    require_to_come(&mut check, decision, &convening)?;
    check.state()?;
    let found = Found::of(decision, convening.id, &records_of(decision, &member)?)?;
    let Some(before) = found.live else {
        let status = AttendanceStatus::Invited;
        let blank = blank(decision, convening.id, member.id, role.unwrap_or(AttendanceRole::Attendee), status);
        return decision.create_over(found.gone, blank);
    };
    let status = match before.status {
        AttendanceStatus::Cancelled => AttendanceStatus::Invited,
        further => further,
    };
    let after = Attendance { status, role: role.unwrap_or(before.role), ..before.clone() };
    Ok(decision.change(before, after))
}

pub(super) fn register(decision: &mut Decision<'_>, input: &ConveningRef) -> Result<Attendance> {
    let convening = decision.subject::<Convening>(input.convening)?;
    let member = decision.person(decision.acting_member()?)?;
    let mut check = Check::default();
    require_live(&mut check, "member", Some(&member));
    let announced = convening.state != ConveningState::Draft;
    check.require(announced, "convening", "convening.not_scheduled", "it has not been announced");
    require_to_come(&mut check, decision, &convening)?;
    let found = Found::of(decision, convening.id, &records_of(decision, &member)?)?;
    if let Some(before) = &found.live {
        require_open(&mut check, before);
    }
    check.state()?;
    let has_place = |status| matches!(status, AttendanceStatus::Registered | AttendanceStatus::Waitlisted);
    if let Some(before) = found.live.as_ref().filter(|before| has_place(before.status)) {
        return Ok(before.clone());
    }
    let status = seats::seat_or_wait(decision, &convening)?;
    let attendance = match found.live {
        Some(before) => {
            let after = Attendance { status, ..before.clone() };
            decision.change(before, after)
        }
        None => {
            let blank = blank(decision, convening.id, member.id, AttendanceRole::Attendee, status);
            decision.create_over(found.gone, blank)?
        }
    };
    seats::settle(decision, &convening, convening.ends_at)?;
    Ok(attendance)
}

pub(super) fn cancel(decision: &mut Decision<'_>, input: &AttendanceRef) -> Result<Attendance> {
    let before = decision.subject::<Attendance>(input.attendance)?;
    let convening = convening_of(decision, &before)?;
    let parent = convening.clone().into();
    decision.permit(may_edit(decision.context.viewer, &before.clone().into(), Some(&parent)))?;
    if before.status == AttendanceStatus::Cancelled {
        return Ok(before);
    }
    let mut check = Check::default();
    require_open(&mut check, &before);
    require_not_over(&mut check, decision, &convening);
    check.state()?;
    let after = Attendance { status: AttendanceStatus::Cancelled, ..before.clone() };
    let after = decision.change(before, after);
    seats::settle(decision, &convening, convening.ends_at)?;
    Ok(after)
}

pub(super) fn record(decision: &mut Decision<'_>, input: &NewAttendance) -> Result<Attendance> {
    let convening = decision.editable::<Convening>(input.convening)?;
    let member = decision.person(input.member)?;
    let occasion = Occasion { has_sessions: has_sessions(decision, &convening)?, convening };
    let found = Found::of(decision, occasion.convening.id, &records_of(decision, &member)?)?;
    let mut check = Check::default();
    let after = read(&mut check, decision, &occasion.convening, member.id, input, found.live.as_ref());
    check.input()?;
    let mut check = Check::default();
    occasion.require_ready(&mut check, decision, after.status);
    check.state()?;
    let attendance = match found.live {
        Some(before) => decision.change(before, after),
        None => decision.create_over(found.gone, after)?,
    };
    seats::settle(decision, &occasion.convening, occasion.convening.starts_at)?;
    Ok(attendance)
}

pub(super) fn record_all(decision: &mut Decision<'_>, input: &AttendanceList) -> Result<Convening> {
    let mut wrong = Check::default();
    wrong.length("attendances", input.attendances.len(), 1, MAX_LIST);
    wrong.input()?;
    let occasions = occasions(decision, &input.attendances)?;
    let (mut wrong, mut unready) = (Check::default(), Check::default());
    let known = Known::of(decision, &input.attendances)?;
    let mut named: HashSet<AttendanceId> = HashSet::with_capacity(input.attendances.len());
    for (index, raw) in input.attendances.iter().enumerate() {
        let (mut row, mut state) = (Check::default(), Check::default());
        let occasion = occasions.get(&raw.convening).and_then(Option::as_ref);
        let records = known.records_of(raw.member);
        row.require(occasion.is_some(), "convening", "record.not_found", "there is no such convening");
        row.require(records.is_some(), "member", "record.not_found", "there is no such member");
        if let (Some(occasion), Some(records)) = (occasion, records) {
            let found = known.attendance(decision, occasion.convening.id, &records)?;
            let after = read(&mut row, decision, &occasion.convening, records[0], raw, found.live.as_ref());
            row.require(named.insert(after.id), "member", "attendance.twice", "the list names the person twice");
            occasion.require_ready(&mut state, decision, after.status);
            if row.is_fine() && state.is_fine() {
                match found.live {
                    Some(before) => drop(decision.change(before, after)),
                    None => drop(decision.create_over(found.gone, after)?),
                }
            }
        }
        wrong.item("attendances", index, row);
        unready.item("attendances", index, state);
    }
    wrong.input()?;
    unready.state()?;
    for occasion in occasions.values().flatten().filter(|occasion| occasion.convening.capacity.is_some()) {
        seats::settle(decision, &occasion.convening, occasion.convening.starts_at)?;
    }
    let subject = input.attendances.first().and_then(|row| occasions.get(&row.convening).cloned().flatten());
    subject
        .map(|occasion| occasion.convening)
        .ok_or_else(|| Error::Internal("every row has a convening by now".to_owned()))
}

/// A convening with what its attendances depend on.
#[derive(Clone)]
struct Occasion {
    convening: Convening,
    has_sessions: bool,
}

impl Occasion {
    /// Who was there is known from its beginning on, and who will be before; nobody is at what is cancelled.
    fn require_ready(&self, check: &mut Check, decision: &Decision<'_>, status: AttendanceStatus) {
        require_leaf(check, self.has_sessions);
        if status != AttendanceStatus::Cancelled {
            require_not(check, &self.convening, ConveningState::Cancelled);
        }
        if is_final(status) {
            require_under_way(check, decision, &self.convening);
        }
    }
}

/// The convenings of a list, each looked up once; none where there is no such convening.
fn occasions(decision: &Decision<'_>, rows: &[NewAttendance]) -> Result<BTreeMap<ConveningId, Option<Occasion>>> {
    let mut occasions = BTreeMap::new();
    for row in rows {
        let btree_map::Entry::Vacant(unknown) = occasions.entry(row.convening) else { continue };
        let occasion = match decision.visible::<Convening>(row.convening)? {
            Some(convening) => {
                permit_organiser(decision, &convening)?;
                Some(Occasion { has_sessions: has_sessions(decision, &convening)?, convening })
            }
            None => None,
        };
        unknown.insert(occasion);
    }
    Ok(occasions)
}

/// From so many rows of one convening on its attendances are read together instead of one by one.
const MANY: usize = 16;

/// What rows of a list name, looked up for many of them at once.
struct Known {
    /// The person behind each member that the actor sees.
    roots: HashMap<MemberId, MemberId>,
    /// The other records of persons who have several.
    others: HashMap<MemberId, Vec<MemberId>>,
    /// All attendances of the convenings with many rows.
    attendances: HashMap<ConveningId, HashMap<AttendanceId, Kept>>,
}

impl Known {
    fn of(decision: &Decision<'_>, rows: &[NewAttendance]) -> Result<Self> {
        let mut members: Vec<MemberId> = rows.iter().map(|row| row.member).collect();
        members.sort_unstable();
        members.dedup();
        let mut known = Self { roots: HashMap::new(), others: HashMap::new(), attendances: HashMap::new() };
        let shared = audience_of_kind(RecordKind::Member).unwrap_or_default();
        let all = decision.by_host() || decision.context.viewer.may_read(&shared);
        members.retain(|&member| all || decision.acts_as(member));
        known.roots = decision.reads().roots(&members)?;
        for id in decision.reads().find(RecordKind::Member, MERGED)? {
            if let Some(root) = decision.reads().one::<Member>(id.into())?.and_then(|member| member.merged_into) {
                known.others.entry(root).or_default().push(id.into());
            }
        }
        let mut counts: BTreeMap<ConveningId, usize> = BTreeMap::new();
        rows.iter().for_each(|row| *counts.entry(row.convening).or_default() += 1);
        for (convening, _) in counts.into_iter().filter(|(_, rows)| *rows >= MANY) {
            let kept = decision.reads().kept_with(RecordKind::Attendance, "convening", convening.uuid())?;
            let by_id = kept.into_iter().map(|kept| (AttendanceId::new(kept.record.header().id), kept)).collect();
            known.attendances.insert(convening, by_id);
        }
        Ok(known)
    }

    /// All records of the person, the one that stands for all of them first; none where the actor sees no such member.
    fn records_of(&self, member: MemberId) -> Option<Vec<MemberId>> {
        let root = *self.roots.get(&member)?;
        let others = self.others.get(&root).into_iter().flatten();
        Some([root].into_iter().chain(others.copied()).collect())
    }

    /// What there is of a person's attendance.
    fn attendance(&self, decision: &Decision<'_>, convening: ConveningId, records: &[MemberId]) -> Result<Found> {
        match self.attendances.get(&convening) {
            Some(all) => Found::among(convening, records, |id| Ok(all.get(&id).cloned())),
            None => Found::of(decision, convening, records),
        }
    }
}

/// All records of a person, the one that stands for all of them first.
pub(super) fn records_of(decision: &Decision<'_>, member: &Member) -> Result<Vec<MemberId>> {
    let all: BTreeSet<MemberId> = decision.reads().people(member.id)?;
    Ok([member.id].into_iter().chain(all.into_iter().filter(|&id| id != member.id)).collect())
}

/// What there is of a person's attendance, under whichever of their records.
pub(super) struct Found {
    /// The attendance.
    pub live: Option<Attendance>,
    /// What was there once under the id of a new one.
    pub gone: Option<Kept>,
}

impl Found {
    /// Looks for it under `records`, the one that stands for all of them first.
    pub fn of(decision: &Decision<'_>, convening: ConveningId, records: &[MemberId]) -> Result<Self> {
        Self::among(convening, records, |id| decision.reads().kept(RecordKind::Attendance, id.uuid()))
    }

    fn among(
        convening: ConveningId,
        records: &[MemberId],
        look: impl Fn(AttendanceId) -> Result<Option<Kept>>,
    ) -> Result<Self> {
        let mut gone = None;
        for (index, &member) in records.iter().enumerate() {
            let id = Attendance::id_of(convening, member);
            match look(id)? {
                Some(kept) if !kept.deleted => return Ok(Self { live: Attendance::from_any(kept.record), gone: None }),
                kept if index == 0 => gone = kept,
                _ => {}
            }
        }
        Ok(Self { live: None, gone })
    }
}

/// What the input says of an attendance, over what is known of it.
fn read(
    check: &mut Check,
    decision: &Decision<'_>,
    convening: &Convening,
    member: MemberId,
    input: &NewAttendance,
    before: Option<&Attendance>,
) -> Attendance {
    let status = check.optional("status", input.status.as_ref()).unwrap_or(AttendanceStatus::Attended);
    let role = check.optional("role", input.role.as_ref());
    let mut after = match before {
        Some(before) => before.clone(),
        None => blank(decision, convening.id, member, AttendanceRole::Attendee, status),
    };
    after.status = status;
    after.role = role.unwrap_or(after.role);
    if let Some(source) = &input.source {
        after.source = check.text("source", source, SOURCE);
    }
    let there = status == AttendanceStatus::Attended;
    for (field, given) in [
        ("minutes", input.minutes.is_some()),
        ("check_in", input.check_in.is_some()),
        ("check_out", input.check_out.is_some()),
    ] {
        check.require(there || !given, field, "attendance.not_attended", "only who attended was there for a time");
    }
    check_minutes(check, convening, input.minutes);
    check.date("check_in", input.check_in.map(|at| at.date_naive()));
    check.date("check_out", input.check_out.map(|at| at.date_naive()));
    if there {
        after.minutes = input.minutes.or(after.minutes);
        after.check_in = input.check_in.or(after.check_in);
        after.check_out = input.check_out.or(after.check_out);
    } else {
        (after.minutes, after.check_in, after.check_out) = (None, None, None);
    }
    let ordered = after.check_in.zip(after.check_out).is_none_or(|(from, until)| from <= until);
    check.require(ordered, "check_out", "attendance.order", "nobody goes before they come");
    after
}

/// From 0 to what was scheduled.
pub(super) fn check_minutes(check: &mut Check, convening: &Convening, minutes: Option<i64>) {
    let scheduled = convening.scheduled_minutes();
    if minutes.is_some_and(|minutes| !(0..=scheduled).contains(&minutes)) {
        let detail = format!("from 0 to the {scheduled} that were scheduled");
        check.require(false, "minutes", "attendance.minutes", &detail);
    }
}

/// A member's attendance of which no more is known.
pub(super) fn blank(
    decision: &Decision<'_>,
    convening: ConveningId,
    member: MemberId,
    role: AttendanceRole,
    status: AttendanceStatus,
) -> Attendance {
    new_record!(
        decision,
        Attendance {
            id: Attendance::id_of(convening, member),
            convening,
            member: Some(member),
            walk_in: None,
            role,
            status,
            check_in: None,
            check_out: None,
            minutes: None,
            source: String::new(),
        }
    )
}

/// The convening, which who sees the attendance need not see.
pub(super) fn convening_of(decision: &Decision<'_>, attendance: &Attendance) -> Result<Convening> {
    let missing = || Error::NotFound { kind: "convening", id: attendance.convening.to_string() };
    decision.reads().one::<Convening>(attendance.convening)?.ok_or_else(missing)
}

/// Whether it says who was there and who was not.
fn is_final(status: AttendanceStatus) -> bool {
    matches!(status, AttendanceStatus::Attended | AttendanceStatus::Excused | AttendanceStatus::NoShow)
}

fn require_open(check: &mut Check, attendance: &Attendance) {
    let detail = "it is recorded who was there";
    check.require(!is_final(attendance.status), "attendance", "attendance.recorded", detail);
}

pub(super) fn require_leaf(check: &mut Check, has_sessions: bool) {
    let detail = "a convening of sessions is attended session by session";
    check.require(!has_sessions, "convening", "convening.has_sessions", detail);
}

/// One knows who is there.
pub(super) fn require_under_way(check: &mut Check, decision: &Decision<'_>, convening: &Convening) {
    require_begun(check, decision, convening);
    require_announced(check, decision, convening);
}

fn require_not_over(check: &mut Check, decision: &Decision<'_>, convening: &Convening) {
    check.require(decision.context.now < convening.ends_at, "convening", "convening.over", "it has ended");
}

/// One can still come.
fn require_to_come(check: &mut Check, decision: &Decision<'_>, convening: &Convening) -> Result<()> {
    require_leaf(check, has_sessions(decision, convening)?);
    require_not(check, convening, ConveningState::Cancelled);
    require_not(check, convening, ConveningState::Held);
    require_not_over(check, decision, convening);
    Ok(())
}
