//! The decision table of resources, cell by cell: written down here, and asked of the store in every way.

use chrono::{DateTime, Days};
use cop_core::{
    Community, CommunityOptions, EndOfAffiliation, GrantOf, MemberId, NewAffiliation, NewCommunity, NewMember,
    NewMembership, NewOrganization, NewResource, NewTeam, OrganizationId, PageRequest, ResourceFilter, ResourceId,
    ResourceState, SealOf, Session, TeamId, Visibility,
};

use crate::SharedClock;

/// Who asks. Nobody but `maker` made anything; `team` and `lead` are of the resource's team.
const COLUMNS: &[&str] = &[
    "guest",     // not signed in
    "ended",     // was in the team and at the school, and left the community
    "invited",   // invited to the community, has not answered
    "observer",  // observes the community, nothing else
    "observing", // observes the community, and is in the team
    "member",    // in no team, at no organization
    "above",     // at the county, above the district
    "at",        // at the district
    "under",     // at the school, below the district
    "former",    // at the district until yesterday
    "asked",     // invited to the team, has not answered
    "left",      // was in the team
    "team",      // in the team
    "lead",      // leads the team
    "elsewhere", // leads another team
    "convener",  // convenes the community
    "steward",   // stewards it
    "owner",     // owns it
    "host",      // the host itself
    "maker",     // made the resource
];

const TABLE: &str = "
                                      g e i o o m a a u f a l t l e c s o h m
                                      u n n b b e b t n o s e e e l o t w o a
                                      e d v s s m o   d r k f a a s n e n s k
    public        published open      y y y y y y y y y y y y y y y y y y y y
    public        published sealed    y y y y y y y y y y y y y y y y y y y y
    community     published open      - - - - - y y y y y y y y y y y y y y y
    community     published sealed    - - - - - y y y y y y y y y y y y y y y
    organization  published open      - - - - - - - y y - - - - - - y y y y y
    organization  published sealed    - - - - - - - y y - - - - - - - - - - y
    team          published open      - - - - y - - - - - - - y y - y y y y y
    team          published sealed    - - - - y - - - - - - - y y - - - - - y
    private       published open      - - - - - - - - - - - - - - - y y y y y
    private       published sealed    - - - - - - - - - - - - - - - - - - - y
    public        draft     open      - - - - - - - - - - - - - y - y y y y y
    public        draft     sealed    - - - - - - - - - - - - - - - - - - - y
    community     draft     open      - - - - - - - - - - - - - y - y y y y y
    community     draft     sealed    - - - - - - - - - - - - - - - - - - - y
    organization  draft     open      - - - - - - - - - - - - - y - y y y y y
    organization  draft     sealed    - - - - - - - - - - - - - - - - - - - y
    team          draft     open      - - - - - - - - - - - - - y - y y y y y
    team          draft     sealed    - - - - - - - - - - - - - - - - - - - y
    private       draft     open      - - - - - - - - - - - - - y - y y y y y
    private       draft     sealed    - - - - - - - - - - - - - - - - - - - y
    public        retired   open      y y y y y y y y y y y y y y y y y y y y
    public        retired   sealed    y y y y y y y y y y y y y y y y y y y y
    community     retired   open      - - - - - y y y y y y y y y y y y y y y
    community     retired   sealed    - - - - - y y y y y y y y y y y y y y y
    organization  retired   open      - - - - - - - y y - - - - - - y y y y y
    organization  retired   sealed    - - - - - - - y y - - - - - - - - - - y
    team          retired   open      - - - - y - - - - - - - y y - y y y y y
    team          retired   sealed    - - - - y - - - - - - - y y - - - - - y
    private       retired   open      - - - - - - - - - - - - - - - y y y y y
    private       retired   sealed    - - - - - - - - - - - - - - - - - - - y
    to:member     published open      - - - - - y - - - - - - - - - y y y y y
    to:member     published sealed    - - - - - y - - - - - - - - - - - - - y
    to:member     draft     open      - - - - - - - - - - - - - y - y y y y y
    to:member     draft     sealed    - - - - - - - - - - - - - - - - - - - y
    to:member     retired   sealed    - - - - - y - - - - - - - - - - - - - y
    to:ended      published open      - y - - - - - - - - - - - - - y y y y y
    to:ended      published sealed    - y - - - - - - - - - - - - - - - - - y
    to:team       published open      - - - - y - - - - - - - y y - y y y y y
    to:team       published sealed    - - - - y - - - - - - - y y - - - - - y
    to:team       draft     open      - - - - - - - - - - - - - y - y y y y y
    to:team       retired   open      - - - - y - - - - - - - y y - y y y y y
    to:county     published open      - - - - - - y y y - - - - - - y y y y y
    to:county     published sealed    - - - - - - y y y - - - - - - - - - - y
    to:county     draft     sealed    - - - - - - - - - - - - - - - - - - - y
    to:school     published open      - - - - - - - - y - - - - - - y y y y y
    to:school     retired   sealed    - - - - - - - - y - - - - - - - - - - y
";

