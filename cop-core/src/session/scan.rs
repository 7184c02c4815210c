//! The columns of a list, as the store keeps them: for tables of many rows.

use crate::access::{may_redact, redact};
use crate::error::{Error, Problem, Result};
use crate::model::record::ColumnType;
use crate::model::{AnyRecord, Cell, RecordKind, Value};
use crate::store::{Listing, Row};

use super::{ListFilter, Session};

/// The fields every record has, as a scan knows them.
const HEADER: [(&str, ColumnType); 5] = [
    ("id", ColumnType::Id),
    ("created_by", ColumnType::Id),
    ("created_at", ColumnType::Int),
    ("revised_at", ColumnType::Int),
    ("revision", ColumnType::Int),
];

/// What is told of every record: whether to go on.
pub type OnScanned<'a> = &'a mut dyn FnMut(&Scanned<'_>) -> Result<()>;

/// One record of a scan: the fields that were asked for, in that order.
pub struct Scanned<'a> {
    fields: &'a [Place],
    of: Of<'a>,
}

/// Where a field is among all of a record's, and what its column holds.
type Place = (usize, ColumnType);

enum Of<'a> {
    /// The columns that were asked for.
    Row(&'a dyn Row),
    /// All that the viewer sees of the record, where that may be less than the row says.
    Record(&'a [Value]),
}

impl Scanned<'_> {
    /// The field at `index`; absent past the last.
    ///
    /// # Errors
    /// `Corrupt`.
    pub fn cell(&self, index: usize) -> Result<Cell<'_>> {
        let Some(&(place, column)) = self.fields.get(index) else { return Ok(Cell::Null) };
        match self.of {
            Of::Row(row) => row.cell(index, column),
            Of::Record(values) => Ok(values.get(place).map_or(Cell::Null, Cell::from)),
        }
    }
}

impl Session {
    /// Reads some fields of everything that `filter` asks for, in the order the records were made and in one state of
    /// the store. Where whole records are not wanted, this is several times faster than [`Session::list`].
    ///
    /// ```
    /// use cop_core::{Cell, Community, NewCommunity, NewResource, ResourceFilter};
    /// let cop = Community::in_memory(NewCommunity::new("Math CoP"))?;
    /// cop.steward().add_resource(NewResource::new("task", "Fraction strips").with_grade("05"))?;
    /// let mut seen = Vec::new();
    /// cop.steward().scan(&ResourceFilter::new().into(), &["title", "grades"], &mut |record| {
    ///     if let (Cell::Text(title), Cell::Json(grades)) = (record.cell(0)?, record.cell(1)?) {
    ///         seen.push(format!("{title} {grades}"));
    ///     }
    ///     Ok(())
    /// })?;
    /// assert_eq!(seen, [r#"Fraction strips ["05"]"#]);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidInput` (`scan.field`) for fields that records of this kind do not have, and for none; whatever `each`
    /// answers with; `Io`, `Busy`, `Corrupt`.
    pub fn scan(&self, filter: &ListFilter, fields: &[&str], each: OnScanned<'_>) -> Result<()> {
        let (kind, listing) = filter.listing();
        let listing = Listing { limit: usize::MAX, ..listing };
        let places = places(kind, fields)?;
        let snapshot = self.community.0.store.read()?;
        let viewer = self.viewer_in(&snapshot)?;
        let mut tell = |of: Of<'_>| each(&Scanned { fields: &places, of });
        if may_redact(kind, &viewer) {
            return snapshot
                .each(kind, &viewer, &listing, &mut |_, record| tell(Of::Record(&values(&redact(record, &viewer)))));
        }
        snapshot.scan(kind, &viewer, &listing, fields, &mut |row| tell(Of::Row(row)))
    }
}

fn places(kind: RecordKind, fields: &[&str]) -> Result<Vec<Place>> {
    let own = kind.fields().iter().map(|field| (field.name, field.column));
    let all: Vec<(&str, ColumnType)> = HEADER.into_iter().chain(own).collect();
    let mut problems = Vec::new();
    let mut places = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        match all.iter().position(|(name, _)| name == field) {
            Some(place) => places.push((place, all[place].1)),
            None => {
                let detail = format!("a {} has no such field", kind.name());
                problems.push(Problem::new(format!("fields[{index}]"), "scan.field", detail));
            }
        }
    }
    if fields.is_empty() {
        problems.push(Problem::new("fields", "scan.field", "a scan reads one field at least"));
    }
    if problems.is_empty() { Ok(places) } else { Err(Error::InvalidInput(problems)) }
}

/// All values of a record, in the order of [`places`].
fn values(record: &AnyRecord) -> Vec<Value> {
    let header = record.header();
    let mut values = vec![
        Value::Id(header.id),
        header.created_by.map_or(Value::Null, |member| Value::Id(member.uuid())),
        Value::Int(header.created_at.timestamp_micros()),
        Value::Int(header.revised_at.timestamp_micros()),
        Value::Int(header.revision),
    ];
    values.extend(record.values());
    values
}
