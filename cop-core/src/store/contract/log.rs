//! The log, its stamps, and the rows that it amounts to.

use std::time::Duration;

use super::{Check, EngineUnderTest, World, nothing, start, verify};
use crate::change::Life;
use crate::error::ErrorKind;
use crate::model::{ExternalId, RecordKind, RecordRef, Visibility};
use crate::ops::{
    GrantOf, NewFramework, NewMember, NewResource, NewStandard, OrganizationEdit, ResourceEdit, SealOf, TeamEdit,
    VisibilityOf,
};
use crate::session::{PageRequest, ResourceFilter};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("the log has no gaps and stamps grow when the clock steps back", stamps_grow),
    ("a row is what its log entries amount to", rows_are_folds),
    ("the log can be read in pieces", log_in_pieces),
    ("a refused operation leaves no trace", refusals_leave_no_trace),
    ("a revision that changes nothing writes nothing", idempotent_revisions),
    ("history tells what happened, in order, to those who may know", history),
    ("deletion keeps the log and the id", deletion),
];

fn stamps_grow(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    for offset in [5_000i64, 1, -60_000, -86_400_000, 0, 7, 7] {
        let now = start() + chrono::Duration::milliseconds(offset);
        world.clock.set(now);
        let before = world.cop.changes(world.head() - 1, 1).expect("reads the last change")[0].stamp;
        let made = ana.add_resource(NewResource::new("task", format!("At {offset}"))).expect("adds");
        let change = &world.cop.changes(made.revision - 1, 1).expect("reads the change")[0];
        assert!(change.stamp > before, "the clock at {offset} ms gave {:?} after {before:?}", change.stamp);
        assert_eq!(made.created_at, change.stamp.at(), "a record is made at its stamp");
        assert_eq!((made.revised_at, made.revision), (made.created_at, change.seq), "a new record is as made");
    }
    verify(&world.cop);
    // Many changes in one millisecond are still in order.
    let now = start() + chrono::Duration::from_std(Duration::from_secs(60)).expect("a minute");
    world.clock.set(now);
    ana.transaction(|tx| {
        (0..200).try_for_each(|n| tx.add_resource(NewResource::new("tool", format!("{n}"))).map(drop))
    })
    .expect("adds many");
    verify(&world.cop);
}

fn rows_are_folds(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (host, ana) = (world.host(), world.as_member(world.ana));
    // Keys out of order, nested nothing, and numbers that lose their last digit in a careless parser.
    let mut extra: serde_json::Map<String, serde_json::Value> = serde_json::from_str(
        r#"{"z": 0.1, "a": {"n": null, "e": [], "s": "é\u0000\""}, "big": 18446744073709551615, "x": 1.0}"#,
    )
    .expect("an object");
    let floats = (1..2000u64).map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).filter(|f| f.is_finite());
    extra.insert("floats".into(), floats.map(serde_json::Value::from).collect());
    let new = NewFramework { extra: extra.clone(), ..framework() };
    let recorded = host.record_framework(new.clone()).expect("records a framework");
    assert!(host.framework(recorded.id).expect("is there") == recorded, "a framework comes back as it was written");
    assert_eq!(host.record_framework(new).expect("records again").revision, recorded.revision, "written once");
    let standard = NewStandard { extra, ..NewStandard::new(recorded.id, "S-1", "Fractions").with_code("3.NF.A.1") };
    host.record_standard(standard).expect("records a standard");

    let task = ana.add_resource(full_resource()).expect("adds");
    let mut edit = ResourceEdit::new(task.id);
    edit.tags = Some(vec!["b".into(), "z".into(), "a".into()]);
    edit.grades = Some(Vec::new());
    edit.licence = Some(String::new());
    edit.school_year = Some("2022-23".into());
    ana.revise_resource(edit).expect("revises");
    let grant = GrantOf { resource: task.id, grantee: format!("member:{}", world.ben) };
    ana.grant_access(grant.clone()).expect("grants");
    ana.publish_resource(task.id).expect("publishes");
    ana.revoke_access(grant).expect("revokes");
    ana.set_visibility(VisibilityOf { resource: task.id, visibility: "public".into() }).expect("sets");
    ana.seal_resource(SealOf { resource: task.id, sealed: true }).expect("seals");
    // A record of somebody else's, made by the host.
    let mut given = NewResource::new("task", "Given");
    given.owner = Some(world.ben);
    let given = host.add_resource(given).expect("adds for Ben");
    assert_eq!(given.created_by, Some(world.ben), "the host names the owner");
    let mut edit = TeamEdit::new(world.team);
    edit.organizations = Some(vec![world.school, world.district]);
    host.revise_team(edit).expect("revises a team");
    let mut edit = OrganizationEdit::new(world.school);
    edit.external_ids = vec![ExternalId::new("nces", "1"), ExternalId::new("nces", "2")];
    host.revise_organization(edit).expect("revises an organization");
    host.end_member(world.ben).expect("ends a member");
    let deleted = ana.add_resource(NewResource::new("task", "Gone")).expect("adds");
    ana.delete_resource(deleted.id).expect("deletes");
    assert!(verify(&world.cop) > 15, "all records are compared");
}

