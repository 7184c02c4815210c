//! A community that is lived through at random, and another that holds only what somebody may see of it.

use std::collections::HashMap;

use chrono::Days;
use cop_core::search::{Document, ScanIndex, SearchIndex};
use cop_core::{
    Alignment, AnyRecord, Cancellation, Clock, ConsentOf, Convening, ConveningEdit, Cycle, CycleEdit, EmbargoOf,
    ErrorKind, Goal, GoalEdit, GrantOf, NewAlignment, NewConvening, NewCycle, NewGoal, NewPrediction, NewResource,
    NewStory, RecordKind, RecordRef, Resource, Result, SealOf, SearchQuery, Session, Story, TeamRolesOf, Transaction,
    VisibilityOf,
};
use cop_search::EduAnalyzer;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::content::{Content, content, query};
use crate::world::World;

#[derive(Clone, Debug)]
pub enum Step {
    /// Owner (the host from 6 on), team (none from 2 on), audience, and whether it is published, announced or
    /// consented to at once.
    Add {
        kind: RecordKind,
        content: Content,
        owner: usize,
        team: usize,
        audience: usize,
        published: bool,
    },
    Revise {
        which: usize,
        content: Content,
    },
    /// Publishes or announces it.
    Publish(usize),
    /// Retires it, cancels it, or takes the consent back.
    Retire(usize),
    Show {
        which: usize,
        audience: usize,
    },
    Grant {
        which: usize,
        grantee: usize,
        take_back: bool,
    },
    Seal(usize, bool),
    /// Keeps it back until tomorrow, or until today: no longer.
    Embargo(usize, bool),
    Delete(usize),
    Lead(usize, bool),
    EndMembership(usize),
    /// Commits what the index keeps in memory.
    CatchUp,
    Ask {
        viewer: usize,
        /// Some of them for what a member made, or for what is like a record.
        queries: Vec<(SearchQuery, Option<usize>, Option<usize>)>,
        /// Half a word.
        begun: &'static str,
    },
}

pub fn step() -> impl Strategy<Value = Step> {
    let which = 0..25usize;
    use RecordKind as K;
    let kinds = [K::Resource, K::Resource, K::Resource, K::Story, K::Goal, K::Cycle, K::Convening];
    let owner = select(vec![0usize, 1, 2, 3, 4, 5, 6, 6, 6, 7]);
    let made = (select(kinds.to_vec()), content(), owner, 0..4usize, 0..8usize, any::<bool>());
    prop_oneof![
        8 => made.prop_map(|(kind, content, owner, team, audience, published)| {
            Step::Add { kind, content, owner, team, audience, published }
        }),
        3 => (which.clone(), content()).prop_map(|(which, content)| Step::Revise { which, content }),
        2 => which.clone().prop_map(Step::Publish),
        1 => which.clone().prop_map(Step::Retire),
        3 => (which.clone(), 0..8usize).prop_map(|(which, audience)| Step::Show { which, audience }),
        2 => (which.clone(), 0..9usize, prop::bool::weighted(0.3))
            .prop_map(|(which, grantee, take_back)| Step::Grant { which, grantee, take_back }),
        2 => (which.clone(), any::<bool>()).prop_map(|(which, sealed)| Step::Seal(which, sealed)),
        2 => (which.clone(), any::<bool>()).prop_map(|(which, until)| Step::Embargo(which, until)),
        2 => which.prop_map(Step::Delete),
        1 => (0..4usize, any::<bool>()).prop_map(|(which, lead)| Step::Lead(which, lead)),
        1 => (0..4usize).prop_map(Step::EndMembership),
        2 => Just(Step::CatchUp),
        6 => (0..8usize, vec((query(), option::weighted(0.06, 0..6usize), option::weighted(0.15, 0..20usize)), 10..14),
            select(&["fr", "FRAC", "a li", "nú", "ar", "5.n", "ra", "th", "x", "5.NF.B.3"][..]))
            .prop_map(|(viewer, queries, begun)| Step::Ask { viewer, queries, begun }),
    ]
}

/// A community that is lived through.
pub struct Life {
    pub world: World,
    records: Vec<RecordRef>,
    added: usize,
}

