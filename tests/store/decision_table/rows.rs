//! Makes the record that a row of the decision table tells of, as people make it.

use chrono::{Days, TimeDelta};
use cop_core::{
    Cancellation, ConsentOf, ConveningId, CycleId, EmbargoOf, Finding, FindingFilter, FindingKind, FindingResolution,
    FormationRule, Framework, GoalId, GrantOf, Inspection, MeasureId, MembershipFilter, MentorshipId, NewAssociation,
    NewAttendance, NewConvening, NewCycle, NewEntry, NewFramework, NewGoal, NewMeasure, NewMentorship, NewObservation,
    NewResource, NewStandard, NewStory, NewWalkIn, NodeRef, PageRequest, Period, RecordRef, ResourceId, Result, SealOf,
    StoryId, TeamEdit, Visibility,
};

use super::world::World;

impl World {
    /// The record that the words of a row tell of.
    pub fn make(&mut self, words: [&str; 4]) -> Result<RecordRef> {
        self.made += 1;
        Ok(match words {
            ["resource", audience, state, seal] => self.resource("fractions", audience, state, seal)?.into(),
            ["goal", visibility, of, _] => self.goal("fractions", visibility, of)?.into(),
            ["measure", visibility, _, _] => self.measure(visibility)?.into(),
            ["observation", visibility, _, _] => {
                let measure = self.measure(visibility)?;
                let period = Period { starts_on: self.today - Days::new(6), ends_on: self.today };
                let new = NewObservation::new(measure, period).with_value(5.0);
                self.session("maker").record_observation(new)?.id.into()
            }
            ["cycle", visibility, named, _] => self.cycle("fractions", visibility, named)?.into(),
            ["convening", visibility, state, _] => self.convening("fractions", visibility, state)?.into(),
            ["attendance", whose, at, _] => self.attendance(whose, at)?,
            ["story", of, consent, _] => self.story("fractions", of, consent)?.into(),
            ["mentorship", _, place, _] => self.mentorship(place)?.into(),
            ["entry", on, kind, _] => self.entry(on, kind == "private")?,
            ["finding", of, state, _] => self.finding(of, state)?.id.into(),
            ["member", of, _, _] => self.person(of.strip_prefix("of:").unwrap()).into(),
            ["membership", of, _, _] => {
                let member = self.person(of.strip_prefix("of:").unwrap());
                let of = MembershipFilter::new().with_member(member).with_team(self.team);
                self.cop.steward().memberships(of, PageRequest::default())?.items[0].id.into()
            }
            ["organization", ..] => self.district.into(),
            ["team", ..] => self.team.into(),
            [kind, ..] => self.directory(kind)?,
        })
    }

    fn directory(&self, kind: &str) -> Result<RecordRef> {
        let host = self.cop.steward();
        let framework = Framework::id_of("f-1");
        Ok(match kind {
            "community" => RecordRef { kind: cop_core::RecordKind::Community, id: self.cop.about()?.id.uuid() },
            "framework" => {
                let new = NewFramework { identifier: "f-1".into(), title: "F".into(), ..NewFramework::default() };
                host.record_framework(new)?.id.into()
            }
            "standard" => host.record_standard(NewStandard::new(framework, "s-1", "S"))?.id.into(),
            "association" => {
                let node = |id: &str| NodeRef { identifier: id.into(), uri: String::new(), title: "N".into() };
                let new = NewAssociation {
                    framework,
                    identifier: "a-1".into(),
                    kind: "precedes".into(),
                    origin: node("s-1"),
                    destination: node("s-2"),
                    sequence: None,
                    extra: serde_json::Map::new(),
                };
                host.record_association(new)?.id.into()
            }
            other => panic!("{other} in the table"),
        })
    }

    fn visibility(&self, word: &str) -> Visibility {
        match word {
            "public" => Visibility::Public,
            "community" => Visibility::Community,
            "organization" => Visibility::Organization(self.district),
            "team" => Visibility::Team(self.team),
            _ => Visibility::Private,
        }
    }

