//! What may be said about an import.

use serde::{Deserialize, Serialize};

use crate::model::Visibility;

/// Whether an import is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// It is written, all or nothing.
    #[default]
    Apply,
    /// The same work, of which nothing is kept.
    DryRun,
}

/// Options of the importers; each says which it heeds.
///
/// ```
/// use cop_core::interop::ImportOptions;
/// let careful = ImportOptions::new().dry_run().with_source("north-district").with_mass_deactivation_limit(5);
/// assert_eq!(careful.source.as_deref(), Some("north-district"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// Whether it is written.
    pub mode: ImportMode,
    /// OneRoster: the name of the roster system; its manifest's unless said. Records of different sources
    /// are never confused.
    pub source: Option<String>,
    /// OneRoster: refuse when more than this percentage of the people known from the source would be
    /// deactivated. 20 unless said; 100 never refuses.
    pub mass_deactivation_limit: u8,
    /// California directory: put back the leading zeros that a spreadsheet ate, and report each.
    pub repair_cds: bool,
    /// Resources: who they are meant for where a line does not say; the community unless said.
    pub visibility: Visibility,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            mode: ImportMode::Apply,
            source: None,
            mass_deactivation_limit: 20,
            repair_cds: false,
            visibility: Visibility::Community,
        }
    }
}

impl ImportOptions {
    /// Writes; everything else as the fields say.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes nothing.
    #[must_use]
    pub fn dry_run(self) -> Self {
        self.with_mode(ImportMode::DryRun)
    }

    /// Whether it is written.
    #[must_use]
    pub fn with_mode(mut self, mode: ImportMode) -> Self {
        self.mode = mode;
        self
    }

    /// The name of the roster system.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The most people, in percent, that an import may deactivate.
    #[must_use]
    pub fn with_mass_deactivation_limit(mut self, percent: u8) -> Self {
        self.mass_deactivation_limit = percent;
        self
    }

    /// Puts back the leading zeros that a spreadsheet ate.
    #[must_use]
    pub fn with_repaired_cds(mut self) -> Self {
        self.repair_cds = true;
        self
    }

    /// Who resources are meant for where a line does not say.
    #[must_use]
    pub fn with_visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }
}
