//! A team runs one PDSA cycle: what each phase needs is asked for, all at once.
//!
//! ```sh
//! cargo run --example run_a_cycle
//! ```

use chrono::NaiveDate;
use cop_core::{
    CycleEdit, DecisionOf, NewCycle, NewEntry, NewGoal, NewMeasure, NewMember, NewMembership, NewObservation,
    NewPrediction, NewTeam, Period, Result, ResultOf,
};

fn main() -> Result<()> {
    let cop = cop_core::Community::in_memory(cop_core::NewCommunity::new("Math CoP"))?;
    let host = cop.steward();
    let lea = host.add_member(NewMember::new("Lea", "Ruiz"))?.id;
    let team = host.create_team(NewTeam::new("cross_district", "Discourse"))?.id;
    host.add_membership(NewMembership::new(team, lea).with_role("lead"))?;
    host.activate_team(team)?;
    let me = cop.as_member(lea)?;

    // A theory of improvement: a problem of practice, an aim, a change idea; and how one will see it.
    let problem = me.add_goal(NewGoal::new("problem", "Few students explain their reasoning").with_team(team))?.id;
    let aim = me.add_goal(NewGoal::new("aim", "Two thirds explain").with_team(team).with_parent(problem))?.id;
    let idea = me.add_goal(NewGoal::new("change_idea", "Sentence frames").with_team(team).with_parent(aim))?.id;
    let definition = "Students who explain a step to the class in the week, by tally";
    let measure = me.define_measure(NewMeasure::new(team, "Explained aloud", definition, "proportion"))?.id;

    let cycle = me.start_cycle(NewCycle::new(team, "pdsa", "Frames in discussion").with_problem(problem))?.id;
    if let Err(missing) = me.advance_cycle(cycle) {
        println!("Before the plan can be left:");
        missing.problems().iter().for_each(|problem| println!("  {}: {}", problem.field, problem.detail));
    }

    let starts_on = day(2021, 10, 4);
    let plan = CycleEdit {
        tests: Some(vec![idea]),
        measures: Some(vec![measure]),
        starts_on: Some(starts_on),
        ..CycleEdit::new(cycle)
    };
    me.revise_cycle(plan)?;
    me.add_entry(NewEntry::new(cycle, "plan", "Two classes, four weeks, one frame a week."))?;
    let question = "How many will explain?".to_owned();
    let predicted = NewPrediction { cycle, question, predicted: "Half of them".to_owned() };
    let prediction = me.predict(predicted)?.predictions.first().map(|prediction| prediction.id).unwrap_or_default();
    println!("\nplan → {}", me.advance_cycle(cycle)?.phase);

    let period = Period { starts_on, ends_on: day(2021, 10, 29) };
    me.record_observation(NewObservation::new(measure, period).with_ratio(31.0, 54.0))?;
    println!("do → {}", me.advance_cycle(cycle)?.phase);

    let learning = "More than half; writing first helped most".to_owned();
    me.record_result(ResultOf { cycle, prediction, outcome: "confirmed".to_owned(), learning })?;
    println!("study → {}", me.advance_cycle(cycle)?.phase);

    let rationale = "It reached those it was meant for".to_owned();
    me.decide_cycle(DecisionOf { cycle, kind: "adopt".to_owned(), rationale, no_successor: None })?;
    println!("act → {}", me.advance_cycle(cycle)?.phase);
    Ok(())
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}