struct World {
    cop: Community,
    people: Vec<(&'static str, Option<MemberId>)>,
    county: OrganizationId,
    district: OrganizationId,
    school: OrganizationId,
    team: TeamId,
}

impl World {
    fn new() -> Self {
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
        let team = host.create_team(NewTeam::new("project", "Fractions")).unwrap().id;
        let other = host.create_team(NewTeam::new("project", "Another")).unwrap().id;
        let mut people = Vec::new();
        for &column in COLUMNS {
            people.push((
                column,
                match column {
                    "guest" | "host" => None,
                    // Only people invite; the host records people who take part already.
                    "invited" => None,
                    _ => {
                        let role = match column {
                            "observer" | "observing" => "observer",
                            "convener" | "steward" | "owner" => column,
                            _ => "member",
                        };
                        let mut new = NewMember::new(column, "Test").with_role(role);
                        let place = match column {
                            "ended" | "under" => Some(school),
                            "at" | "former" => Some(district),
                            "above" => Some(county),
                            _ => None,
                        };
                        new.affiliations.extend(place.map(|at| NewAffiliation::new(at, "teacher")));
                        Some(host.add_member(new).unwrap().id)
                    }
                },
            ));
        }
        let mut world = Self { cop: cop.clone(), people, county, district, school, team };
        let steward = cop.as_member(world.person("steward")).unwrap();
        let invited = steward.add_member(NewMember::new("invited", "Test")).unwrap().id;
        world.people.iter_mut().find(|(name, _)| *name == "invited").unwrap().1 = Some(invited);
        for (name, role) in [("ended", "member"), ("observing", "member"), ("team", "member"), ("lead", "lead")] {
            host.add_membership(NewMembership::new(team, world.person(name)).with_role(role)).unwrap();
        }
        host.add_membership(NewMembership::new(other, world.person("elsewhere")).with_role("lead")).unwrap();
        host.invite_to_team(NewMembership::new(team, world.person("asked"))).unwrap();
        let left = host.add_membership(NewMembership::new(team, world.person("left")).with_role("lead")).unwrap().id;
        cop.as_member(world.person("left")).unwrap().end_membership(left).unwrap();
        let until = now.date_naive() - Days::new(1);
        let end =
            EndOfAffiliation { member: world.person("former"), organization: district, role: "teacher".into(), until };
        host.end_affiliation(end).unwrap();
        host.end_member(world.person("ended")).unwrap();
        world
    }

    fn person(&self, column: &str) -> MemberId {
        self.people.iter().find(|(name, _)| *name == column).and_then(|(_, id)| *id).unwrap()
    }

    fn session(&self, column: &str) -> Session {
        match column {
            "guest" => self.cop.as_guest(),
            "host" => self.cop.steward(),
            person => self.cop.as_member(self.person(person)).unwrap(),
        }
    }

    /// A resource of the team, made by `maker`, as a row of the table says.
    fn resource(&self, audience: &str, state: &str, seal: &str) -> ResourceId {
        let host = self.cop.steward();
        let mut new =
            NewResource::new("task", format!("{audience} {state} {seal}")).with_team(self.team).with_body("fractions");
        new.owner = Some(self.person("maker"));
        new = new.with_visibility(match audience {
            "public" => Visibility::Public,
            "community" => Visibility::Community,
            "organization" => Visibility::Organization(self.district),
            "team" => Visibility::Team(self.team),
            _ => Visibility::Private,
        });
        let id = host.add_resource(new).unwrap().id;
        let grantee = match audience {
            "to:member" | "to:ended" => Some(format!("member:{}", self.person(&audience[3..]))),
            "to:team" => Some(format!("team:{}", self.team)),
            "to:county" => Some(format!("organization:{}", self.county)),
            "to:school" => Some(format!("organization:{}", self.school)),
            _ => None,
        };
        if let Some(grantee) = grantee {
            host.grant_access(GrantOf { resource: id, grantee }).unwrap();
        }
        if state != "draft" {
            host.publish_resource(id).unwrap();
        }
        if state == "retired" {
            host.retire_resource(id).unwrap();
        }
        let maker = self.session("maker");
        maker.seal_resource(SealOf { resource: id, sealed: seal == "sealed" }).unwrap();
        assert_eq!(maker.resource(id).unwrap().state, state.parse::<ResourceState>().unwrap());
        id
    }
}

#[test]
fn every_cell_of_the_decision_table_holds() {
    let world = World::new();
    let mut rows = Vec::new();
    for line in TABLE.lines().skip(4).filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [audience, state, seal, ref cells @ ..] = words[..] else { panic!("not a row: {line}") };
        assert_eq!(cells.len(), COLUMNS.len(), "{line}");
        rows.push((words[..3].join(" "), world.resource(audience, state, seal), cells.to_vec()));
    }
    assert_eq!(rows.len(), 46, "30 rows of visibility × state × seal, and the grants");
    for (column, name) in COLUMNS.iter().enumerate() {
        let session = world.session(name);
        let listed = session.resources(ResourceFilter::new(), PageRequest::first(1000)).unwrap().items;
        let query = cop_core::SearchQuery { limit: 100, ..cop_core::SearchQuery::new("fractions") };
        let hits = session.search(query).unwrap();
        let expected = rows.iter().filter(|(_, _, cells)| cells[column] == "y").count();
        assert_eq!((listed.len(), hits.total as usize), (expected, expected), "{name} lists and finds");
        for (row, id, cells) in &rows {
            let expected = match cells[column] {
                "y" => true,
                "-" => false,
                other => panic!("{other} in the table"),
            };
            assert_eq!(session.resource(*id).is_ok(), expected, "{name} reads: {row}");
            assert_eq!(listed.iter().any(|resource| resource.id == *id), expected, "{name} lists: {row}");
            assert_eq!(hits.hits.iter().any(|hit| hit.id == id.uuid()), expected, "{name} finds: {row}");
        }
    }
}