fn log_in_pieces(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let whole = world.cop.changes(0, usize::MAX).expect("reads all");
    assert_eq!(whole.len() as i64, world.head(), "the head is the last position");
    let mut pieces = Vec::new();
    loop {
        let next = world.cop.changes(pieces.len() as i64, 3).expect("reads a piece");
        assert!(next.len() <= 3, "no more than asked for");
        if next.is_empty() {
            break;
        }
        pieces.extend(next);
    }
    assert_eq!(pieces, whole, "pieces make the whole");
    assert!(world.cop.changes(world.head(), 10).expect("reads").is_empty(), "nothing after the head");
    assert!(world.cop.changes(0, 0).expect("reads").is_empty(), "nothing when nothing is asked for");
}

fn refusals_leave_no_trace(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (ana, ben) = (world.as_member(world.ana), world.as_member(world.ben));
    let task = ana.add_resource(NewResource::new("task", "Mine")).expect("adds");
    let all = |session: &crate::Session| {
        session.resources(ResourceFilter::new(), PageRequest::first(1000)).expect("lists").items
    };
    let before = (all(&ana), world.cop.changes(0, usize::MAX).expect("reads"));
    for (what, kind, call) in [
        ("an empty title", ErrorKind::InvalidInput, ana.add_resource(NewResource::new("task", " "))),
        ("an unknown team", ErrorKind::NotFound, ana.add_resource(NewResource::new("task", "T").with_team(none()))),
        ("a stranger's edit", ErrorKind::NotFound, ben.revise_resource(ResourceEdit::new(task.id))),
        ("publishing nothing", ErrorKind::Precondition, ana.publish_resource(task.id)),
        ("a guest", ErrorKind::NotPermitted, world.cop.as_guest().add_resource(NewResource::new("task", "T"))),
    ] {
        assert_eq!(call.expect_err(what).kind(), kind, "{what}");
    }
    world.refused("a member who adds a member", || ana.add_member(NewMember::new("X", "Y")));
    let after = (all(&ana), world.cop.changes(0, usize::MAX).expect("reads"));
    assert_eq!(before, after, "refusals changed something");
}

fn idempotent_revisions(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let task = ana.add_resource(full_resource()).expect("adds");
    let (head, now) = (world.head(), start() + chrono::Duration::hours(1));
    world.clock.set(now);
    let mut edit = ResourceEdit::new(task.id);
    edit.title = Some(format!("  {} ", task.title));
    edit.tags = Some(vec!["b".into(), "a".into(), "b".into()]);
    for _ in 0..2 {
        assert_eq!(ana.revise_resource(edit.clone()).expect("revises"), task, "the record stays as it was");
    }
    ana.set_visibility(VisibilityOf { resource: task.id, visibility: task.visibility.to_string() }).expect("sets");
    ana.seal_resource(SealOf { resource: task.id, sealed: false }).expect("unseals");
    ana.transaction(|_| Ok(())).expect("an empty transaction");
    ana.batch(Vec::new(), &mut |_| std::ops::ControlFlow::Continue(())).expect("an empty batch");
    assert_eq!(world.head(), head, "nothing was written");
    assert_eq!(ana.resource(task.id).expect("is there"), task, "nothing changed");
}

