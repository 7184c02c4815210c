//! One gets into a working group by an application: every question wants an answer, and a lead decides.
//!
//! ```sh
//! cargo run --example apply_to_a_working_group
//! ```

use chrono::NaiveDate;
use cop_core::{Application, Community, MembershipReply, NewCommunity, NewMember, NewMembership, NewTeam, Result};

fn main() -> Result<()> {
    let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    let host = cop.steward();
    let lea = host.add_member(NewMember::new("Lea", "Ruiz"))?.id;
    let maya = host.add_member(NewMember::new("Maya", "Example"))?.id;
    let group = NewTeam::new("working_group", "UDL in mathematics")
        .with_term(day(2021, 8, 1), day(2022, 6, 30))
        .with_question("Which learners does your practice not reach yet?")
        .with_question("What will you bring?");
    let group = host.create_team(group)?.id;
    host.add_membership(NewMembership::new(group, lea).with_role("lead"))?;
    host.activate_team(group)?;

    let me = cop.as_member(maya)?;
    let unfinished = Application { team: group, answers: vec!["Newcomers to English".to_owned()] };
    if let Err(missing) = me.apply_to_team(unfinished) {
        println!("{missing}");
    }
    let answers = vec!["Newcomers to English".to_owned(), "Tasks with many entry points".to_owned()];
    let application = me.apply_to_team(Application { team: group, answers })?;
    println!("Maya's application: {}", application.state);

    let lead = cop.as_member(lea)?;
    for answer in lead.membership(application.id)?.answers {
        println!("  {} — {}", answer.question, answer.answer);
    }
    let reason = Some("A class we can learn from".to_owned());
    let approved = lead.approve_membership(MembershipReply { membership: application.id, reason })?;
    println!("Her membership: {}", approved.state);
    Ok(())
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}
