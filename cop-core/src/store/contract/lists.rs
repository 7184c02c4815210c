//! Lists, lookups, and what text may hold.

use std::collections::BTreeSet;

use super::{Check, EngineUnderTest, World, log, nothing, verify};
use crate::error::ErrorKind;
use crate::id::{MemberId, OrganizationId};
use crate::model::{
    AnyRecord, CdsCode, ExternalId, MemberState, MembershipState, NodeRef, OrganizationKind, RecordKind, ResourceState,
    TeamKind, TeamState, Visibility,
};
use crate::ops::{
    MemberEdit, NewAffiliation, NewAssociation, NewMember, NewMembership, NewOrganization, NewResource, NewStandard,
    NewTeam, OrganizationEdit, ResourceEdit,
};
use crate::session::{
    AssociationFilter, Cursor, FrameworkFilter, ListFilter, MAX_PAGE, MemberFilter, MembershipFilter,
    OrganizationFilter, PageRequest, ResourceFilter, Session, StandardFilter, TeamFilter,
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("lists keep every filter", filters),
    ("pages follow each other, whatever is written meanwhile", paging),
    ("limits and cursors that are none are refused", bad_pages),
    ("records are found by what other systems call them, after every edit", lookups),
    ("an id is made from the external id's normal form", external_ids_in_normal_form),
    ("any text comes back as it was written", unicode),
    ("long texts fit, longer ones are refused", long_texts),
    ("hidden and missing are the same", hidden_is_missing),
];

/// An empty list.
const NONE: [uuid::Uuid; 0] = [];

/// The ids that a filter gives, page by page, with every page size that makes a difference.
pub(super) fn ids(session: &Session, filter: impl Into<ListFilter>) -> Vec<uuid::Uuid> {
    let filter = filter.into();
    let read = |limit: usize| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = session.list(&filter, &PageRequest::first(limit).after(after)).expect("lists");
            assert!(page.items.len() <= limit, "a page is no longer than asked for");
            assert!(page.next.is_none() || page.items.len() == limit, "only full pages have a next one");
            found.extend(page.items.iter().map(|record| record.header().id));
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    };
    let whole = read(MAX_PAGE);
    for limit in [1, 2, whole.len().max(1)] {
        assert_eq!(read(limit), whole, "pages of {limit} give the same list");
    }
    whole
}

