//! Random steps with the community, its organizations, members, teams and memberships.

use cop_core::{
    Admission, AffiliationOf, Application, CommitmentOf, CommunityEdit, CommunityRolesOf, EndOfAffiliation, Member,
    MemberDecision, MemberEdit, MemberRef, MemberState, Membership, MembershipRef, MembershipReply, MembershipShowing,
    MembershipState, MergeOf, NewAffiliation, NewCommunity, NewMember, NewMembership, NewOrganization, NewTeam,
    OnboardingStep, Op, OrganizationEdit, PoliciesEdit, StepOf, Team, TeamEdit, TeamRef, TeamRolesOf,
};

use super::dice::Dice;
use crate::access::Who;

impl Dice<'_> {
    pub(super) fn of_people(&mut self, name: &str, who: Who) -> Option<Op> {
        let in_state = |states: &'static [MemberState]| move |member: &Member| states.contains(&member.state);
        Some(match name {
            "found_community" => Op::FoundCommunity(NewCommunity::new("Another")),
            "revise_community" => Op::ReviseCommunity(CommunityEdit {
                name: self.maybe(Self::name),
                hub: self.maybe(Self::organization),
                ..CommunityEdit::new()
            }),
            "set_policies" => Op::SetPolicies(self.policies()),
            "add_organization" => {
                let mut new =
                    NewOrganization::new(self.word(&["network", "district", "school"], "moon base"), self.name());
                new.parent = self.maybe(Self::organization);
                new.cds = self.rarely(|d| d.one(&["01611190000000", "19647330000000", "123"]).to_owned());
                new.external_ids = self.external_ids();
                Op::AddOrganization(new)
            }
            "revise_organization" => {
                let mut edit = OrganizationEdit::new(self.organization());
                edit.name = self.maybe(Self::name);
                edit.parent = self.maybe(Self::organization);
                edit.kind = self.rarely(|d| d.one(&["network", "school"]).to_owned());
                edit.status = self.rarely(|d| d.one(&["closed", "asleep"]).to_owned());
                edit.external_ids = self.external_ids();
                Op::ReviseOrganization(edit)
            }
            "add_member" => Op::AddMember(self.new_member(true)),
            "request_participation" => {
                let with_roles = self.random.one_in(8);
                Op::RequestParticipation(self.new_member(with_roles))
            }
            "ask_to_rejoin" => Op::AskToRejoin(MemberRef {
                member: self.fitting(in_state(&[MemberState::Ended, MemberState::Invited])),
            }),
            "invite_member" => Op::InviteMember(MemberRef {
                member: self.fitting(in_state(&[MemberState::Ended, MemberState::Requested])),
            }),
            "approve_member" => Op::ApproveMember(self.member_decision()),
            "decline_member" => Op::DeclineMember(self.member_decision()),
            "accept_invitation" => {
                Op::AcceptInvitation(MemberRef { member: self.fitting(in_state(&[MemberState::Invited])) })
            }
            "complete_step" => {
                let step = self.word(&["orientation", "norms"], "dance");
                Op::CompleteStep(StepOf { member: self.self_or_other(who), step })
            }
            "commit_to_year" => {
                Op::CommitToYear(CommitmentOf { member: self.self_or_other(who), school_year: self.school_year() })
            }
            "activate_member" => Op::ActivateMember(MemberRef {
                member: self.fitting(in_state(&[
                    MemberState::Invited,
                    MemberState::Requested,
                    MemberState::Onboarding,
                    MemberState::Known,
                ])),
            }),
            "pause_member" => Op::PauseMember(MemberRef { member: self.self_or_other(who) }),
            "resume_member" => Op::ResumeMember(MemberRef { member: self.fitting(in_state(&[MemberState::Paused])) }),
            "end_member" => Op::EndMember(MemberRef { member: self.member() }),
            "revise_member" => Op::ReviseMember(self.member_edit(who)),
            "add_affiliation" => {
                Op::AddAffiliation(AffiliationOf { member: self.self_or_other(who), affiliation: self.affiliation() })
            }
            "end_affiliation" => {
                let open = self.some::<Member>(|m| m.affiliations.iter().any(|a| a.until.is_none()));
                let open = open.and_then(|member| {
                    let affiliation = member.affiliations.iter().find(|a| a.until.is_none())?;
                    Some((member.id, affiliation.organization, affiliation.role.to_string()))
                });
                let (member, organization, role) = match open.filter(|_| !self.random.one_in(3)) {
                    Some(open) => open,
                    None => (self.member(), self.organization(), "teacher".to_owned()),
                };
                Op::EndAffiliation(EndOfAffiliation { member, organization, role, until: self.date() })
            }
            "set_community_roles" => {
                Op::SetCommunityRoles(CommunityRolesOf { member: self.member(), roles: self.community_roles() })
            }
            "merge_members" => Op::MergeMembers(MergeOf { member: self.member(), duplicate: self.member() }),
            "erase_member" => Op::EraseMember(MemberRef { member: self.member() }),
            _ => return self.of_teams(name, who),
        })
    }

    fn of_teams(&mut self, name: &str, who: Who) -> Option<Op> {
        let in_state = |states: &'static [MembershipState]| move |m: &Membership| states.contains(&m.state);
        Some(match name {
            "create_team" => Op::CreateTeam(self.new_team()),
            "revise_team" => {
                let mut edit = TeamEdit::new(self.team());
                edit.name = self.maybe(Self::name);
                edit.admission = self.maybe(|d| d.one(&["open", "request", "invite_only"]).to_owned());
                edit.organizations = self.maybe(|d| vec![d.organization(), d.organization()]);
                edit.default_visibility = self.rarely(Self::visibility);
                edit.maximum_visibility = self.rarely(Self::visibility);
                edit.stage = self.rarely(|d| d.word(&["maturing"], "old"));
                Op::ReviseTeam(edit)
            }
            "activate_team" => Op::ActivateTeam(TeamRef { team: self.team_of(who) }),
            "archive_team" => Op::ArchiveTeam(TeamRef { team: self.team_of(who) }),
            "add_membership" => Op::AddMembership(self.new_membership()),
            "invite_to_team" => Op::InviteToTeam(self.new_membership()),
            "request_to_join" => {
                let asked = |team: &Team| matches!(team.admission, Admission::Open | Admission::Request);
                Op::RequestToJoin(TeamRef { team: self.fitting(asked) })
            }
            "apply_to_team" => {
                let asks = |team: &Team| team.admission == Admission::Application;
                let team = self.fitting::<Team>(asks);
                let questions = self.model.one::<Team>(team).map_or(1, |team| team.questions.len());
                let answers = (0..questions).map(|_| self.reason()).collect();
                Op::ApplyToTeam(Application { team, answers })
            }
            "approve_membership" => Op::ApproveMembership(self.membership_reply()),
            "reject_membership" => Op::RejectMembership(self.membership_reply()),
            "accept_membership" => {
                Op::AcceptMembership(MembershipRef { membership: self.fitting(in_state(&[MembershipState::Invited])) })
            }
            "end_membership" => Op::EndMembership(MembershipRef { membership: self.id::<Membership>() }),
            "complete_membership" => {
                Op::CompleteMembership(MembershipRef { membership: self.fitting(in_state(&[MembershipState::Active])) })
            }
            "set_team_roles" => {
                let membership = self.fitting(in_state(&[MembershipState::Active, MembershipState::Invited]));
                Op::SetTeamRoles(TeamRolesOf { membership, roles: self.team_roles() })
            }
            "show_membership" => {
                let public = !self.random.one_in(4);
                Op::ShowMembership(MembershipShowing { membership: self.id::<Membership>(), public })
            }
            _ => return None,
        })
    }

    fn policies(&mut self) -> PoliciesEdit {
        let mut edit = PoliciesEdit::new();
        edit.school_year_starts_in = self.rarely(|d| d.one(&[7, 8, 13]));
        edit.onboarding = self.maybe(|d| {
            let required = d.random.one_in(3);
            let step = |code: &str, required| OnboardingStep { code: code.into(), label: "Step".into(), required };
            vec![step("orientation", required), step("norms", false)]
        });
        edit.commitment_required = self.rarely(|d| d.random.one_in(2));
        edit
    }

    fn new_member(&mut self, with_roles: bool) -> NewMember {
        let mut new = NewMember::new(self.name(), self.name());
        new.roles = if with_roles { self.community_roles() } else { Vec::new() };
        new.emails = self.maybe(|d| vec![d.email()]).unwrap_or_default();
        new.affiliations = self.rarely(|d| vec![d.affiliation()]).unwrap_or_default();
        new.external_ids = self.external_ids();
        new
    }

    fn member_decision(&mut self) -> MemberDecision {
        let member = self.fitting::<Member>(|member| member.state == MemberState::Requested);
        MemberDecision { member, reason: self.maybe(Self::reason) }
    }

    fn member_edit(&mut self, who: Who) -> MemberEdit {
        let mut edit = MemberEdit::new(self.self_or_other(who));
        edit.given = self.maybe(Self::name);
        edit.emails = self.maybe(|d| vec![d.email()]);
        edit.contact = self.maybe(|d| d.one(&["private", "community"]).to_owned());
        edit.pronouns = self.rarely(|d| d.word(&["they/them", ""], "a\u{0}b"));
        edit.bio = self.rarely(Self::title);
        edit.external_ids = self.external_ids();
        edit
    }

    fn new_team(&mut self) -> NewTeam {
        let mut new = NewTeam::new(self.one(&["project", "site", "regional", "course"]), self.name());
        new.parent = self.maybe(Self::team);
        new.admission = self.maybe(|d| d.word(&["open", "request", "application", "closed"], "x"));
        new.questions = self.maybe(|d| vec![d.title()]).unwrap_or_default();
        new.default_visibility = self.maybe(Self::visibility);
        new.maximum_visibility = self.rarely(Self::visibility);
        new.starts = self.rarely(Self::date);
        new.ends = new.starts;
        new.organizations = self.rarely(|d| vec![d.organization()]).unwrap_or_default();
        if new.kind == "regional" {
            new = new.with_region("ccsesa", self.one(&["1", "2"]));
        }
        new
    }

    fn new_membership(&mut self) -> NewMembership {
        let member = self.fitting::<Member>(Member::is_live);
        NewMembership { team: self.team(), member, roles: self.team_roles() }
    }

    /// An answer to a membership that somebody asked for, if there is one.
    fn membership_reply(&mut self) -> MembershipReply {
        let membership = self.fitting::<Membership>(|m| m.state == MembershipState::Requested);
        MembershipReply { membership, reason: self.maybe(Self::reason) }
    }

    fn community_roles(&mut self) -> Vec<String> {
        self.roles(&["owner", "steward", "convener", "member", "member", "observer"], "king")
    }

    fn affiliation(&mut self) -> NewAffiliation {
        let mut new = NewAffiliation::new(self.organization(), self.word(&["teacher", "coach", "juggler"], "a b"));
        new.since = self.maybe(Self::date);
        new.until = self.rarely(Self::date);
        new.grades = self.maybe(|d| vec![d.word(&["3", "KG"], "99")]).unwrap_or_default();
        new
    }
}
