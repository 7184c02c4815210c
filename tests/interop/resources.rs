//! Resources as JSON Lines.

use cop_core::interop::ImportOptions;
use cop_core::{
    ExternalId, NewMember, NewTeam, PageRequest, RecordKind, Resource, ResourceEdit, ResourceFilter, ResourceState,
    Visibility,
};

use crate::{codes, community, import, import_twice};

fn resource(cop: &cop_core::Community, id: &str) -> Resource {
    let filter = ResourceFilter::new().with_external_id(ExternalId::new("jsonl", id));
    cop.steward().resources(filter, PageRequest::default()).expect("a list").items.remove(0)
}

#[test]
fn lines_become_resources() {
    let (cop, _) = community();
    let ana = cop.steward().add_member(NewMember::new("Ana", "Ruiz")).expect("a member");
    let team = cop.steward().create_team(NewTeam::new("site", "Oak Team")).expect("a team");
    let lines = format!(
        "{}\n\r\n{}\n{}\n{}\n{}\nnot json\n[1]\n{}\n{}",
        r#"{"id": "b:1", "title": "Fractions", "body": "Fold\u0007 strips.", "type": "textbook-section", "collection": "Book",
            "subjects": ["Mathematics"], "grades": ["5", "K"], "standards": ["5NFB3", {"code": "3.NF.A.2", "kind": "assesses"}],
            "license": "http://creativecommons.org/licenses/by/4.0/", "url": "https://example.org/1", "language": "en",
            "source": "x@1", "path": "p", "published_on": "2020-02-03", "school_year": "2019-20"}"#
            .replace("\n            ", " "),
        format_args!(r#"{{"id": "b:2", "title": "Team's", "body": "b", "team": "oak team", "owner": "{}", "state": "draft"}}"#, ana.id),
        format_args!(r#"{{"id": "b:3", "title": "T3", "visibility": "public", "url": "javascript:alert(1)", "grades": ["14", 5]}}"#),
        format_args!(r#"{{"id": "b:4", "title": "{}", "body": "{}", "tags": ["{}"]}}"#, "t".repeat(301), "b".repeat(200_001), "x".repeat(65)),
        r#"{"id": "b:5", "title": "T5", "team": "nowhere"}"#,
        r#"{"id": "b:1", "title": "Again"}"#,
        r#"{"id": "", "description": "neither id nor title"}"#,
    );
    let report = import_twice(&cop, "resources", lines.as_bytes());
    assert_eq!(report.of(RecordKind::Resource).added, 4);
    let found: Vec<(Option<u64>, &str)> = report.issues.iter().map(|issue| (issue.row, issue.code.as_str())).collect();
    assert_eq!(
        found,
        [
            (Some(1), "text.character"),
            (Some(4), "url.format"),
            (Some(4), "grade.unknown"),
            (Some(5), "text.too_long"),
            (Some(5), "text.too_long"),
            (Some(5), "text.too_long"),
            (Some(7), "json.syntax"),
            (Some(8), "jsonl.not_an_object"),
            (Some(9), "jsonl.duplicate_id"),
            (Some(10), "text.empty"),
            (Some(10), "text.empty"),
            (None, "jsonl.unknown_field"),
            (Some(4), "resource.empty"),
            (Some(6), "jsonl.unknown_team"),
        ]
    );
    let first = resource(&cop, "b:1");
    assert_eq!((first.kind.code(), first.body.as_str()), ("book", "Fold  strips."));
    assert_eq!(first.tags.iter().map(String::as_str).collect::<Vec<_>>(), ["Book"]);
    assert_eq!(first.licence.as_ref().map(|licence| licence.code()), Some("CC-BY-4.0"));
    assert_eq!((first.visibility, first.state), (Visibility::Community, ResourceState::Published));
    assert_eq!((first.alignments.len(), first.grades.len(), first.links.len()), (2, 2, 1));
    let second = resource(&cop, "b:2");
    assert_eq!((second.team, second.created_by, second.state), (Some(team.id), Some(ana.id), ResourceState::Draft));
    let third = resource(&cop, "b:3");
    assert_eq!((third.visibility, third.state, third.links.len()), (Visibility::Public, ResourceState::Draft, 0));
    assert_eq!(resource(&cop, "b:4").title.len(), 300);
}

#[test]
fn what_the_community_did_to_a_resource_stays() {
    let (cop, _) = community();
    let line = |title: &str| {
        format!(r#"{{"id": "1", "title": "{title}", "body": "b", "collection": "Book", "standards": ["5.NF.1"]}}"#)
    };
    import_twice(&cop, "resources", line("One").as_bytes());
    let steward = cop.steward();
    let id = resource(&cop, "1").id;
    let mut edit = ResourceEdit::new(id);
    edit.tags = Some(vec!["Book".to_owned(), "ours".to_owned()]);
    edit.description = Some("what we think of it".to_owned());
    steward.revise_resource(edit).expect("an edit");
    steward.retire_resource(id).expect("retired");
    let head = cop.head().expect("head");
    import_twice(&cop, "resources", line("One").as_bytes());
    assert_eq!(cop.head().expect("head"), head);
    let report = import_twice(&cop, "resources", line("Two").as_bytes());
    assert_eq!(report.of(RecordKind::Resource).updated, 1);
    let now = resource(&cop, "1");
    assert_eq!((now.title.as_str(), now.state, now.tags.len()), ("Two", ResourceState::Retired, 2));
    assert_eq!(now.description, "what we think of it");

    steward.delete_resource(id).expect("deleted");
    let report = import(&cop, "resources", line("Three").as_bytes(), &ImportOptions::new()).expect("an import");
    assert_eq!((report.changes(), codes(&report)), (0, vec!["import.not_restored"]));
}

#[test]
fn a_draft_is_published_when_the_line_says_so() {
    let (cop, _) = community();
    let line = |state: &str, visibility: &str| {
        format!(r#"{{"id": "1", "title": "T", "body": "b", "state": "{state}", "visibility": "{visibility}"}}"#)
    };
    import_twice(&cop, "resources", line("draft", "private").as_bytes());
    let report = import_twice(&cop, "resources", line("published", "public").as_bytes());
    assert_eq!(report.of(RecordKind::Resource).updated, 1);
    let now = resource(&cop, "1");
    assert_eq!((now.visibility, now.state), (Visibility::Public, ResourceState::Published));
}