fn filters(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    assert_eq!(
        ids(&host, OrganizationFilter::new()),
        [world.county, world.district, world.school].map(OrganizationId::uuid),
        "in the order they were made"
    );
    assert_eq!(ids(&host, OrganizationFilter::new().with_kind(OrganizationKind::District)), [world.district.uuid()]);
    assert_eq!(ids(&host, OrganizationFilter::new().with_parent(world.district)), [world.school.uuid()]);
    assert_eq!(ids(&host, OrganizationFilter::new().with_parent(world.school)), NONE);

    let known = ids(&host, MemberFilter::new());
    assert_eq!(known.len(), 6);
    host.end_member(world.observer).expect("ends");
    assert_eq!(ids(&host, MemberFilter::new().with_state(MemberState::Ended)), [world.observer.uuid()]);
    assert_eq!(ids(&host, MemberFilter::new().with_state(MemberState::Active)).len(), 5);
    assert_eq!(ids(&host, MemberFilter::new().with_state(MemberState::Invited)), NONE);
    assert_eq!(ids(&host, MemberFilter::new().with_organization(world.school)), [world.ben.uuid()]);

    let small = NewTeam::new("site", "Small").with_parent(world.team);
    let small = host.create_team(small).expect("creates").id;
    assert_eq!(ids(&host, TeamFilter::new().with_parent(world.team)), [small.uuid()]);
    assert_eq!(ids(&host, TeamFilter::new().with_kind(TeamKind::Site)), [small.uuid()]);
    host.activate_team(world.team).expect("activates");
    assert_eq!(ids(&host, TeamFilter::new().with_state(TeamState::Active)), [world.team.uuid()]);
    assert_eq!(ids(&host, TeamFilter::new().with_state(TeamState::Active).with_kind(TeamKind::Site)), NONE);

    let asked = host.invite_to_team(NewMembership::new(world.team, world.ben)).expect("invites").id;
    let of = MembershipFilter::new().with_team(world.team);
    assert_eq!(ids(&host, of.clone()).len(), 3);
    assert_eq!(ids(&host, of.with_state(MembershipState::Invited)), [asked.uuid()]);
    assert_eq!(ids(&host, MembershipFilter::new().with_member(world.ben)), [asked.uuid()]);
    assert_eq!(ids(&host, MembershipFilter::new().with_member(world.owner)), NONE);

    let framework = host.record_framework(log::framework()).expect("records").id;
    assert_eq!(ids(&host, FrameworkFilter::new().with_identifier("ccss-m")), [framework.uuid()]);
    assert_eq!(ids(&host, FrameworkFilter::new().with_identifier("CCSS")), NONE);
    let standard = |identifier: &str, code: &str, parent: Option<&str>| {
        let mut new = NewStandard::new(framework, identifier, "Statement").with_code(code);
        new.parent = parent.map(str::to_owned);
        host.record_standard(new).expect("records").id
    };
    let domain = standard("s-1", "CCSS.MATH.CONTENT.3.NF", None);
    let item = standard("s-2", "CCSS.MATH.CONTENT.3.NF.A.1", Some("s-1"));
    assert_eq!(ids(&host, StandardFilter::new().with_framework(framework)).len(), 2);
    assert_eq!(ids(&host, StandardFilter::new().with_parent(domain)), [item.uuid()]);
    assert_eq!(ids(&host, StandardFilter::new().with_code("3NFA1")), [item.uuid()], "in any spelling");
    assert_eq!(ids(&host, StandardFilter::new().with_code("…")), NONE, "no code at all");
    let node = |identifier: &str| NodeRef { identifier: identifier.into(), uri: String::new(), title: String::new() };
    let tie = NewAssociation {
        framework,
        identifier: "a-1".into(),
        kind: "precedes".into(),
        origin: node("s-1"),
        destination: node("elsewhere"),
        sequence: Some(3),
        extra: serde_json::Map::new(),
    };
    let tie = host.record_association(tie).expect("records").id;
    assert_eq!(ids(&host, AssociationFilter::new().with_framework(framework)), [tie.uuid()]);

    let ana = world.as_member(world.ana);
    let full = ana.add_resource(log::full_resource().published()).expect("adds").id.uuid();
    let other = NewResource::new("video", "Otro").with_language("es").with_team(world.team);
    let other = ana.add_resource(other).expect("adds").id.uuid();
    let all = || ResourceFilter::new();
    for (filter, expected) in [
        (all(), vec![full, other]),
        (all().with_kind(crate::model::ResourceKind::Video), vec![other]),
        (all().with_state(ResourceState::Draft), vec![other]),
        (all().with_state(ResourceState::Published), vec![full]),
        (all().with_language("es".parse::<crate::model::Language>().expect("a language")), vec![other]),
        (all().with_team(world.team), vec![other]),
        (all().with_school_year("2021-22".parse::<crate::model::SchoolYear>().expect("a year")), vec![full]),
        (all().with_created_by(world.ana), vec![full, other]),
        (all().with_created_by(world.ben), vec![]),
        (all().with_created_by(world.ana).with_state(ResourceState::Draft).with_team(world.team), vec![other]),
        (all().with_external_id(ExternalId::new("drive", "none")), vec![]),
    ] {
        assert_eq!(ids(&ana, filter.clone()), expected, "{filter:?}");
    }
    assert_eq!(ids(&world.as_member(world.ben), all()), NONE, "and only what one may see");
}

fn paging(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let add = |title: &str| ana.add_resource(NewResource::new("task", title)).expect("adds");
    let made: Vec<_> = (0..7).map(|n| add(&format!("T{n}")).id).collect();
    let list = |after: Option<Cursor>| {
        ana.resources(ResourceFilter::new(), PageRequest::first(2).after(after)).expect("lists")
    };
    let first = list(None);
    // Between two pages: something old changes, something old and something new goes, something is added.
    let mut edit = ResourceEdit::new(made[0]);
    edit.title = Some("T0, revised".into());
    ana.revise_resource(edit).expect("revises");
    ana.delete_resource(made[1]).expect("deletes");
    ana.delete_resource(made[3]).expect("deletes");
    let late = add("Late").id;
    let mut found: Vec<_> = first.items.iter().map(|resource| resource.id).collect();
    let mut after = first.next;
    while after.is_some() {
        let cursor = after.expect("a next page");
        // A cursor is text; it survives being handed out.
        let page = list(Some(Cursor::from(cursor.as_str().to_owned())));
        found.extend(page.items.iter().map(|resource| resource.id));
        after = page.next;
    }
    assert_eq!(found, [made[0], made[1], made[2], made[4], made[5], made[6], late], "none twice, none left out");
}

