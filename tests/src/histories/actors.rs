//! Who would be able to do what: so that more is accepted than chance would have it.

use cop_core::{
    Attendance, CommunityRole, Convening, ConveningId, Cycle, CycleId, Finding, Goal, GoalId, Measure, MeasureId,
    MemberId, Membership, MembershipId, Mentorship, MentorshipId, Observation, Op, Record, Resource, Story, StoryId,
    TeamId,
};

use super::dice::Dice;
use crate::access::Who;

const STEWARDS: &[CommunityRole] = &[CommunityRole::Steward, CommunityRole::Owner];
const FACILITATORS: &[CommunityRole] = &[CommunityRole::Convener, CommunityRole::Steward, CommunityRole::Owner];

impl Dice<'_> {
    /// Somebody who may do this, as far as that can be told.
    pub(super) fn able(&mut self, op: &Op) -> Option<Who> {
        let itself = |id: MemberId| Some(Who::Member(id));
        match op {
            Op::AskToRejoin(op) | Op::AcceptInvitation(op) | Op::ActivateMember(op) => itself(op.member),
            Op::PauseMember(op) | Op::ResumeMember(op) => itself(op.member),
            Op::CommitToYear(op) => itself(op.member),
            Op::ReviseMember(op) => itself(op.member),
            Op::CompleteStep(op) => itself(op.member),
            Op::ApproveMember(_) | Op::DeclineMember(_) | Op::InviteMember(_) | Op::AddMember(_) => {
                self.with_role(STEWARDS)
            }
            Op::MergeMembers(_) | Op::EndAffiliation(_) => self.with_role(STEWARDS),
            Op::SetCommunityRoles(_) | Op::SetPolicies(_) | Op::ReviseCommunity(_) => {
                self.with_role(&[CommunityRole::Owner])
            }
            Op::RequestParticipation(_) | Op::AddMembership(_) => Some(Who::Host),
            Op::RecordFramework(_) | Op::RecordStandard(_) | Op::RecordAssociation(_) => Some(Who::Host),
            Op::CreateTeam(_) | Op::Inspect(_) => self.with_role(FACILITATORS),
            Op::ReviseTeam(op) => self.runs(op.team),
            Op::InviteToTeam(op) => self.runs(op.team),
            Op::ApproveMembership(op) | Op::RejectMembership(op) => self.lead_of(op.membership),
            Op::SetTeamRoles(op) => self.lead_of(op.membership),
            Op::CompleteMembership(op) => self.lead_of(op.membership),
            Op::AcceptMembership(op) => self.member_of(op.membership),
            Op::ShowMembership(op) => self.member_of(op.membership),
            Op::ReviewResource(_) => self.with_role(FACILITATORS),
            Op::SealResource(op) => self.maker_of::<Resource>(op.resource),
            Op::SubmitResource(op) | Op::PublishResource(op) => self.maker_of::<Resource>(op.resource),
            Op::SetEmbargo(op) => self.maker_of::<Resource>(op.resource),
            _ => self.able_at_work(op),
        }
    }

    fn able_at_work(&mut self, op: &Op) -> Option<Who> {
        match op {
            Op::ReviseGoal(op) => self.keeps_goal(op.goal),
            Op::LinkGoal(op) | Op::UnlinkGoal(op) => self.keeps_goal(op.goal),
            Op::CloseGoal(op) => self.keeps_goal(op.goal),
            Op::ReviseCycle(op) => self.keeps_cycle(op.cycle),
            Op::Register(_) => self.with_role(&[CommunityRole::Member]),
            Op::Predict(op) => self.keeps_cycle(op.cycle),
            Op::RecordResult(op) => self.keeps_cycle(op.cycle),
            Op::AdvanceCycle(op) => self.keeps_cycle(op.cycle),
            Op::StepBackCycle(op) => self.keeps_cycle(op.cycle),
            Op::DecideCycle(op) => self.keeps_cycle(op.cycle),
            Op::ReviseMeasure(op) => self.keeps_measure(op.measure),
            Op::AddMeasurePhase(op) => self.keeps_measure(op.measure),
            Op::RecordObservation(op) => self.keeps_measure(op.measure),
            Op::RecordObservations(op) => self.keeps_measure(op.observations.first()?.measure),
            Op::CorrectObservation(op) => self.keeps_observation(op.observation),
            Op::ExcludeObservation(op) => self.keeps_observation(op.observation),
            Op::ReviseConvening(op) => self.keeps_convening(op.convening),
            Op::ScheduleConvening(op) | Op::HoldConvening(op) => self.keeps_convening(op.convening),
            Op::CancelConvening(op) => self.keeps_convening(op.convening),
            Op::InviteToConvening(op) => self.keeps_convening(op.convening),
            Op::RecordAttendance(op) => self.keeps_convening(op.convening),
            Op::RecordAttendances(op) => self.keeps_convening(op.attendances.first()?.convening),
            Op::AddWalkIn(op) => self.keeps_convening(op.convening),
            Op::MatchWalkIn(_) => self.with_role(FACILITATORS),
            Op::CancelAttendance(op) => self.model.one::<Attendance>(op.attendance)?.member.map(Who::Member),
            Op::ReviseStory(op) => self.owner_of(op.story),
            Op::GrantConsent(op) => self.owner_of(op.story),
            Op::WithdrawConsent(op) => self.owner_of(op.story),
            Op::ProposeMentorship(op) => Some(Who::Member(op.mentor)),
            Op::AcceptMentorship(op) => self.one_of(op.mentorship),
            Op::ReviseMentorship(op) => self.one_of(op.mentorship),
            Op::EndMentorship(op) => self.one_of(op.mentorship),
            Op::ReviseEntry(op) => self.maker_of::<cop_core::Entry>(op.entry),
            Op::ResolveFinding(op) => {
                let team = self.model.one::<Finding>(op.finding).and_then(|finding| finding.team);
                team.and_then(|team| self.runs(team)).or_else(|| self.with_role(FACILITATORS))
            }
            _ => None,
        }
    }

    fn maker_of<R: Record>(&mut self, id: R::Id) -> Option<Who>
    where
        uuid::Uuid: From<R::Id>,
    {
        self.model.one::<R>(id)?.header().created_by.map(Who::Member)
    }

    fn lead_of(&mut self, membership: MembershipId) -> Option<Who> {
        let team = self.model.one::<Membership>(membership)?.team;
        self.runs(team).or_else(|| self.with_role(FACILITATORS))
    }

    fn member_of(&mut self, membership: MembershipId) -> Option<Who> {
        Some(Who::Member(self.model.one::<Membership>(membership)?.member))
    }

    fn keeper(&mut self, maker: Option<MemberId>, team: Option<TeamId>) -> Option<Who> {
        let maker = maker.filter(|_| self.random.one_in(2)).map(Who::Member);
        let of_team = |dice: &mut Self| team.and_then(|team| dice.runs(team));
        maker.or_else(|| of_team(self)).or_else(|| self.with_role(FACILITATORS))
    }

    fn keeps_goal(&mut self, goal: GoalId) -> Option<Who> {
        let goal = self.model.one::<Goal>(goal)?;
        self.keeper(goal.created_by, goal.team)
    }

    fn keeps_cycle(&mut self, cycle: CycleId) -> Option<Who> {
        let cycle = self.model.one::<Cycle>(cycle)?;
        self.keeper(cycle.lead.or(cycle.created_by), Some(cycle.team))
    }

    fn keeps_measure(&mut self, measure: MeasureId) -> Option<Who> {
        let measure = self.model.one::<Measure>(measure)?;
        self.keeper(measure.created_by, Some(measure.team))
    }

    fn keeps_observation(&mut self, observation: cop_core::ObservationId) -> Option<Who> {
        let measure = self.model.one::<Observation>(observation)?.measure;
        self.keeps_measure(measure)
    }

    fn keeps_convening(&mut self, convening: ConveningId) -> Option<Who> {
        let convening = self.model.one::<Convening>(convening)?;
        self.keeper(convening.created_by, convening.teams.first().copied())
    }

    fn owner_of(&mut self, story: StoryId) -> Option<Who> {
        self.model.one::<Story>(story)?.owner().map(Who::Member)
    }

    fn one_of(&mut self, mentorship: MentorshipId) -> Option<Who> {
        let tie = self.model.one::<Mentorship>(mentorship)?;
        let other = if tie.proposed_by == tie.mentor { tie.mentee } else { tie.mentor };
        Some(Who::Member(other))
    }
}
