//! What every record has in common: a header, a list of fields, and one value per field.
//!
//! A record is declared once, with the `record!` macro. Its field list is at the same time the
//! columns of its table, the vocabulary of the change log's patches, and the merge rule of each field.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Problem, Result};
use crate::id::MemberId;

/// How concurrent changes of one field are reconciled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Never changes after the record is made.
    Immutable,
    /// The last writer wins; what lost stays in the history.
    Register,
    /// A set: additions and removals are logged element by element.
    Set,
    /// A list that only grows.
    Append,
    /// Facts that are only added; the state is a pure function of them.
    Facts,
    /// Computed from other fields.
    Derived,
}

impl Merge {
    /// Whether the change log holds this field's change as elements added and removed.
    pub fn by_element(self) -> bool {
        matches!(self, Merge::Set | Merge::Append | Merge::Facts)
    }
}

/// One field of a record: its name (also the column's), how it merges, and what the column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in code, column, log and JSON.
    pub name: &'static str,
    /// How it merges.
    pub merge: Merge,
    /// What its column holds.
    pub column: ColumnType,
}

/// The type of a column, in the portable subset of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// 64-bit integer.
    Int,
    /// Text.
    Text,
    /// JSON kept as text.
    Json,
    /// A UUID: 16 bytes.
    Id,
    /// A finite 64-bit floating-point number.
    Real,
}

/// The value of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Absent.
    Null,
    /// 64-bit integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Text that is JSON.
    Json(String),
    /// A UUID.
    Id(Uuid),
    /// A finite 64-bit floating-point number.
    Real(f64),
}

impl Value {
    /// The integer, where it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(t) | Value::Json(t) => Some(t),
            _ => None,
        }
    }

    /// The value as JSON, as the change log writes it.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Int(i) => (*i).into(),
            Value::Text(t) => t.clone().into(),
            Value::Json(t) => serde_json::from_str(t).unwrap_or(serde_json::Value::Null),
            Value::Id(id) => id.to_string().into(),
            Value::Real(number) => (*number).into(),
        }
    }

    /// The value of a column of type `column` from the change log's JSON.
    pub fn from_json(json: &serde_json::Value, column: ColumnType) -> Result<Self> {
        use serde_json::Value as J;
        Ok(match (column, json) {
            (_, J::Null) => Value::Null,
            (ColumnType::Json, json) => Value::Json(json.to_string()),
            (ColumnType::Int, J::Number(n)) => Value::Int(n.as_i64().ok_or_else(|| damaged("integer"))?),
            (ColumnType::Text, J::String(t)) => Value::Text(t.clone()),
            (ColumnType::Id, J::String(t)) => Value::Id(Uuid::try_parse(t).map_err(|_| damaged("id"))?),
            (ColumnType::Real, J::Number(n)) => Value::Real(n.as_f64().ok_or_else(|| damaged("number"))?),
            _ => return Err(damaged("value")),
        })
    }
}

/// The value of one column, lent by a row that is being read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Absent.
    Null,
    /// 64-bit integer; of times the microseconds since 1970 (UTC), of yes and no 1 and 0.
    Int(i64),
    /// Text; of dates and codes too.
    Text(&'a str),
    /// Text that is JSON.
    Json(&'a str),
    /// A UUID.
    Id(Uuid),
    /// A finite 64-bit floating-point number.
    Real(f64),
}

impl<'a> Cell<'a> {
    /// The integer, where it is one.
    pub fn as_int(self) -> Option<i64> {
        match self {
            Cell::Int(int) => Some(int),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(self) -> Option<&'a str> {
        match self {
            Cell::Text(text) | Cell::Json(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Int(int) => Cell::Int(*int),
            Value::Text(text) => Cell::Text(text),
            Value::Json(text) => Cell::Json(text),
            Value::Id(id) => Cell::Id(*id),
            Value::Real(number) => Cell::Real(*number),
        }
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Int(int) => Value::Int(int),
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Json(text) => Value::Json(text.to_owned()),
            Cell::Id(id) => Value::Id(id),
            Cell::Real(number) => Value::Real(number),
        }
    }
}

fn damaged(what: &str) -> Error {
    Error::Corrupt(format!("unreadable {what} in a column or the change log"))
}

/// A Rust type that is kept in one column.
pub trait Column: Sized {
    /// The column's type.
    const TYPE: ColumnType;
    /// The column's value.
    fn to_value(&self) -> Value;
    /// The Rust value of a column.
    fn from_cell(cell: Cell<'_>) -> Result<Self>;
}

impl Column for String {
    const TYPE: ColumnType = ColumnType::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Text(t) => Ok(t.to_owned()),
            _ => Err(damaged("text")),
        }
    }
}

impl Column for i64 {
    const TYPE: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        cell.as_int().ok_or_else(|| damaged("integer"))
    }
}