fn bad_pages(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    for limit in [0, MAX_PAGE + 1, usize::MAX] {
        let error = host.members(MemberFilter::new(), PageRequest::first(limit)).expect_err("no such page");
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "page.limit"), "a limit of {limit}");
    }
    assert!(host.members(MemberFilter::new(), PageRequest::first(MAX_PAGE)).is_ok());
    let next = host.members(MemberFilter::new(), PageRequest::first(1)).expect("lists").next.expect("more");
    let hostile = ["", "-", "member", "member-", "member-g", "member-99999999999999999999", "1", "membership-1", "é-1"];
    for text in hostile.iter().map(|text| Cursor::from((*text).to_owned())) {
        let page = PageRequest::first(1).after(Some(text.clone()));
        let error = host.members(MemberFilter::new(), page).expect_err("no cursor");
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "cursor.format"), "{text:?}");
    }
    let error = host.teams(TeamFilter::new(), PageRequest::first(1).after(Some(next))).expect_err("a foreign cursor");
    assert_eq!(error.code(), "cursor.format", "a cursor of members is none of teams");
}

fn lookups(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    let (first, second) = (ExternalId::new("nces", "0601"), ExternalId::new("oneroster:x", "0601"));
    let new = NewOrganization::new("district", "Named").with_cds("01611190000000").with_external_id(first.clone());
    let district = host.add_organization(new.clone()).expect("adds").id;
    let by = |id: &ExternalId| ids(&host, OrganizationFilter::new().with_external_id(id.clone()));
    let cds: CdsCode = "01-61119-0000000".parse().expect("a code");
    assert_eq!(ids(&host, OrganizationFilter::new().with_cds(cds)), [district.uuid()]);
    assert_eq!((by(&first), by(&second)), (vec![district.uuid()], vec![]));
    let mut edit = OrganizationEdit::new(district);
    edit.external_ids = vec![second.clone()];
    edit.name = Some("Renamed".into());
    host.revise_organization(edit).expect("revises");
    assert_eq!((by(&first), by(&second)), (vec![district.uuid()], vec![district.uuid()]), "both names find it");
    assert_eq!(host.add_organization(new).expect_err("twice").kind(), ErrorKind::AlreadyExists);
    // Values of one system are none of another, nor our own keys.
    assert_eq!(by(&ExternalId::new("nces", "06")), NONE);
    assert_eq!(by(&ExternalId::new("cds", "01611190000000")), NONE);

    let teacher = NewMember::new("Cy", "Test").with_affiliation(NewAffiliation::new(district, "teacher"));
    let cy = host.add_member(teacher).expect("adds").id;
    let of = |organization| ids(&host, MemberFilter::new().with_organization(organization));
    assert_eq!(of(district), [cy.uuid()]);
    let affiliation = NewAffiliation::new(world.school, "coach");
    host.add_affiliation(crate::ops::AffiliationOf { member: cy, affiliation }).expect("adds");
    assert_eq!(of(world.school), [world.ben.uuid(), cy.uuid()]);
    let mut edit = MemberEdit::new(cy);
    edit.given = Some("Cyd".into());
    host.revise_member(edit).expect("revises");
    assert_eq!(of(district), [cy.uuid()], "an edit of something else changes nothing");
    assert_eq!(cy, MemberId::new(of(district)[0]));
    verify(&world.cop);
}

fn external_ids_in_normal_form(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let task = |value: &str| log::full_resource().with_external_id(ExternalId::new("drive", value));
    let made = ana.add_resource(task("Ma\u{f1}ana")).expect("adds");
    for spelling in ["  Mañana ", "Man\u{303}ana"] {
        let again = ana.add_resource(task(spelling)).expect_err("the same thing, spelled otherwise");
        assert_eq!(again.kind(), ErrorKind::AlreadyExists, "{spelling:?}");
    }
    assert_eq!(ids(&ana, ResourceFilter::new().with_external_id(ExternalId::new("drive", "Mañana"))), [made.id.uuid()]);
    let none = ResourceFilter::new().with_external_id(ExternalId::new("drive", "Ma\0ana"));
    assert!(ids(&ana, none).is_empty(), "what no text can hold is in none");
}