fn history(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let new = full_resource().with_team(world.team).with_visibility(Visibility::Team(world.team));
    let task = ana.add_resource(new).expect("adds");
    let mut edit = ResourceEdit::new(task.id);
    edit.title = Some("Second".into());
    edit.tags = Some(vec!["b".into(), "c".into()]);
    let lead = world.as_member(world.lead);
    lead.revise_resource(edit).expect("the lead revises");
    ana.publish_resource(task.id).expect("publishes");

    let steps = ana.history(task.id).expect("the owner knows");
    let told: Vec<_> = steps.iter().map(|step| (step.op.as_str(), step.life, step.actor)).collect();
    assert_eq!(
        told,
        [
            ("add_resource", Life::Created, Some(world.ana)),
            ("revise_resource", Life::Revised, Some(world.lead)),
            ("publish_resource", Life::Revised, Some(world.ana)),
        ]
    );
    assert!(steps.windows(2).all(|pair| pair[0].seq < pair[1].seq && pair[0].at <= pair[1].at), "oldest first");
    assert_eq!(steps[0].fields["title"], "Fraction strips");
    let changed: Vec<&str> = steps[1].fields.keys().map(String::as_str).collect();
    assert_eq!(changed, ["tags", "title"], "only what changed is told");
    assert_eq!(steps[1].fields["tags"], serde_json::json!({"+": ["c"], "-": ["a"]}), "sets element by element");
    assert_eq!(steps[2].fields, [("state".to_owned(), serde_json::json!("published"))].into());

    for (who, may) in [(world.lead, true), (world.steward, true), (world.ben, false)] {
        match world.as_member(who).history(task.id) {
            Ok(found) => assert!(may && found == steps, "{who:?} must not know"),
            Err(error) => {
                assert!(!may, "{who:?} may know: {error}");
                // Ben does not see the team's resource at all.
                assert_eq!(error.kind(), ErrorKind::NotFound);
            }
        }
    }
    ana.set_visibility(VisibilityOf { resource: task.id, visibility: "community".into() }).expect("sets");
    let refusal = world.as_member(world.ben).history(task.id).expect_err("a mere reader");
    assert_eq!(refusal.kind(), ErrorKind::NotPermitted);
    assert_eq!(world.host().history(nothing(RecordKind::Team)).expect_err("no team").kind(), ErrorKind::NotFound);
    assert_eq!(world.host().history(world.team).expect("the host knows").len(), 1);
    assert!(ana.history(world.ana).is_ok(), "one knows one's own history");
    assert_eq!(ana.history(world.ben).expect_err("a stranger's").kind(), ErrorKind::NotPermitted);
}

fn deletion(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let id = ExternalId::new("drive", "f-1");
    let new = || full_resource().with_external_id(ExternalId::new("drive", "f-1"));
    let task = ana.add_resource(new()).expect("adds");
    ana.delete_resource(task.id).expect("deletes");
    for gone in
        [ana.resource(task.id).map(drop), ana.history(task.id).map(drop), ana.delete_resource(task.id).map(drop)]
    {
        assert_eq!(gone.expect_err("it is gone").kind(), ErrorKind::NotFound);
    }
    let found = ana.resources(ResourceFilter::new().with_external_id(id), PageRequest::default()).expect("lists");
    assert!(found.items.is_empty(), "a deleted record is not found by its external id");
    let again = world.refused("the id is used up", || ana.add_resource(new()));
    assert_eq!(again.kind(), ErrorKind::AlreadyExists);
    let changes = world.cop.changes(0, usize::MAX).expect("reads");
    let lives: Vec<Life> = changes.iter().filter(|c| c.id == task.id.uuid()).map(|c| c.life).collect();
    assert_eq!(lives, [Life::Created, Life::Deleted], "the log keeps what happened");
    verify(&world.cop);
    let reference = RecordRef { kind: RecordKind::Resource, id: task.id.uuid() };
    assert_eq!(world.host().record(reference).expect_err("gone").kind(), ErrorKind::NotFound);
}

fn none() -> crate::id::TeamId {
    nothing(RecordKind::Team).id.into()
}

pub(super) fn framework() -> NewFramework {
    NewFramework { identifier: "ccss-m".into(), title: "CCSS-M".into(), ..NewFramework::default() }
}

/// A resource with something in most fields.
pub(super) fn full_resource() -> NewResource {
    NewResource::new("task", "Fraction strips")
        .with_description("Fold and compare.")
        .with_body("Fold a strip into thirds.\n\tName each part.")
        .with_link("https://example.org/strips")
        .with_language("en-US")
        .with_grade("3")
        .with_subject("mathematics")
        .with_standard("3.NF.A.1")
        .with_tag("a")
        .with_tag("b")
        .with_licence("CC-BY-4.0")
        .with_school_year("2021-22")
        .with_visibility(Visibility::Private)
}