impl Column for f64 {
    const TYPE: ColumnType = ColumnType::Real;
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Real(number) => Ok(number),
            _ => Err(damaged("number")),
        }
    }
}

impl Column for Uuid {
    const TYPE: ColumnType = ColumnType::Id;
    fn to_value(&self) -> Value {
        Value::Id(*self)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Id(id) => Ok(id),
            _ => Err(damaged("id")),
        }
    }
}

/// Microseconds since 1970.
impl Column for DateTime<Utc> {
    const TYPE: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(self.timestamp_micros())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        cell.as_int().and_then(DateTime::from_timestamp_micros).ok_or_else(|| damaged("time"))
    }
}

/// As ISO text, without a zone.
impl Column for NaiveDateTime {
    const TYPE: ColumnType = ColumnType::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.format("%Y-%m-%dT%H:%M:%S").to_string())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        cell.as_text().and_then(|t| t.parse().ok()).ok_or_else(|| damaged("time"))
    }
}

impl Column for bool {
    const TYPE: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        Ok(i64::from_cell(cell)? != 0)
    }
}

impl<T: Column> Column for Option<T> {
    const TYPE: ColumnType = T::TYPE;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Null => Ok(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

impl Column for NaiveDate {
    const TYPE: ColumnType = ColumnType::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.format("%Y-%m-%d").to_string())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self> {
        cell.as_text().and_then(|t| t.parse().ok()).ok_or_else(|| damaged("date"))
    }
}

/// Keeps serde types in JSON columns.
macro_rules! json_columns {
    ($($ty:ty),* $(,)?) => {$(
        impl $crate::model::record::Column for $ty {
            const TYPE: $crate::model::record::ColumnType = $crate::model::record::ColumnType::Json;
            fn to_value(&self) -> $crate::model::record::Value {
                $crate::model::record::Value::Json(
                    serde_json::to_string(self).expect("plain data becomes JSON"),
                )
            }
            fn from_cell(cell: $crate::model::record::Cell<'_>) -> $crate::error::Result<Self> {
                cell.as_text().and_then(|t| serde_json::from_str(t).ok()).ok_or_else(|| {
                    $crate::error::Error::Corrupt(concat!("unreadable ", stringify!($ty)).to_owned())
                })
            }
        }
    )*};
}
pub(crate) use json_columns;

/// Keeps types with `Display` and `FromStr` in text columns.
macro_rules! text_columns {
    ($($ty:ty),* $(,)?) => {$(
        impl $crate::model::record::Column for $ty {
            const TYPE: $crate::model::record::ColumnType = $crate::model::record::ColumnType::Text;
            fn to_value(&self) -> $crate::model::record::Value {
                $crate::model::record::Value::Text(self.to_string())
            }
            fn from_cell(cell: $crate::model::record::Cell<'_>) -> $crate::error::Result<Self> {
                cell.as_text().and_then(|t| t.parse().ok()).ok_or_else(|| {
                    $crate::error::Error::Corrupt(concat!("unreadable ", stringify!($ty)).to_owned())
                })
            }
        }
    )*};
}
pub(crate) use text_columns;

/// Keeps id newtypes in id columns.
macro_rules! id_columns {
    ($($ty:ty),* $(,)?) => {$(
        impl Column for $ty {
            const TYPE: ColumnType = ColumnType::Id;
            fn to_value(&self) -> Value {
                Value::Id(self.uuid())
            }
            fn from_cell(cell: Cell<'_>) -> Result<Self> {
                match cell {
                    Cell::Id(id) => Ok(Self::new(id)),
                    _ => Err(damaged("id")),
                }
            }
        }
    )*};
}
id_columns!(
    crate::id::CommunityId,
    crate::id::OrganizationId,
    crate::id::MemberId,
    crate::id::TeamId,
    crate::id::MembershipId,
    crate::id::FrameworkId,
    crate::id::StandardId,
    crate::id::AssociationId,
    crate::id::ResourceId,
    crate::id::GoalId,
    crate::id::CycleId,
    crate::id::MeasureId,
    crate::id::ObservationId,
    crate::id::ConveningId,
    crate::id::AttendanceId,
    crate::id::StoryId,
    crate::id::MentorshipId,
    crate::id::EntryId,
    crate::id::FindingId,
);

json_columns!(serde_json::Map<String, serde_json::Value>);

/// Keeps collections in JSON columns.
macro_rules! list_columns {
    ($($list:ident: $bound:ident),*) => {$(
        impl<T: Serialize + serde::de::DeserializeOwned + $bound> Column for $list<T> {
            const TYPE: ColumnType = ColumnType::Json;
            fn to_value(&self) -> Value {
                Value::Json(serde_json::to_string(self).expect("plain data becomes JSON"))
            }
            fn from_cell(cell: Cell<'_>) -> Result<Self> {
                match cell.as_text() {
                    // Most are, and most of a record is lists.
                    Some("[]") => Ok(Self::new()),
                    text => text.and_then(|t| serde_json::from_str(t).ok()).ok_or_else(|| damaged("list")),
                }
            }
        }
    )*};
}
list_columns!(BTreeSet: Ord, Vec: Sized);

/// The header every record has, beside its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The record's id.
    pub id: Uuid,
    /// Who made it; nobody for the system itself.
    pub created_by: Option<MemberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub revised_at: DateTime<Utc>,
    /// The position of its last change in the change log; 0 before it is stored.
    pub revision: i64,
}

