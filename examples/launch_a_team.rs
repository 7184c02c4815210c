//! A team that must cross roles and districts is launched: the checklist says what is still missing.
//!
//! ```sh
//! cargo run --example launch_a_team
//! ```

use cop_core::{
    Community, FormationRule, NewAffiliation, NewCommunity, NewMember, NewMembership, NewOrganization, NewTeam,
    OrganizationId, Result,
};

fn main() -> Result<()> {
    let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    let host = cop.steward();
    let north = host.add_organization(NewOrganization::new("district", "North"))?.id;
    let south = host.add_organization(NewOrganization::new("district", "South"))?.id;
    let person = |name: &str, place: OrganizationId, role: &str| {
        let new = NewMember::new(name, "Example").with_affiliation(NewAffiliation::new(place, role));
        host.add_member(new).map(|member| member.id)
    };
    let coach = person("Quinn", north, "coach")?;
    let teacher = person("Maya", north, "teacher")?;
    let principal = person("Rafael", south, "site_admin")?;

    let rule =
        FormationRule { min_members: 3, min_distinct_roles: 3, min_distinct_districts: 2, ..FormationRule::default() };
    let team = host.create_team(NewTeam::new("cross_district", "Discourse").with_formation(rule))?.id;
    host.add_membership(NewMembership::new(team, coach).with_role("lead"))?;
    host.add_membership(NewMembership::new(team, teacher))?;

    let lead = cop.as_member(coach)?;
    println!("Before the launch:");
    for item in lead.launch_checklist(team)?.items {
        println!("  [{}] {}: {}", if item.done { 'x' } else { ' ' }, item.code, item.detail);
    }
    if let Err(missing) = lead.activate_team(team) {
        println!("\n{missing}");
    }

    // The lead invites somebody from the other district, who accepts.
    let invitation = lead.invite_to_team(NewMembership::new(team, principal))?;
    cop.as_member(principal)?.accept_membership(invitation.id)?;
    println!("\nThe team is {}.", lead.activate_team(team)?.state);
    Ok(())
}
