//! Random steps with frameworks of standards and with resources.

use cop_core::{
    Convening, Cycle, EmbargoOf, Framework, GrantOf, NewAlignment, NewAssociation, NewCreator, NewFramework, NewLink,
    NewResource, NewStandard, NodeRef, Op, PartOf, Resource, ResourceEdit, ResourceState, ReviewOf, SealOf, Standard,
    VisibilityOf,
};

use super::dice::Dice;
use crate::access::Who;

impl Dice<'_> {
    pub(super) fn of_library(&mut self, name: &str, who: Who) -> Option<Op> {
        let framework = Framework::id_of("f-1");
        Some(match name {
            "record_framework" => Op::RecordFramework(NewFramework {
                identifier: self.one(&["f-1", "f-2", ""]).into(),
                title: self.title(),
                extra: self.extra(),
                ..NewFramework::default()
            }),
            "record_standard" => {
                let mut new = NewStandard::new(framework, self.one(&["s-1", "s-2", "S-1"]), self.title());
                new.code = self.maybe(|d| d.one(&["3.NF.A.1", "CCSS.MATH.CONTENT.3.NF.A.2", "…"]).to_owned());
                new.parent = self.maybe(|_| "s-1".to_owned());
                new.education_levels = self.words();
                new.position = self.maybe(|d| d.random.bits() as i64);
                new.extra = self.extra();
                Op::RecordStandard(new)
            }
            "record_association" => Op::RecordAssociation(NewAssociation {
                framework,
                identifier: self.one(&["a-1", "a-2"]).into(),
                kind: self.one(&["isChildOf", "precedes", "own:tie"]).into(),
                origin: node("s-1"),
                destination: node(self.one(&["s-2", "elsewhere", ""])),
                sequence: self.maybe(|d| d.random.below(9) as i64),
                extra: self.extra(),
            }),
            "add_resource" => Op::AddResource(self.new_resource(who)),
            "revise_resource" => Op::ReviseResource(self.resource_edit(who)),
            "submit_resource" => {
                let draft = self.fitting::<Resource>(|r| r.state == ResourceState::Draft && r.created_by.is_some());
                Op::SubmitResource(draft.into())
            }
            "review_resource" => Op::ReviewResource(ReviewOf {
                resource: self.fitting::<Resource>(|resource| resource.state == ResourceState::InReview),
                verdict: self.word(&["approved", "changes_requested"], "fine"),
                comment: self.title(),
            }),
            "publish_resource" => Op::PublishResource(self.resource_of(who).into()),
            "set_embargo" => {
                Op::SetEmbargo(EmbargoOf { resource: self.resource_of(who), until: self.maybe(Self::date) })
            }
            "retire_resource" => Op::RetireResource(self.resource_of(who).into()),
            "set_visibility" => {
                Op::SetVisibility(VisibilityOf { resource: self.resource_of(who), visibility: self.visibility() })
            }
            "grant_access" => Op::GrantAccess(GrantOf { resource: self.resource_of(who), grantee: self.grantee() }),
            "revoke_access" => {
                let resource = self.resource_of(who);
                let given: Vec<_> = self.model.one::<Resource>(resource).into_iter().flat_map(|r| r.grants).collect();
                let grantee = self.random.pick(&given).map_or_else(|| self.grantee(), |grantee| grantee.to_string());
                Op::RevokeAccess(GrantOf { resource, grantee })
            }
            "seal_resource" => {
                Op::SealResource(SealOf { resource: self.resource_of(who), sealed: !self.random.one_in(3) })
            }
            "delete_resource" => Op::DeleteResource(self.resource_of(who).into()),
            _ => return None,
        })
    }

    fn grantee(&mut self) -> String {
        match self.random.below(7) {
            0 | 1 => format!("member:{}", self.member()),
            2 | 3 => format!("team:{}", self.team()),
            4 | 5 => format!("organization:{}", self.organization()),
            _ => self.word(&["member:00000000-0000-0000-0000-000000000000"], "everybody"),
        }
    }

    fn new_resource(&mut self, who: Who) -> NewResource {
        let mut new = NewResource::new(self.word(&["task", "video", "own:kind"], "no kind"), self.title());
        new.body = self.maybe(|d| d.title()).unwrap_or_default();
        new.links = self
            .maybe(|d| vec![NewLink { url: d.word(&["https://example.org/a"], "ftp://x"), label: None }])
            .unwrap_or_default();
        new.creators =
            self.maybe(|d| vec![NewCreator { member: d.maybe(Self::member), name: d.name() }]).unwrap_or_default();
        new.tags = self.words();
        new.language = self.maybe(|d| d.word(&["en", "ES-mx"], "??"));
        new.school_year = self.maybe(Self::school_year);
        new.team = self.maybe(|d| d.team_of(who));
        new.visibility = self.maybe(Self::visibility);
        new.external_ids = self.external_ids();
        new.part_of = self.rarely(|d| PartOf { resource: d.resource_of(who), position: 1 });
        new.convening = self.rarely(|d| d.id::<Convening>());
        new.cycle = self.rarely(|d| d.id::<Cycle>());
        new.owner = match who {
            Who::Host => self.maybe(Self::member),
            _ => self.random.one_in(40).then(|| self.member()),
        };
        new.published = self.random.one_in(2);
        if new.published && !self.random.one_in(8) {
            new.body = "Fold a strip.".into();
        }
        if self.random.one_in(4) {
            new = new.with_standard("3.NF.A.1");
        }
        new
    }

    fn resource_edit(&mut self, who: Who) -> ResourceEdit {
        let mut edit = ResourceEdit::new(self.resource_of(who));
        edit.title = self.maybe(Self::title);
        edit.body = self.maybe(Self::title);
        edit.tags = self.maybe(Self::words);
        edit.subjects = self.rarely(Self::words);
        edit.grades = self.rarely(|d| vec![d.one(&["3", "4", "KG"]).to_owned()]);
        edit.licence = self.rarely(|d| d.word(&["CC-BY-4.0", ""], "free"));
        edit.school_year = self.rarely(|d| d.one(&["2022-23", ""]).to_owned());
        edit.alignments = self.rarely(|d| {
            let standard = d.maybe(|d| d.id::<Standard>());
            vec![NewAlignment { code: "3.NF.A.2".into(), standard, kind: None }]
        });
        edit.supersedes = self.rarely(|d| d.resource_of(who));
        edit
    }
}

fn node(identifier: &str) -> NodeRef {
    NodeRef { identifier: identifier.into(), uri: String::new(), title: "Ende".into() }
}
