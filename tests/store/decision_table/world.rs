//! A community with somebody in every column of the decision table.

use chrono::{DateTime, Days, NaiveDate};
use cop_core::{
    Community, CommunityOptions, EndOfAffiliation, MemberId, MembershipId, MembershipShowing, MergeOf, NewAffiliation,
    NewCommunity, NewMember, NewMembership, NewOrganization, NewTeam, OrganizationId, Session, TeamId,
};

use super::tables::COLUMNS;
use crate::SharedClock;

pub struct World {
    pub cop: Community,
    people: Vec<(&'static str, MemberId)>,
    pub county: OrganizationId,
    pub district: OrganizationId,
    pub school: OrganizationId,
    pub team: TeamId,
    pub today: NaiveDate,
    /// The memberships of the maker and of the tied, who leave once everything is made.
    guests: Vec<MembershipId>,
    /// How many rows were made: every one has something of its own.
    pub made: usize,
}

impl World {
    /// Everybody in their place; `maker`, `tied` and `ended` go when the rows are made.
    pub fn new() -> Self {
        let now = DateTime::from_timestamp_millis(1_600_000_000_000).unwrap();
        let clock = SharedClock::new(now);
        let cop = CommunityOptions::new().with_clock(clock).in_memory(NewCommunity::new("Math CoP")).unwrap();
        let host = cop.steward();
        let organization = |kind: &str, parent| {
            let new = NewOrganization { parent, ..NewOrganization::new(kind, kind) };
            host.add_organization(new).unwrap().id
        };
        let county = organization("county_office", None);
        let district = organization("district", Some(county));
        let school = organization("school", Some(district));
        let team = host.create_team(NewTeam::new("project", "Team")).unwrap().id;
        let other = host.create_team(NewTeam::new("project", "Another")).unwrap().id;
        let people = Vec::new();
        let today = now.date_naive();
        let mut world =
            Self { cop: cop.clone(), people, county, district, school, team, today, guests: vec![], made: 0 };
        for &column in COLUMNS.iter().filter(|column| !matches!(**column, "guest" | "host" | "invited")) {
            let id = host.add_member(world.new_member(column)).unwrap().id;
            world.people.push((column, id));
        }
        // Only people invite; the host records people who take part already.
        let invited = world.session("steward").add_member(NewMember::new("invited", "Test")).unwrap().id;
        world.people.push(("invited", invited));
        for (name, role) in [
            ("ended", "member"),
            ("observing", "member"),
            ("team", "member"),
            ("facilitator", "facilitator"),
            ("lead", "lead"),
            ("maker", "lead"),
            ("tied", "member"),
        ] {
            let membership = NewMembership::new(team, world.person(name)).with_role(role);
            let id = host.add_membership(membership).unwrap().id;
            if matches!(name, "maker" | "tied") {
                world.guests.push(id);
            }
            if name == "team" {
                world.session(name).show_membership(MembershipShowing { membership: id, public: true }).unwrap();
            }
        }
        host.activate_team(team).unwrap();
        host.add_membership(NewMembership::new(other, world.person("elsewhere")).with_role("lead")).unwrap();
        host.invite_to_team(NewMembership::new(team, world.person("asked"))).unwrap();
        let left = host.add_membership(NewMembership::new(team, world.person("left")).with_role("lead")).unwrap().id;
        world.session("left").end_membership(left).unwrap();
        let until = today - Days::new(1);
        let end =
            EndOfAffiliation { member: world.person("former"), organization: district, role: "teacher".into(), until };
        host.end_affiliation(end).unwrap();
        host.merge_members(MergeOf { member: world.person("maker"), duplicate: world.person("twin") }).unwrap();
        world
    }

    fn new_member(&self, column: &str) -> NewMember {
        let role = match column {
            "observer" | "observing" => "observer",
            "convener" | "steward" | "owner" => column,
            _ => "member",
        };
        let mut new = NewMember::new(column, "Test").with_role(role);
        let place = match column {
            "ended" | "under" => Some(self.school),
            "at" | "former" => Some(self.district),
            "above" => Some(self.county),
            _ => None,
        };
        new.affiliations.extend(place.map(|at| NewAffiliation::new(at, "teacher")));
        if matches!(column, "member" | "above") {
            // Two with one address: a finding.
            new = new.with_email("same@example.org");
        }
        new
    }

    /// Who has nothing but what they made, or are named in, goes; and who ends.
    pub fn part(&mut self) {
        let host = self.cop.steward();
        for membership in self.guests.drain(..) {
            host.end_membership(membership).unwrap();
        }
        host.end_member(self.person("ended")).unwrap();
    }

    pub fn person(&self, column: &str) -> MemberId {
        self.people.iter().find(|(name, _)| *name == column).map(|(_, id)| *id).unwrap()
    }

    pub fn session(&self, column: &str) -> Session {
        match column {
            "guest" => self.cop.as_guest(),
            "host" => self.cop.steward(),
            person => self.cop.as_member(self.person(person)).unwrap(),
        }
    }
}