/// Gives the cells of a row one after the other; is told what the next column holds.
pub type NextCell<'a, 'row> = &'a mut dyn FnMut(ColumnType) -> Result<Cell<'row>>;

/// A kind of record with its fields and values.
pub trait Record: Clone + PartialEq + Sized + Send + Sync + Into<AnyRecord> + 'static {
    /// Its id newtype.
    type Id: Copy + From<Uuid> + std::fmt::Display;
    /// Which kind it is.
    const KIND: RecordKind;
    /// Its fields, in column order.
    const FIELDS: &'static [Field];
    /// Its header.
    fn header(&self) -> Header;
    /// Takes the positions and times that the store gave it.
    fn stamp(&mut self, revised_at: DateTime<Utc>, revision: i64);
    /// One value for each of [`Self::FIELDS`].
    fn values(&self) -> Vec<Value>;
    /// The record with this header, whose fields are read one by one in the order of [`Self::FIELDS`].
    fn from_cells(header: Header, next: NextCell<'_, '_>) -> Result<Self>;
    /// The record with this header and these values, in the order of [`Self::FIELDS`].
    fn from_values(header: Header, values: &[Value]) -> Result<Self> {
        let mut values = values.iter();
        Self::from_cells(header, &mut |_| Ok(values.next().map_or(Cell::Null, Cell::from)))
    }
    /// The typed record inside `any`, where it is of this kind.
    fn from_any(any: AnyRecord) -> Option<Self>;
}

macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident($id:ty) {
            $( $(#[$fmeta:meta])* $field:ident: $ty:ty = $merge:ident, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            /// Its id.
            pub id: $id,
            /// Who made it; nobody for the system itself.
            pub created_by: Option<$crate::id::MemberId>,
            /// When it was made (UTC, to the millisecond).
            pub created_at: chrono::DateTime<chrono::Utc>,
            /// When it last changed (UTC, to the millisecond).
            pub revised_at: chrono::DateTime<chrono::Utc>,
            /// The position of its last change in the change log.
            pub revision: i64,
            $( $(#[$fmeta])* pub $field: $ty, )*
        }

        impl $crate::model::record::Record for $name {
            type Id = $id;
            const KIND: $crate::model::record::RecordKind = $crate::model::record::RecordKind::$name;
            const FIELDS: &'static [$crate::model::record::Field] = &[
                $( $crate::model::record::Field {
                    name: stringify!($field),
                    merge: $crate::model::record::Merge::$merge,
                    column: <$ty as $crate::model::record::Column>::TYPE,
                }, )*
            ];

            fn header(&self) -> $crate::model::record::Header {
                $crate::model::record::Header {
                    id: self.id.uuid(),
                    created_by: self.created_by,
                    created_at: self.created_at,
                    revised_at: self.revised_at,
                    revision: self.revision,
                }
            }

            fn stamp(&mut self, revised_at: chrono::DateTime<chrono::Utc>, revision: i64) {
                self.revised_at = revised_at;
                self.revision = revision;
            }

            fn values(&self) -> Vec<$crate::model::record::Value> {
                vec![ $( $crate::model::record::Column::to_value(&self.$field), )* ]
            }

            fn from_cells(
                header: $crate::model::record::Header,
                next: $crate::model::record::NextCell<'_, '_>,
            ) -> $crate::error::Result<Self> {
                use $crate::model::record::Column;
                Ok(Self {
                    id: header.id.into(),
                    created_by: header.created_by,
                    created_at: header.created_at,
                    revised_at: header.revised_at,
                    revision: header.revision,
                    $( $field: Column::from_cell(next(<$ty as Column>::TYPE)?)?, )*
                })
            }

            fn from_any(any: $crate::model::record::AnyRecord) -> Option<Self> {
                match any {
                    $crate::model::record::AnyRecord::$name(record) => Some(record),
                    _ => None,
                }
            }
        }

        impl From<$name> for $crate::model::record::AnyRecord {
            fn from(record: $name) -> Self {
                $crate::model::record::AnyRecord::$name(record)
            }
        }
    };
}
pub(crate) use record;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident($ty:ty) = $table:literal),* $(,)?) => {
        /// The kinds of records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RecordKind {
            $($(#[$doc])* $name,)*
        }

        impl RecordKind {
            /// All kinds, in a fixed order.
            pub const ALL: &'static [RecordKind] = &[$(RecordKind::$name),*];

            /// The kind's name; also its table's.
            pub const fn name(self) -> &'static str {
                match self { $(RecordKind::$name => $table,)* }
            }

            /// The kind's fields, in column order.
            pub const fn fields(self) -> &'static [Field] {
                match self { $(RecordKind::$name => <$ty as Record>::FIELDS,)* }
            }
        }

        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "record", rename_all = "snake_case")]
        pub enum AnyRecord {
            $($(#[$doc])* $name($ty),)*
        }

        impl AnyRecord {
            /// Which kind it is.
            pub fn kind(&self) -> RecordKind {
                match self { $(AnyRecord::$name(_) => RecordKind::$name,)* }
            }
            /// Its header.
            pub fn header(&self) -> Header {
                match self { $(AnyRecord::$name(r) => r.header(),)* }
            }
            /// One value per field.
            pub fn values(&self) -> Vec<Value> {
                match self { $(AnyRecord::$name(r) => r.values(),)* }
            }
            /// Takes the position and time that the store gave it.
            pub fn stamp(&mut self, revised_at: DateTime<Utc>, revision: i64) {
                match self { $(AnyRecord::$name(r) => r.stamp(revised_at, revision),)* }
            }
            /// The record of `kind` with this header, whose fields are read one by one.
            pub fn from_cells(kind: RecordKind, header: Header, next: NextCell<'_, '_>) -> Result<Self> {
                match kind { $(RecordKind::$name => <$ty>::from_cells(header, next).map(AnyRecord::$name),)* }
            }
            /// The record of `kind` with this header and these values.
            pub fn from_values(kind: RecordKind, header: Header, values: &[Value]) -> Result<Self> {
                match kind { $(RecordKind::$name => <$ty>::from_values(header, values).map(AnyRecord::$name),)* }
            }
        }
    };
}