impl Life {
    pub fn new(index: impl SearchIndex + 'static) -> Self {
        Self { world: World::in_memory(index), records: Vec::new(), added: 0 }
    }

    /// The session of a member, of the host, or of a guest.
    pub fn session(&self, who: usize) -> Session {
        match (self.world.members.get(who), who % 2) {
            (Some(&member), _) => self.world.cop.as_member(member).expect("a member"),
            (None, 0) => self.world.cop.steward(),
            _ => self.world.cop.as_guest(),
        }
    }

    fn audience(&self, which: usize) -> String {
        match which {
            0 | 1 => "public".to_owned(),
            2 => "community".to_owned(),
            3 => "private".to_owned(),
            4 | 5 => format!("team:{}", self.world.teams[which - 4]),
            _ => format!("organization:{}", self.world.organizations[which - 6]),
        }
    }

    fn grantee(&self, which: usize) -> String {
        match which {
            0..4 => format!("member:{}", self.world.members[which + 1]),
            4 | 5 => format!("team:{}", self.world.teams[which - 4]),
            _ => format!("organization:{}", self.world.organizations[which - 6]),
        }
    }

    /// Changes a record, as whoever may do it first: its owner, somebody else, or the host.
    fn change(&self, which: usize, op: impl Fn(&Session, RecordRef) -> Result<()>) -> Result<()> {
        let Some(&record) = self.records.get(which) else { return Ok(()) };
        let mut done = Ok(());
        for who in (0..self.world.members.len()).chain([6]) {
            done = op(&self.session(who), record);
            if done.is_ok() {
                break;
            }
        }
        done
    }

    fn add(&mut self, step: &Step) -> Result<()> {
        let Step::Add { kind, content, owner, team, audience, published } = step else { return Ok(()) };
        self.added += 1;
        // So that records differ in their age, and some days have several.
        self.world.clock.pass(3);
        let (me, team, audience) =
            (self.session(*owner), self.world.teams.get(*team).copied(), self.audience(*audience));
        let record: RecordRef = match kind {
            RecordKind::Story => {
                let id = me.tell_story(content.new_story(team))?.id;
                if *published {
                    // The host has nothing to consent to; that is refused.
                    let _ = me.grant_consent(ConsentOf { story: id, scope: audience, attribution: None });
                }
                id.into()
            }
            RecordKind::Goal => me.add_goal(content.new_goal(team, audience))?.id.into(),
            RecordKind::Cycle => {
                let team = team.unwrap_or(self.world.teams[0]);
                me.start_cycle(content.new_cycle(team, audience))?.id.into()
            }
            RecordKind::Convening => {
                let id = me.plan_convening(content.new_convening(team, audience))?.id;
                if *published {
                    me.schedule_convening(id)?;
                }
                id.into()
            }
            _ => {
                let mut new = content.new_resource(&self.added.to_string());
                (new.team, new.visibility, new.published) = (team, Some(audience), *published);
                me.add_resource(new)?.id.into()
            }
        };
        self.records.push(record);
        Ok(())
    }

