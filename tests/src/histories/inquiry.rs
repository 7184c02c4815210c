//! Random steps with goals, cycles of inquiry, measures and their observations.

use chrono::{Days, NaiveDate};
use cop_core::{
    AimStatement, Correction, Cycle, CycleEdit, CycleKind, CycleRef, DecisionOf, Entry, ExclusionOf, Goal, GoalClosing,
    GoalEdit, GoalKind, GoalLink, GoalStatus, Measure, MeasureEdit, MeasureId, NewCycle, NewGoal, NewMeasure,
    NewMeasurePhase, NewObservation, NewPrediction, Observation, ObservationList, Op, Period, ResultOf, StepBack,
    StudentGroup, TeamId, Unit,
};
use uuid::Uuid;

use super::dice::Dice;
use crate::access::Who;

impl Dice<'_> {
    pub(super) fn of_inquiry(&mut self, name: &str, who: Who) -> Option<Op> {
        Some(match name {
            "add_goal" => Op::AddGoal(self.new_goal(who)),
            "revise_goal" => {
                let mut edit = GoalEdit::new(self.id::<Goal>());
                edit.title = self.maybe(Self::title);
                edit.body = self.maybe(Self::title);
                edit.school_year = self.rarely(Self::school_year);
                edit.measures = self.rarely(|d| vec![d.id::<Measure>()]);
                edit.visibility = self.rarely(Self::visibility);
                Op::ReviseGoal(edit)
            }
            "link_goal" => {
                let below = self.some::<Goal>(|goal| goal.kind != GoalKind::Goal && goal.status == GoalStatus::Open);
                let parent = match &below {
                    Some(below) => self.fitting::<Goal>(|goal| below.kind.parents().contains(&goal.kind)),
                    None => self.id::<Goal>(),
                };
                Op::LinkGoal(GoalLink { goal: below.map_or_else(|| self.id::<Goal>(), |goal| goal.id), parent })
            }
            "unlink_goal" => {
                let below = self.some::<Goal>(|goal| !goal.parents.is_empty());
                let parent = below.as_ref().and_then(|goal| goal.parents.first().copied());
                Op::UnlinkGoal(GoalLink {
                    goal: below.map_or_else(|| self.id::<Goal>(), |goal| goal.id),
                    parent: parent.filter(|_| !self.random.one_in(4)).unwrap_or_else(|| self.id::<Goal>()),
                })
            }
            "close_goal" => Op::CloseGoal(GoalClosing {
                goal: self.id::<Goal>(),
                status: self.word(&["met", "dropped", "superseded"], "open"),
                superseded_by: self.maybe(|d| d.id::<Goal>()),
            }),
            "start_cycle" => Op::StartCycle(self.new_cycle(who)),
            "revise_cycle" => {
                let mut edit = CycleEdit::new(self.open_cycle());
                edit.title = self.maybe(Self::title);
                edit.question = self.maybe(Self::title);
                edit.lenses = self.rarely(Self::words);
                edit.starts_on = self.maybe(Self::date);
                edit.tests = self.maybe(|d| vec![d.change_idea()]);
                edit.lead = self.rarely(Self::member);
                edit.participants = self.rarely(|d| vec![d.member()]);
                edit.visibility = self.rarely(Self::visibility);
                Op::ReviseCycle(edit)
            }
            "predict" => {
                Op::Predict(NewPrediction { cycle: self.open_cycle(), question: self.title(), predicted: self.title() })
            }
            "record_result" => {
                let tried = |cycle: &Cycle| !cycle.is_closed() && !cycle.steps.is_empty();
                let asked = |cycle: &Cycle| cycle.predictions.iter().any(|prediction| prediction.result.is_none());
                let open = |cycle: &Cycle| tried(cycle) && asked(cycle);
                let found = self.some(open);
                let first = found.as_ref().and_then(|cycle| cycle.predictions.iter().find(|p| p.result.is_none()));
                let prediction = first.map_or(Uuid::nil(), |prediction| prediction.id);
                let cycle = found.as_ref().map_or_else(|| self.id::<Cycle>(), |cycle| cycle.id);
                let outcome = self.word(&["confirmed", "refuted", "unclear"], "maybe");
                Op::RecordResult(ResultOf { cycle, prediction, outcome, learning: self.title() })
            }
            "advance_cycle" => {
                let model = self.model;
                let noted = |cycle: &Cycle| {
                    let of = |e: &Entry| e.subject == cycle.id.uuid() && e.phase.as_ref() == Some(&cycle.phase);
                    !model.all::<Entry>(|entry| of(entry) && !entry.private).is_empty()
                };
                Op::AdvanceCycle(CycleRef { cycle: self.fitting::<Cycle>(|cycle| !cycle.is_closed() && noted(cycle)) })
            }
            "step_back_cycle" => {
                let cycle = self.fitting::<Cycle>(|cycle| !cycle.is_closed() && !cycle.steps.is_empty());
                Op::StepBackCycle(StepBack { cycle, reason: self.reason() })
            }
            "decide_cycle" => {
                let kind = self.word(&["adopt", "adapt", "adapt", "inconclusive"], "perhaps");
                let no_successor = if kind == "adapt" { self.maybe(Self::reason) } else { self.rarely(Self::reason) };
                let cycle = self.fitting::<Cycle>(|cycle| cycle.phases.last() == Some(&cycle.phase));
                Op::DecideCycle(DecisionOf { cycle, kind, rationale: self.reason(), no_successor })
            }
            _ => return self.of_measures(name, who),
        })
    }

    fn of_measures(&mut self, name: &str, who: Who) -> Option<Op> {
        Some(match name {
            "define_measure" => Op::DefineMeasure(self.new_measure(who)),
            "revise_measure" => {
                let mut edit = MeasureEdit::new(self.id::<Measure>());
                edit.name = self.maybe(Self::name);
                edit.role = self.maybe(|d| d.word(&["process", "balancing"], "main"));
                edit.target = self.rarely(|d| d.one(&[0.5, f64::NAN]));
                edit.visibility = self.maybe(Self::visibility);
                Op::ReviseMeasure(edit)
            }
            "add_measure_phase" => Op::AddMeasurePhase(NewMeasurePhase {
                measure: self.id::<Measure>(),
                starts_on: self.date(),
                reason: self.reason(),
                freeze_after: self.rarely(Self::date),
                cycle: self.rarely(|d| d.id::<Cycle>()),
            }),
            "exclude_observation" => {
                Op::ExcludeObservation(ExclusionOf { observation: self.id::<Observation>(), reason: self.reason() })
            }
            "record_observation" => {
                let measure = self.id::<Measure>();
                Op::RecordObservation(self.new_observation(measure))
            }
            "record_observations" => {
                let measure = self.id::<Measure>();
                let count = [1, 2, 2, 0][self.random.below(4)];
                let observations = (0..count).map(|_| self.new_observation(measure)).collect();
                Op::RecordObservations(ObservationList { observations })
            }
            "correct_observation" => {
                let found = self.some::<Observation>(|_| true);
                let (id, measure) = match found.filter(|_| !self.random.one_in(12)) {
                    Some(found) => (found.id, found.measure),
                    None => (self.id::<Observation>(), self.id::<Measure>()),
                };
                let new = self.new_observation(measure);
                Op::CorrectObservation(Correction {
                    observation: id,
                    reason: self.reason(),
                    numerator: new.numerator,
                    denominator: new.denominator,
                    value: new.value,
                    missing_reason: new.missing_reason,
                    n: new.n,
                })
            }
            _ => return None,
        })
    }

    fn new_goal(&mut self, who: Who) -> NewGoal {
        let kinds = ["goal", "strategy", "objective", "outcome", "problem", "aim", "driver", "change_idea"];
        let mut new = NewGoal::new(self.word(&kinds, "wish"), self.title());
        new.body = self.maybe(Self::title).unwrap_or_default();
        new.team = self.maybe(|d| d.team_of(who));
        if let Ok(kind) = new.kind.parse::<GoalKind>() {
            let above = self.some::<Goal>(|goal| kind.parents().contains(&goal.kind)).map(|goal| goal.id);
            new.parents.extend(above.filter(|_| !kind.stands_alone() || self.random.one_in(2)));
            new.school_year = (kind == GoalKind::Objective).then(|| self.school_year());
            new.aim = (kind == GoalKind::Aim).then(|| self.aim());
        }
        new.visibility = self.maybe(Self::visibility);
        new
    }

    fn aim(&mut self) -> AimStatement {
        AimStatement {
            what: self.maybe(Self::title),
            how_much: self.maybe(Self::title),
            for_whom: self.maybe(Self::title),
            by_when: self.maybe(Self::date),
        }
    }

    fn change_idea(&mut self) -> cop_core::GoalId {
        self.fitting::<Goal>(|goal| goal.kind == GoalKind::ChangeIdea)
    }

    fn open_cycle(&mut self) -> cop_core::CycleId {
        self.fitting::<Cycle>(|cycle| !cycle.is_closed())
    }

    fn new_cycle(&mut self, who: Who) -> NewCycle {
        let kinds = ["pdsa", "lesson_study", "action_research", "design_thinking", "inquiry", "custom", "custom"];
        let mut new = NewCycle::new(self.team_of(who), self.word(&kinds, "spiral"), self.title());
        if new.kind == "custom" {
            new.phases = self.word(&["try look", "plan do reflect"], "").split(' ').map(str::to_owned).collect();
        }
        new.question = self.maybe(Self::title).unwrap_or_default();
        new.lenses = self.words();
        new.school_year = self.rarely(Self::school_year);
        new.starts_on = self.maybe(Self::date);
        new.ends_on = self.rarely(Self::date);
        new.parent = self.rarely(|d| d.fitting::<Cycle>(|cycle| cycle.kind == CycleKind::Inquiry));
        new.previous = self.rarely(|d| d.id::<Cycle>());
        new.problem = self.rarely(|d| d.fitting::<Goal>(|goal| goal.kind == GoalKind::Problem));
        new.tests = self.maybe(|d| vec![d.change_idea()]).unwrap_or_default();
        new.lead = self.rarely(Self::member);
        new.participants = self.maybe(|d| vec![d.member()]).unwrap_or_default();
        new.visibility = self.maybe(Self::visibility);
        new
    }

    fn new_measure(&mut self, who: Who) -> NewMeasure {
        let units = ["value", "proportion", "rate", "count", "time_between", "count_between"];
        let team: TeamId = self.team_of(who);
        let mut new = NewMeasure::new(team, self.name(), self.reason(), self.word(&units, "furlong"));
        new.role = self.maybe(|d| d.word(&["outcome", "process"], "main"));
        new.visibility = self.maybe(Self::visibility);
        new.student_counts = self.maybe(|d| d.random.one_in(2));
        new
    }

    /// A number of the measure's own unit, more often than not.
    fn new_observation(&mut self, measure: MeasureId) -> NewObservation {
        let unit = self.model.one::<Measure>(measure).map_or(Unit::Value, |measure| measure.unit);
        let first =
            NaiveDate::from_ymd_opt(2020, 8, 3).unwrap_or_default() + Days::new(7 * self.random.below(8) as u64);
        let period = Period { starts_on: first, ends_on: first + Days::new(self.one(&[6, 6, 6, 6, 6, 8])) };
        let mut new = NewObservation::new(measure, period);
        let number = self.random.below(9) as f64;
        match unit {
            _ if self.random.one_in(12) => new.missing_reason = Some(self.word(&["suppressed", "ill"], "no reason")),
            Unit::Proportion | Unit::Rate => new = new.with_ratio(number, self.one(&[10.0, 12.0, 8.0])),
            Unit::Value => new = new.with_value(number / 3.0),
            Unit::Count | Unit::CountBetween => new = new.with_value(number),
            Unit::TimeBetween => new = new.with_value(number + 0.5),
        }
        if self.random.one_in(12) {
            new.value = Some(f64::INFINITY);
        }
        new.organization = self.rarely(Self::organization);
        new.student_group = self.rarely(|d| StudentGroup { program: "caaspp".into(), id: d.one(&["160", "1"]).into() });
        new.n = self.maybe(|d| d.random.below(40) as i64);
        new
    }
}