kinds! {
    /// The community itself.
    Community(super::CommunityRecord) = "community",
    /// An organization.
    Organization(super::Organization) = "organization",
    /// A member.
    Member(super::Member) = "member",
    /// A team.
    Team(super::Team) = "team",
    /// A membership of a member in a team.
    Membership(super::Membership) = "membership",
    /// A framework of standards.
    Framework(super::Framework) = "framework",
    /// A standard.
    Standard(super::Standard) = "standard",
    /// An association between standards.
    Association(super::Association) = "association",
    /// A resource.
    Resource(super::Resource) = "resource",
    /// A node of the theory of improvement.
    Goal(super::Goal) = "goal",
    /// A cycle of inquiry.
    Cycle(super::Cycle) = "cycle",
    /// A measure.
    Measure(super::Measure) = "measure",
    /// An observation of a measure.
    Observation(super::Observation) = "observation",
    /// A gathering.
    Convening(super::Convening) = "convening",
    /// A member, or a walk-in, at a convening.
    Attendance(super::Attendance) = "attendance",
    /// A story.
    Story(super::Story) = "story",
    /// A tie between two members.
    Mentorship(super::Mentorship) = "mentorship",
    /// A note on a record.
    Entry(super::Entry) = "entry",
    /// A soft problem that was noticed.
    Finding(super::Finding) = "finding",
}

impl RecordKind {
    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for RecordKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for RecordKind {
    type Err = Problem;
    fn from_str(name: &str) -> Result<Self, Problem> {
        Self::parse(name).ok_or_else(|| Problem::new("", "kind.unknown", "there is no such kind of record"))
    }
}

/// The name of one record: its kind and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: Uuid,
}

impl AnyRecord {
    /// The record's name.
    pub fn reference(&self) -> RecordRef {
        RecordRef { kind: self.kind(), id: self.header().id }
    }
}

/// Declares an open vocabulary: known codes are variants, unknown ones survive as `Other`.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
            /// A code that this version does not know; kept as it came.
            Other(String),
        }

        impl $name {
            /// The known codes, in order.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The code, as it is stored and written.
            pub fn code(&self) -> &str {
                match self { $($name::$variant => $code,)* $name::Other(code) => code }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Problem;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($code => Ok($name::$variant),)*
                    other if $crate::model::values::is_code(other) => Ok($name::Other(other.to_owned())),
                    _ => Err($crate::error::Problem::new(
                        "", "code.format", "a code is 1 to 64 letters, digits, '_', '-', ':' or '.'",
                    )),
                }
            }
        }
        $crate::model::record::string_like!($name);
    };
}
pub(crate) use vocabulary;

/// Declares a closed vocabulary: a state machine's states, or facts that rules depend on.
macro_rules! closed {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
        }

        impl $name {
            /// The codes, in order.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The code, as it is stored and written.
            pub const fn code(&self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Problem;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($code => Ok($name::$variant),)*
                    _ => Err($crate::error::Problem::new(
                        "", "code.unknown", format!("must be one of {}", Self::CODES.join(", ")),
                    )),
                }
            }
        }
        $crate::model::record::string_like!($name);
    };
}
pub(crate) use closed;

/// What is written as a string, made of the text where it stands.
pub(crate) fn parsed<'de, T, D>(deserializer: D) -> std::result::Result<T, D::Error>
where
    T: std::str::FromStr<Err = Problem>,
    D: serde::Deserializer<'de>,
{
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T: std::str::FromStr<Err = Problem>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

/// `Display`, serde as a string, and a text column, for types with `code()` and `FromStr`.
macro_rules! string_like {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::model::record::parsed(d)
            }
        }
        $crate::model::record::text_columns!($name);
    };
}
pub(crate) use string_like;
