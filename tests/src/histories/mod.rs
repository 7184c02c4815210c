//! Random people doing random things: mostly sensible, often refused, the same for the same seed.
//!
//! Every operation of [`Op::NAMES`] has a random step here; a new one fails the histories until it has.

mod actors;
mod dice;
mod filters;
mod gatherings;
mod inquiry;
mod library;
mod openings;
mod people;

use chrono::{DateTime, NaiveDate, Utc};
use cop_core::{MemberId, Op, RecordKind};

use crate::access::Who;
use crate::model::Model;
use crate::random::Random;
use dice::Dice;

pub use openings::OPENINGS;

/// When every history begins.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_600_000_000_000).unwrap_or_default()
}

/// Everybody there is to look: a guest, the host, and all members, under each of their records.
pub fn everybody(model: &Model) -> Vec<Who> {
    let members = model.ids(RecordKind::Member).into_iter().map(|id| Who::Member(MemberId::new(id)));
    [Who::Guest, Who::Host].into_iter().chain(members).collect()
}

/// One random step: who does what. Whoever may do it, does it more often than not.
pub fn step(random: &mut Random, model: &Model, today: NaiveDate) -> (Who, Op) {
    let mut dice = Dice { random, model, today };
    let who = dice.actor();
    let op = dice.op(who);
    let able = if dice.random.one_in(3) { None } else { dice.able(&op) };
    (able.unwrap_or(who), op)
}

/// One random step of somebody.
pub fn step_of(random: &mut Random, model: &Model, today: NaiveDate, who: Who) -> Op {
    Dice { random, model, today }.op(who)
}

/// Filters that find something, and some that find nothing: one or two of every kind.
pub fn filters(random: &mut Random, model: &Model, today: NaiveDate) -> Vec<cop_core::ListFilter> {
    filters::filters(&mut Dice { random, model, today })
}

/// How often an operation is tried, among the others.
fn weight(op: &str) -> usize {
    match op {
        "add_resource" => 14,
        "revise_resource" | "publish_resource" | "set_visibility" | "plan_convening" | "advance_cycle" => 5,
        "grant_access" | "add_entry" | "record_observation" | "record_attendance" | "tell_story" => 4,
        "grant_consent" | "schedule_convening" | "start_cycle" | "predict" | "add_goal" | "undo" | "seal_resource" => 4,
        "request_participation" | "request_to_join" | "submit_resource" | "pause_member" | "register" => 3,
        "found_community" | "erase_member" | "archive_team" | "end_member" | "set_policies" => 1,
        _ => 2,
    }
}

impl Dice<'_> {
    fn op(&mut self, who: Who) -> Op {
        let total = Op::NAMES.iter().map(|name| weight(name)).sum();
        let mut at = self.random.below(total);
        let name = Op::NAMES.iter().find(|name| {
            let found = at < weight(name);
            at = at.saturating_sub(weight(name));
            found
        });
        let name = name.copied().unwrap_or_default();
        let made = self.of_people(name, who).or_else(|| self.of_library(name, who));
        let made = made.or_else(|| self.of_inquiry(name, who)).or_else(|| self.of_gatherings(name, who));
        made.unwrap_or_else(|| panic!("{name} has no random step"))
    }
}