    fn resource(&self, title: &str, audience: &str, state: &str, seal: &str) -> Result<ResourceId> {
        let host = self.cop.steward();
        let mut new = NewResource::new("task", title).with_team(self.team).with_body("text");
        new.owner = Some(self.person("maker"));
        let id = host.add_resource(new.with_visibility(self.visibility(audience)))?.id;
        let grantee = match audience {
            "to:member" | "to:ended" => Some(format!("member:{}", self.person(&audience[3..]))),
            "to:team" => Some(format!("team:{}", self.team)),
            "to:county" => Some(format!("organization:{}", self.county)),
            "to:school" => Some(format!("organization:{}", self.school)),
            _ => None,
        };
        if let Some(grantee) = grantee {
            host.grant_access(GrantOf { resource: id, grantee })?;
        }
        match state {
            "draft" => {}
            "in_review" => drop(host.submit_resource(id)?),
            _ => drop(host.publish_resource(id)?),
        }
        let embargo = match state {
            "embargoed" => Some(self.today + Days::new(1)),
            "lifted" => Some(self.today),
            _ => None,
        };
        host.set_embargo(EmbargoOf { resource: id, until: embargo })?;
        if state == "retired" {
            host.retire_resource(id)?;
        }
        self.session("maker").seal_resource(SealOf { resource: id, sealed: seal == "sealed" })?;
        Ok(id)
    }

    fn goal(&self, title: &str, visibility: &str, of: &str) -> Result<GoalId> {
        let mut new = NewGoal::new("problem", title);
        new.visibility = Some(self.visibility(visibility).to_string());
        match of {
            "of:team" => self.session("maker").add_goal(new.with_team(self.team)),
            _ => self.cop.steward().add_goal(new),
        }
        .map(|goal| goal.id)
    }

    fn measure(&self, visibility: &str) -> Result<MeasureId> {
        let mut new = NewMeasure::new(self.team, "Explained", "Who explains.", "count");
        new.visibility = Some(self.visibility(visibility).to_string());
        Ok(self.session("maker").define_measure(new)?.id)
    }

    fn cycle(&self, title: &str, visibility: &str, named: &str) -> Result<CycleId> {
        let mut new = NewCycle::new(self.team, "pdsa", title);
        new.visibility = Some(self.visibility(visibility).to_string());
        match named {
            "with:tied" => new.participants.push(self.person("tied")),
            "led:tied" => new.lead = Some(self.person("tied")),
            _ => {}
        }
        Ok(self.session("maker").start_cycle(new)?.id)
    }

    /// A convening that is going on.
    fn convening(&self, title: &str, visibility: &str, state: &str) -> Result<ConveningId> {
        let now = self.today.and_hms_opt(12, 0, 0).unwrap();
        let new = NewConvening::new("workshop", title, now, now + TimeDelta::hours(4), "UTC");
        let mut new = new.online("https://example.org");
        let organiser = match visibility {
            "all" => self.cop.steward(),
            visibility => {
                new.visibility = Some(self.visibility(visibility).to_string());
                new.teams.push(self.team);
                self.session("maker")
            }
        };
        let id = organiser.plan_convening(new)?.id;
        if !matches!(state, "draft" | "dropped") {
            organiser.schedule_convening(id)?;
        }
        match state {
            "cancelled" | "dropped" => {
                drop(organiser.cancel_convening(Cancellation { convening: id, reason: "Rain.".into() })?);
            }
            "held" => drop(organiser.hold_convening(id)?),
            _ => {}
        }
        Ok(id)
    }

