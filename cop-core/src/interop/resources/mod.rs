//! Resources as JSON Lines: one object a line.
//!
//! | field | here |
//! |---|---|
//! | `id` (required) | the external id `jsonl:<id>`, by which the resource is known again |
//! | `title` (required), `description`, `body` | cleaned of control characters, cut where too long, both reported |
//! | `type` or `kind` | the kind; `textbook-section` and `textbook` are `book`, other words kinds of their own |
//! | `subjects`, `grades`, `standards`, `tags`, `language`, `school_year` | as they are called; a standard may be an object `{code, kind}` |
//! | `license` or `licence`, `url` | the licence, a link |
//! | `collection` | a tag, so that a book's sections are found together |
//! | `visibility`, `state` (`draft`, `published`), `published_on` | as they are called; else the options' visibility, published |
//! | `team` | a team's id, or its name where only one has it |
//! | `owner` or `by` | the owner's member id; only the host may say so |
//! | `source` and whatever else there is | not kept: a report names such fields once |
//!
//! A value that is not understood (a grade, a licence, a URL) is left out of its row with a warning. In a
//! line that comes again, a missing field changes nothing; tags and standards are added to those the community
//! has; and only what the line itself says about visibility and state is heeded: what the community retired
//! stays retired, what it deleted stays deleted.

mod apply;
mod parse;

use crate::error::Result;
use crate::interop::{ImportOptions, ImportReport, run};
use crate::session::{OnProgress, PageRequest, Session, TeamFilter};

impl Session {
    /// Imports resources from JSON Lines.
    ///
    /// Heeds `mode` and `visibility`. See [`interop`](crate::interop).
    ///
    /// # Errors
    /// `InvalidInput` (`jsonl.no_lines`) when there are lines but none is a JSON object; `NotPermitted` for
    /// those who may not add resources; `Interrupted` when `progress` breaks. Nothing is written then.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use cop_core::interop::ImportOptions;
    /// use cop_core::{Community, NewCommunity, RecordKind};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// let lines = br#"{"id": "t:1", "title": "Fraction strips", "type": "task", "url": "https://example.org/1"}"#;
    /// let go_on = &mut |_| ControlFlow::Continue(());
    /// let report = cop.steward().import_resources(lines, &ImportOptions::new(), go_on)?;
    /// assert_eq!(report.of(RecordKind::Resource).added, 1);
    /// // The same again changes nothing.
    /// assert_eq!(cop.steward().import_resources(lines, &ImportOptions::new(), go_on)?.changes(), 0);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    pub fn import_resources(
        &self,
        bytes: &[u8],
        options: &ImportOptions,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::new(options.mode);
        let lines = parse::parse(bytes, &mut report)?;
        let teams = self.teams_by_name(&lines)?;
        run::run(self, report, lines.len() as u64, progress, |run| {
            lines.iter().try_for_each(|line| apply::apply(run, line, &teams, options).and_then(|()| run.step()))
        })
    }

    /// The teams that the session sees, where a line names one.
    fn teams_by_name(&self, lines: &[parse::Line]) -> Result<apply::Teams> {
        let mut teams = apply::Teams::new();
        if lines.iter().all(|line| line.team.is_none()) {
            return Ok(teams);
        }
        let mut next = None;
        loop {
            let page = self.teams(TeamFilter::new(), PageRequest::default().after(next))?;
            for team in page.items {
                teams.entry(team.name.to_lowercase()).or_default().push(team.id);
            }
            next = page.next;
            if next.is_none() {
                return Ok(teams);
            }
        }
    }
}