    /// Takes a step; that the rules refuse it is a part of life.
    pub fn step(&mut self, step: &Step) {
        let done: Result<()> = match step {
            Step::Add { .. } => self.add(step),
            Step::Revise { which, content } => self.change(*which, |me, record| revise(me, record, content)),
            Step::Publish(which) => self.change(*which, |me, record| match record.kind {
                RecordKind::Resource => me.publish_resource(record.id_of::<Resource>()).map(drop),
                RecordKind::Convening => me.schedule_convening(record.id_of::<Convening>()).map(drop),
                _ => Ok(()),
            }),
            Step::Retire(which) => self.change(*which, |me, record| match record.kind {
                RecordKind::Resource => me.retire_resource(record.id_of::<Resource>()).map(drop),
                RecordKind::Story => me.withdraw_consent(record.id_of::<Story>()).map(drop),
                RecordKind::Convening => {
                    let convening = record.id_of::<Convening>();
                    me.cancel_convening(Cancellation { convening, reason: "Rain".to_owned() }).map(drop)
                }
                _ => Ok(()),
            }),
            Step::Show { which, audience } => {
                let audience = self.audience(*audience);
                self.change(*which, |me, record| show(me, record, audience.clone()))
            }
            Step::Grant { which, grantee, take_back } => {
                let grantee = self.grantee(*grantee);
                self.change(*which, |me, record| {
                    let resource = record.id_of::<Resource>();
                    let grant = GrantOf { resource, grantee: grantee.clone() };
                    match (record.kind, take_back) {
                        (RecordKind::Resource, true) => me.revoke_access(grant).map(drop),
                        (RecordKind::Resource, false) => me.grant_access(grant).map(drop),
                        _ => Ok(()),
                    }
                })
            }
            Step::Seal(which, sealed) => self.change(*which, |me, record| match record.kind {
                RecordKind::Resource => {
                    let resource = record.id_of::<Resource>();
                    me.seal_resource(SealOf { resource, sealed: *sealed }).map(drop)
                }
                _ => Ok(()),
            }),
            Step::Embargo(which, tomorrow) => self.change(*which, |me, record| match record.kind {
                RecordKind::Resource => {
                    let until = Some(self.world.today + Days::new(u64::from(*tomorrow)));
                    me.set_embargo(EmbargoOf { resource: record.id_of::<Resource>(), until }).map(drop)
                }
                _ => Ok(()),
            }),
            Step::Delete(which) => self.change(*which, |me, record| match record.kind {
                RecordKind::Resource => me.delete_resource(record.id_of::<Resource>()).map(drop),
                _ => Ok(()),
            }),
            Step::Lead(which, lead) => {
                let roles = vec![if *lead { "lead" } else { "member" }.to_owned()];
                let membership = self.world.memberships[*which];
                self.session(6).set_team_roles(TeamRolesOf { membership, roles }).map(drop)
            }
            Step::EndMembership(which) => self.session(6).end_membership(self.world.memberships[*which]).map(drop),
            Step::CatchUp => self.world.cop.catch_up().map(drop),
            Step::Ask { .. } => Ok(()),
        };
        if let Err(error) = done {
            let refused =
                [ErrorKind::NotPermitted, ErrorKind::Precondition, ErrorKind::NotFound, ErrorKind::InvalidInput];
            assert!(refused.contains(&error.kind()), "{step:?}: {error:?}");
        }
    }

    /// The record with this number.
    pub fn record(&self, which: usize) -> Option<RecordRef> {
        self.records.get(which).copied()
    }

    /// A community that holds only what `viewer` may see, in the order it was made, to be asked by its host; and
    /// what its records are called here.
    pub fn stripped(&self, viewer: &Session) -> (World, HashMap<RecordRef, RecordRef>) {
        let visible = self.records.iter().filter_map(|record| viewer.record(*record).ok());
        // A story whose teller has withdrawn the consent is in no index.
        let searched: Vec<AnyRecord> = visible.filter(|record| Document::of(record.clone()).is_some()).collect();
        let world = World::in_memory(ScanIndex::new(EduAnalyzer::new()));
        let mut names = HashMap::new();
        for record in searched {
            let name = record.reference();
            // What is written together is made at one time.
            world.clock.set(record.header().created_at);
            let same = world.cop.steward().transaction(|tx| again(tx, record)).expect("the same record");
            names.insert(same, name);
        }
        world.clock.set(self.world.clock.now());
        (world, names)
    }
}

/// The typed id of a record's name.
trait IdOf {
    fn id_of<R: cop_core::Record>(&self) -> R::Id;
}

impl IdOf for RecordRef {
    fn id_of<R: cop_core::Record>(&self) -> R::Id {
        self.id.into()
    }
}

fn revise(me: &Session, record: RecordRef, content: &Content) -> Result<()> {
    match record.kind {
        RecordKind::Story => me.revise_story(content.edit_story(record.id.into())).map(drop),
        RecordKind::Goal => me.revise_goal(content.edit_goal(record.id.into())).map(drop),
        RecordKind::Cycle => {
            let (question, predicted) = (content.title.join(" "), content.body.join(" "));
            if predicted.is_empty() {
                return me.revise_cycle(content.edit_cycle(record.id.into())).map(drop);
            }
            me.predict(NewPrediction { cycle: record.id.into(), question, predicted }).map(drop)
        }
        RecordKind::Convening => me.revise_convening(content.edit_convening(record.id.into())).map(drop),
        _ => me.revise_resource(content.edit(record.id.into())).map(drop),
    }
}