    fn attendance(&self, whose: &str, at: &str) -> Result<RecordRef> {
        let host = self.cop.steward();
        let convening = self.convening("Other", if at == "all" { "all" } else { "public" }, "scheduled")?;
        Ok(match whose {
            "of:walk-in" => host.add_walk_in(NewWalkIn::new(convening, "Wanda"))?.id.into(),
            of => {
                let member = self.person(of.strip_prefix("of:").unwrap());
                host.record_attendance(NewAttendance::new(convening, member))?.id.into()
            }
        })
    }

    fn story(&self, title: &str, of: &str, consent: &str) -> Result<StoryId> {
        let mut new = NewStory::new("testimonial", title, "It helped.").with_team(self.team);
        let (writer, owner) = match of {
            "of:tied" => (self.cop.steward(), self.session("tied")),
            _ => (self.session("maker"), self.session("maker")),
        };
        new.teller = (of == "of:tied").then(|| self.person("tied"));
        new.anonymous = of == "of:nobody";
        let id = writer.tell_story(new)?.id;
        let scope = match consent {
            "none" => None,
            "withdrawn" => Some(Visibility::Public),
            scope => Some(self.visibility(scope)),
        };
        if let Some(scope) = scope {
            owner.grant_consent(ConsentOf { story: id, scope: scope.to_string(), attribution: None })?;
        }
        if consent == "withdrawn" {
            owner.withdraw_consent(id)?;
        }
        Ok(id)
    }

    fn mentorship(&self, place: &str) -> Result<MentorshipId> {
        // There is one of a kind between the two.
        let kind = format!("own:{}", self.made);
        let mut new = NewMentorship::new(kind, self.person("maker"), self.person("tied"));
        new.team = (place == "in:team").then_some(self.team);
        Ok(self.session("maker").propose_mentorship(new)?.id)
    }

    /// A note of the maker's.
    fn entry(&self, on: &str, private: bool) -> Result<RecordRef> {
        let subject: RecordRef = match on {
            "on:team" => self.team.into(),
            "on:goal" => self.goal("Other", "organization", "of:team")?.into(),
            "on:measure" => self.measure("community")?.into(),
            "on:cycle" => self.cycle("Other", "private", "with:tied")?.into(),
            "on:convening" => self.convening("Other", "public", "draft")?.into(),
            "on:resource" => self.resource("Other", "private", "published", "sealed")?.into(),
            "on:embargo" => self.resource("Other", "public", "embargoed", "open")?.into(),
            "on:story" | "on:withdrawn" => self.story("Other", "of:tied", "community")?.into(),
            "on:mentorship" => self.mentorship("in:team")?.into(),
            other => panic!("{other} in the table"),
        };
        let mut new = NewEntry::new(subject, "note", "Something.");
        new.private = private;
        let entry = self.session("maker").add_entry(new)?.id;
        if on == "on:withdrawn" {
            self.session("tied").withdraw_consent(StoryId::from(subject.id))?;
        }
        Ok(entry.into())
    }

    fn finding(&self, of: &str, state: &str) -> Result<Finding> {
        let host = self.cop.steward();
        let kind = match (of, state) {
            ("of:nobody", _) => FindingKind::DuplicateEmail,
            (_, "open") => {
                let mut edit = TeamEdit::new(self.team);
                edit.formation = Some(FormationRule { min_members: 99, ..FormationRule::default() });
                host.revise_team(edit)?;
                FindingKind::FormationRule
            }
            _ => {
                let mut edit = TeamEdit::new(self.team);
                (edit.starts, edit.ends) = (Some(self.today - Days::new(9)), Some(self.today - Days::new(2)));
                host.revise_team(edit)?;
                FindingKind::TermOver
            }
        };
        host.inspect(Inspection {})?;
        let found = host.findings(FindingFilter::new().with_kind(kind), PageRequest::default())?.items;
        let found = found.into_iter().next().unwrap();
        match state {
            "resolved" => host.resolve_finding(FindingResolution { finding: found.id, note: "Fine.".into() }),
            _ => Ok(found),
        }
    }
}
