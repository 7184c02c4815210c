//! What is derived from the records: `{"view": …, "args": …}` in, its JSON out.

use chrono::{DateTime, NaiveDate, Utc};
use cop_core::{GoalId, MemberId, RecordRef, Result, SchoolYear, Session, TeamId, ValueFilter};

use crate::json;

/// One of the core's views.
#[derive(serde::Deserialize)]
#[serde(tag = "view", content = "args", rename_all = "snake_case", deny_unknown_fields)]
pub enum View {
    Hours { member: MemberId, school_year: SchoolYear },
    Participation { member: MemberId, on: NaiveDate },
    ParticipationSeries { member: MemberId, from: NaiveDate, to: NaiveDate, every_days: u32 },
    ParticipationLevels { on: NaiveDate },
    DriverDiagram { aim: GoalId },
    SessionArchive {},
    LaunchChecklist { team: TeamId },
    OnboardingChecklist { member: MemberId },
    ValueMatrix(ValueFilter),
    MemberPage { member: MemberId },
    JoinRequests {},
    Audit { record: RecordRef },
    RecordAsOf { record: RecordRef, at: DateTime<Utc> },
}

impl View {
    pub fn look(self, session: &Session) -> Result<String> {
        match self {
            View::Hours { member, school_year } => json::write(&session.hours(member, school_year)?),
            View::Participation { member, on } => json::write(&session.participation(member, on)?),
            View::ParticipationSeries { member, from, to, every_days } => {
                json::write(&session.participation_series(member, from, to, every_days)?)
            }
            View::ParticipationLevels { on } => json::write(&session.participation_levels(on)?),
            View::DriverDiagram { aim } => {
                let diagram = session.driver_diagram(aim)?;
                json::write(&(&diagram, diagram.to_text(), diagram.to_mermaid()))
            }
            View::SessionArchive {} => json::write(&session.session_archive()?),
            View::LaunchChecklist { team } => json::write(&session.launch_checklist(team)?),
            View::OnboardingChecklist { member } => json::write(&session.onboarding_checklist(member)?),
            View::ValueMatrix(filter) => json::write(&session.value_matrix(filter)?),
            View::MemberPage { member } => json::write(&session.member_page(member)?),
            View::JoinRequests {} => json::write(&session.join_requests()?),
            View::Audit { record } => json::write(&session.audit(record)?),
            View::RecordAsOf { record, at } => json::write(&session.record_as_of(record, at)?),
        }
    }
}