fn unicode(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let texts = [
        "Bruchstreifen – ⅓ + ⅙ = ½",
        "分数の帯",
        "كسور על קו המספרים",
        "👩🏽‍🏫👨‍👩‍👧‍👦 🏳️‍🌈",
        "'; DROP TABLE resource; --",
        "\"quoted\" $1 ? % _ \\ \\n {\"+\": [1]} null",
        "[]",
        "{}",
        "ß ẞ ﬁ \u{200d} \u{feff}x",
        "\u{10ffff}\u{e000}\u{2028}",
        "0",
        "1e400",
    ];
    for text in texts {
        let new = NewResource::new("task", text).with_body(format!("{text}\n\t{text}")).with_tag(text);
        let made = ana.add_resource(new).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(made.tags, BTreeSet::from([made.title.clone()]), "{text:?}");
        assert_eq!(ana.resource(made.id).expect("is there"), made, "{text:?} comes back");
    }
    let refused = ana.add_resource(NewResource::new("task", "a\0b")).expect_err("no zero characters");
    assert_eq!(refused.code(), "text.character");
    let composed = ana.add_resource(NewResource::new("task", "Man\u{303}ana")).expect("adds");
    assert_eq!(composed.title, "Ma\u{f1}ana", "in composed form");
    verify(&world.cop);
}

fn long_texts(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let body = "½".repeat(200_000);
    let made = ana.add_resource(NewResource::new("book", "Long").with_body(body.clone())).expect("fits");
    assert_eq!(ana.resource(made.id).expect("is there").body, body);
    let error = world.refused("one character more", || {
        ana.add_resource(NewResource::new("book", "Longer").with_body(format!("{body}.")))
    });
    assert_eq!((error.code(), error.problems()[0].field.as_str()), ("text.too_long", "body"));
    let mut edit = ResourceEdit::new(made.id);
    edit.body = Some("½".repeat(199_999));
    edit.tags = Some((0..500).map(|n| format!("tag {n}")).collect());
    ana.revise_resource(edit).expect("revises");
    assert_eq!(ana.history(made.id).expect("its history").len(), 2);
    verify(&world.cop);
}

fn hidden_is_missing(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (ana, ben) = (world.as_member(world.ana), world.as_member(world.ben));
    let hidden = ana.add_resource(NewResource::new("task", "Hidden")).expect("adds").id;
    let missing = nothing(RecordKind::Resource);
    let same = |what: &str, hidden: crate::Error, missing_error: crate::Error| {
        assert_eq!((hidden.kind(), hidden.code()), (missing_error.kind(), missing_error.code()), "{what}");
        let id = |text: &str, id: uuid::Uuid| text.replace(&id.to_string(), "<id>");
        assert_eq!(
            id(&hidden.to_string(), hidden_id(&ana, "Hidden")),
            id(&missing_error.to_string(), missing.id),
            "{what}"
        );
        assert_eq!(hidden.kind(), ErrorKind::NotFound, "{what}");
    };
    let (none, some) = (crate::id::ResourceId::new(missing.id), hidden);
    let error = |result: crate::Result<AnyRecord>| result.expect_err("not for Ben");
    same("get", error(ben.record(some)), error(ben.record(none)));
    same("history", ben.history(some).expect_err("no"), ben.history(none).expect_err("no"));
    let edit = |id| error(ben.revise_resource(ResourceEdit::new(id)).map(AnyRecord::from));
    same("revise", edit(some), edit(none));
    same(
        "publish",
        error(ben.publish_resource(some).map(Into::into)),
        error(ben.publish_resource(none).map(Into::into)),
    );
    same("retire", error(ben.retire_resource(some).map(Into::into)), error(ben.retire_resource(none).map(Into::into)));
    same("delete", error(ben.delete_resource(some).map(Into::into)), error(ben.delete_resource(none).map(Into::into)));
    let grant = |resource| {
        let grantee = format!("member:{}", world.ben);
        error(ben.grant_access(crate::ops::GrantOf { resource, grantee }).map(Into::into))
    };
    same("grant", grant(some), grant(none));
    let seal = |resource| error(ben.seal_resource(crate::ops::SealOf { resource, sealed: true }).map(Into::into));
    same("seal", seal(some), seal(none));
    let part = |resource| {
        let mut new = NewResource::new("task", "Part").with_visibility(Visibility::Public);
        new.part_of = Some(crate::model::PartOf { resource, position: 1 });
        error(ben.add_resource(new).map(Into::into))
    };
    same("part of", part(some), part(none));
}

fn hidden_id(session: &Session, title: &str) -> uuid::Uuid {
    let page = session.resources(ResourceFilter::new(), PageRequest::default()).expect("lists");
    page.items.iter().find(|resource| resource.title == title).expect("is there").id.uuid()
}