fn show(me: &Session, record: RecordRef, audience: String) -> Result<()> {
    let visibility = Some(audience.clone());
    match record.kind {
        RecordKind::Story => {
            let story = record.id_of::<Story>();
            me.grant_consent(ConsentOf { story, scope: audience, attribution: None }).map(drop)
        }
        RecordKind::Goal => me.revise_goal(GoalEdit { visibility, ..GoalEdit::new(record.id.into()) }).map(drop),
        RecordKind::Cycle => me.revise_cycle(CycleEdit { visibility, ..CycleEdit::new(record.id.into()) }).map(drop),
        RecordKind::Convening => {
            me.revise_convening(ConveningEdit { visibility, ..ConveningEdit::new(record.id.into()) }).map(drop)
        }
        _ => me.set_visibility(VisibilityOf { resource: record.id.into(), visibility: audience }).map(drop),
    }
}

/// Makes what is searched of a record once more, as the host; whatever its state is, the host finds it.
fn again(tx: &Transaction<'_>, record: AnyRecord) -> Result<RecordRef> {
    Ok(match record {
        AnyRecord::Resource(resource) => tx.add_resource(resource_again(&resource))?.id.into(),
        AnyRecord::Story(story) => tx.tell_story(story_again(story))?.id.into(),
        AnyRecord::Goal(goal) => tx.add_goal(goal_again(goal))?.id.into(),
        AnyRecord::Cycle(cycle) => {
            let predictions = cycle.predictions.clone();
            let id = tx.start_cycle(cycle_again(cycle))?.id;
            for prediction in predictions {
                let (question, predicted) = (prediction.question, prediction.predicted);
                tx.predict(NewPrediction { cycle: id, question, predicted })?;
            }
            id.into()
        }
        AnyRecord::Convening(convening) => tx.plan_convening(convening_again(convening))?.id.into(),
        other => panic!("a {} is not searched", other.kind()),
    })
}

fn resource_again(resource: &Resource) -> NewResource {
    let new = |alignment: &Alignment| NewAlignment {
        code: alignment.code.clone(),
        standard: None,
        kind: Some(alignment.kind.to_string()),
    };
    NewResource {
        kind: resource.kind.to_string(),
        title: resource.title.clone(),
        description: resource.description.clone(),
        body: resource.body.clone(),
        language: Some(resource.language.to_string()),
        grades: resource.grades.iter().map(ToString::to_string).collect(),
        subjects: resource.subjects.iter().cloned().collect(),
        alignments: resource.alignments.iter().map(new).collect(),
        tags: resource.tags.iter().cloned().collect(),
        licence: resource.licence.as_ref().map(ToString::to_string),
        school_year: resource.school_year.map(|year| year.to_string()),
        team: resource.team,
        external_ids: resource.external_ids.iter().cloned().collect(),
        ..NewResource::default()
    }
}

fn story_again(story: Story) -> NewStory {
    NewStory {
        kind: story.kind.to_string(),
        title: story.title,
        body: story.body,
        language: Some(story.language.to_string()),
        team: story.team,
        ..NewStory::default()
    }
}

fn goal_again(goal: Goal) -> NewGoal {
    NewGoal {
        kind: goal.kind.to_string(),
        title: goal.title,
        body: goal.body,
        team: goal.team,
        school_year: goal.school_year.map(|year| year.to_string()),
        ..NewGoal::default()
    }
}

fn cycle_again(cycle: Cycle) -> NewCycle {
    NewCycle {
        question: cycle.question,
        lenses: cycle.lenses.into_iter().collect(),
        school_year: cycle.school_year.map(|year| year.to_string()),
        ..NewCycle::new(cycle.team, cycle.kind.to_string(), cycle.title)
    }
}

fn convening_again(convening: Convening) -> NewConvening {
    let (starts, ends) = (convening.starts, convening.ends);
    NewConvening {
        body: convening.body,
        teams: convening.teams.into_iter().collect(),
        topics: convening.topics.into_iter().collect(),
        ..NewConvening::new(convening.kind.to_string(), convening.title, starts, ends, "UTC")
    }
}
