//! Tables: rows of the store, and results, as Arrow batches.
//!
//! What a column is comes from the typed face (`copkit/_columns.py`), as JSON: `"text"`, `{"list": "id"}`,
//! `{"struct": [["code", "text"], …]}`. A column is filled cell by cell from a scan, or by serde from JSON, without
//! values in between.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, ListArray, RecordBatch, RecordBatchIterator, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, TimeUnit};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use cop_core::{Cell, Error, ListFilter, OnProgress, Progress, Result, Session};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Rows of a batch.
const BATCH: usize = 65_536;
/// A batch that has as much text is full, too: offsets have 32 bits. No field is nearly as long.
const BATCH_BYTES: usize = 256 << 20;
/// How many rows there are between two looks at the clock.
const LOOK: u64 = 1_024;

/// A table that is ready: whoever takes it shares its buffers.
#[pyclass(frozen, module = "copkit._native")]
pub struct Table {
    schema: Arc<Schema>,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    /// The batches, by Arrow's C stream interface. Asking again gives the same ones again.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer answer with its own types; consumers cast.
        drop(requested_schema);
        let batches: Vec<_> = self.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }

    /// The columns, by Arrow's C schema interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema =
            FFI_ArrowSchema::try_from(&*self.schema).map_err(|error| crate::errors::raise(&internal(error)))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The table of some of its columns, which shares their buffers; nothing of what is not there.
    fn select(&self, py: Python<'_>, columns: Vec<String>) -> PyResult<Self> {
        crate::errors::call(py, || {
            let places: Result<Vec<usize>, ArrowError> =
                columns.iter().map(|column| self.schema.index_of(column)).collect();
            let places = places.map_err(internal)?;
            let schema = Arc::new(self.schema.project(&places).map_err(internal)?);
            let batches: Result<Vec<_>, ArrowError> = self.batches.iter().map(|batch| batch.project(&places)).collect();
            Ok(Self { schema, batches: batches.map_err(internal)? })
        })
    }

    /// How many rows.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }
}

impl Table {
    /// Some fields of everything that `filter` asks for.
    pub fn scan(session: &Session, filter: &ListFilter, columns: Columns, progress: OnProgress<'_>) -> Result<Self> {
        let names: Vec<&str> = columns.0.iter().map(|(name, _)| name.as_str()).collect();
        let mut rows = Rows::new(&columns);
        let (mut done, mut batches) = (0, Vec::new());
        session.scan(filter, &names, &mut |record| {
            for (index, (_, column)) in rows.columns.iter_mut().enumerate() {
                rows.bytes += column.push(record.cell(index)?)?;
            }
            rows.len += 1;
            done += 1;
            if done % LOOK == 0 && progress(Progress { done, total: u64::MAX }).is_break() {
                return Err(Error::Interrupted);
            }
            if rows.len == BATCH || rows.bytes >= BATCH_BYTES {
                batches.push(rows.take()?);
            }
            Ok(())
        })?;
        batches.push(rows.take()?);
        Ok(Self { schema: rows.schema, batches })
    }

    /// Rows out of a JSON list of objects.
    pub fn of_json(columns: &Columns, json: &str) -> Result<Self> {
        let mut rows = Rows::new(columns);
        let mut deserializer = serde_json::Deserializer::from_str(json);
        deserializer.deserialize_seq(&mut rows).map_err(internal)?;
        Ok(Self { batches: vec![rows.take()?], schema: rows.schema })
    }
}

/// How many records `filter` asks for.
pub fn count(session: &Session, filter: &ListFilter) -> Result<usize> {
    let mut count = 0;
    session.scan(filter, &["revision"], &mut |_| {
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a table could not be made: {error}"))
}

/// The columns of a table, by name.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub struct Columns(Vec<(String, Kind)>);

/// What a column holds.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Text,
    /// Text of which there are few different ones.
    Code,
    Int,
    Float,
    Bool,
    /// A moment, in UTC.
    Time,
    /// A time on the clocks of some zone.
    Clock,
    Date,
    Id,
    /// Whatever, as JSON text.
    Json,
    List(Box<Kind>),
    Struct(Vec<(String, Kind)>),
}

impl Kind {
    fn data_type(&self) -> DataType {
        match self {
            Kind::Text | Kind::Id | Kind::Json => DataType::Utf8,
            Kind::Code => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Int => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Bool => DataType::Boolean,
            Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Clock => DataType::Timestamp(TimeUnit::Microsecond, None),
            Kind::Date => DataType::Date32,
            Kind::List(item) => DataType::List(item_field(item)),
            Kind::Struct(fields) => DataType::Struct(fields_of(fields)),
        }
    }

    fn column(&self) -> Column {
        match self {
            Kind::Text | Kind::Id => Column::Text(StringBuilder::new()),
            Kind::Json => Column::Json(StringBuilder::new()),
            Kind::Code => Column::Code(Box::new(StringDictionaryBuilder::new())),
            Kind::Int => Column::Int(Int64Builder::new()),
            Kind::Float => Column::Float(Float64Builder::new()),
            Kind::Bool => Column::Bool(BooleanBuilder::new()),
            Kind::Time => Column::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Kind::Clock => Column::Clock(TimestampMicrosecondBuilder::new()),
            Kind::Date => Column::Date(Date32Builder::new()),
            Kind::List(item) => {
                Column::List { field: item_field(item), ends: vec![0], item: Box::new(item.column()), len: 0 }
            }
            Kind::Struct(fields) => Column::Struct {
                fields: fields_of(fields),
                columns: fields.iter().map(|(name, kind)| (name.clone(), kind.column())).collect(),
                valid: NullBufferBuilder::new(0),
            },
        }
    }
}

fn item_field(item: &Kind) -> Arc<Field> {
    Arc::new(Field::new("item", item.data_type(), true))
}

fn fields_of(fields: &[(String, Kind)]) -> Fields {
    fields.iter().map(|(name, kind)| Field::new(name, kind.data_type(), true)).collect()
}

/// The rows of a batch that is being filled.
struct Rows {
    schema: Arc<Schema>,
    columns: Vec<(String, Column)>,
    len: usize,
    bytes: usize,
}

impl Rows {
    fn new(columns: &Columns) -> Self {
        let schema = Arc::new(Schema::new(fields_of(&columns.0)));
        let columns = columns.0.iter().map(|(name, kind)| (name.clone(), kind.column())).collect();
        Self { schema, columns, len: 0, bytes: 0 }
    }

    /// The batch; what comes next goes into another.
    fn take(&mut self) -> Result<RecordBatch> {
        (self.len, self.bytes) = (0, 0);
        let arrays: Result<Vec<ArrayRef>, ArrowError> =
            self.columns.iter_mut().map(|(_, column)| column.finish()).collect();
        arrays.and_then(|arrays| RecordBatch::try_new(Arc::clone(&self.schema), arrays)).map_err(internal)
    }
}

/// A column that is being filled.
enum Column {
    Text(StringBuilder),
    Json(StringBuilder),
    Code(Box<StringDictionaryBuilder<Int32Type>>),
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    Clock(TimestampMicrosecondBuilder),
    Date(Date32Builder),
    List { field: Arc<Field>, ends: Vec<i32>, item: Box<Column>, len: i32 },
    Struct { fields: Fields, columns: Vec<(String, Column)>, valid: NullBufferBuilder },
}

impl Column {
    /// Adds a cell; answers with how much text it was.
    fn push(&mut self, cell: Cell<'_>) -> Result<usize> {
        match (&mut *self, cell) {
            (_, Cell::Null) => self.push_nothing(),
            (Column::Text(column), Cell::Id(id)) => {
                column.append_value(id.as_hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()));
            }
            (Column::Json(column), Cell::Json(text)) => {
                column.append_value(text);
                return Ok(text.len());
            }
            (Column::Int(column), Cell::Int(int)) => column.append_value(int),
            (Column::Bool(column), Cell::Int(int)) => column.append_value(int != 0),
            (Column::Time(column), Cell::Int(micros)) => column.append_value(micros),
            (Column::Float(column), Cell::Real(number)) => column.append_value(number),
            (_, Cell::Text(text)) => {
                self.push_text(text).map_err(internal)?;
                return Ok(text.len());
            }
            (_, Cell::Json(text)) => {
                let mut deserializer = serde_json::Deserializer::from_str(text);
                self.deserialize(&mut deserializer).map_err(internal)?;
                return Ok(text.len());
            }
            (_, Cell::Int(_) | Cell::Id(_) | Cell::Real(_)) => return Err(internal("a value of another type")),
        }
        Ok(0)
    }

    fn push_text(&mut self, text: &str) -> Result<(), &'static str> {
        match self {
            Column::Text(column) => column.append_value(text),
            Column::Code(column) => column.append_value(text),
            Column::Date(column) => {
                let day: NaiveDate = text.parse().map_err(|_| "not a date")?;
                column.append_value(day.to_epoch_days());
            }
            Column::Time(column) => {
                let time = DateTime::parse_from_rfc3339(text).map_err(|_| "not a time")?;
                column.append_value(time.timestamp_micros());
            }
            Column::Clock(column) => {
                let time: NaiveDateTime = text.parse().map_err(|_| "not a time")?;
                column.append_value(time.and_utc().timestamp_micros());
            }
            // Of some values only their name is written: `"withdrawn"` beside `{"granted": …}`.
            Column::Struct { columns, valid, .. } => {
                valid.append_non_null();
                for (name, column) in columns {
                    match column {
                        Column::Bool(flag) if name == text => flag.append_value(true),
                        other => other.push_nothing(),
                    }
                }
            }
            _ => return Err("a text in place of something else"),
        }
        Ok(())
    }

    /// Adds what stands for nothing: an empty list, no, or null.
    fn push_nothing(&mut self) {
        match self {
            Column::Text(column) | Column::Json(column) => column.append_null(),
            Column::Code(column) => column.append_null(),
            Column::Int(column) => column.append_null(),
            Column::Float(column) => column.append_null(),
            Column::Bool(column) => column.append_value(false),
            Column::Time(column) | Column::Clock(column) => column.append_null(),
            Column::Date(column) => column.append_null(),
            Column::List { ends, len, .. } => ends.push(*len),
            Column::Struct { columns, valid, .. } => {
                valid.append_null();
                columns.iter_mut().for_each(|(_, column)| column.push_nothing());
            }
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Column::Text(column) | Column::Json(column) => Arc::new(column.finish()),
            // Every batch has the words of those before it, so that a word keeps its number.
            Column::Code(column) => Arc::new(column.finish_preserve_values()),
            Column::Int(column) => Arc::new(column.finish()),
            Column::Float(column) => Arc::new(column.finish()),
            Column::Bool(column) => Arc::new(column.finish()),
            Column::Time(column) => Arc::new(column.finish()),
            Column::Clock(column) => Arc::new(column.finish()),
            Column::Date(column) => Arc::new(column.finish()),
            Column::List { field, ends, item, len } => {
                *len = 0;
                let ends = OffsetBuffer::new(std::mem::replace(ends, vec![0]).into());
                Arc::new(ListArray::try_new(Arc::clone(field), ends, item.finish()?, None)?)
            }
            Column::Struct { fields, columns, valid } => {
                let length = valid.len();
                let arrays: Result<Vec<ArrayRef>, ArrowError> =
                    columns.iter_mut().map(|(_, column)| column.finish()).collect();
                Arc::new(StructArray::try_new_with_length(fields.clone(), arrays?, valid.finish(), length)?)
            }
        })
    }
}

impl<'de> DeserializeSeed<'de> for &mut Column {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if let Column::Json(column) = self {
            let value: serde_json::Value = serde::Deserialize::deserialize(deserializer)?;
            column.append_value(value.to_string());
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Column {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what the column holds")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push_nothing();
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, yes: bool) -> Result<(), E> {
        match self {
            Column::Bool(column) => column.append_value(yes),
            _ => return Err(E::custom("yes or no in place of something else")),
        }
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, int: i64) -> Result<(), E> {
        match self {
            Column::Int(column) => column.append_value(int),
            // JSON may write 3.0 as 3.
            Column::Float(column) => column.append_value(int as f64),
            _ => return Err(E::custom("a number in place of something else")),
        }
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, int: u64) -> Result<(), E> {
        self.visit_i64(i64::try_from(int).map_err(E::custom)?)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        match self {
            Column::Float(column) => column.append_value(number),
            _ => return Err(E::custom("a number in place of something else")),
        }
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.push_text(text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Column::List { ends, item, len, .. } = self else {
            return Err(serde::de::Error::custom("a list in place of something else"));
        };
        while items.next_element_seed(&mut **item)?.is_some() {
            *len += 1;
        }
        ends.push(*len);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Column::Struct { columns, valid, .. } = self else {
            return Err(serde::de::Error::custom("an object in place of something else"));
        };
        valid.append_non_null();
        fill(columns, map)
    }
}

/// A list of objects, each of them a row.
impl<'de> Visitor<'de> for &mut Rows {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while rows.next_element_seed(Row(&mut self.columns))?.is_some() {
            self.len += 1;
        }
        Ok(())
    }
}

struct Row<'a>(&'a mut Vec<(String, Column)>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill(self.0, map)
    }
}

/// One object into the columns of its fields; what it does not have is nothing.
fn fill<'de, A: MapAccess<'de>>(columns: &mut [(String, Column)], mut map: A) -> Result<(), A::Error> {
    let mut filled = vec![false; columns.len()];
    while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
        match columns.iter_mut().zip(&mut filled).find(|((name, _), filled)| *name == key && !**filled) {
            Some(((_, column), filled)) => {
                map.next_value_seed(column)?;
                *filled = true;
            }
            None => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    for ((_, column), _) in columns.iter_mut().zip(filled).filter(|(_, filled)| !filled) {
        column.push_nothing();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::DictionaryArray;

    fn columns(json: &str) -> Columns {
        serde_json::from_str(json).expect("columns")
    }

    #[test]
    fn json_becomes_columns_and_what_is_left_out_is_nothing() {
        let columns = columns(
            r#"[["n", "int"], ["grades", {"list": "text"}], ["at", {"struct": [["code", "text"], ["late", "bool"]]}],
                ["day", "date"], ["kind", "code"], ["extra", "json"]]"#,
        );
        let json = r#"[
            {"n": 1, "grades": ["05", "é"], "at": {"code": "x", "more": [1]}, "day": "1970-01-03", "kind": "task",
             "extra": {"a": [1, null]}},
            {"at": null},
            {"at": "late", "kind": "task"}
        ]"#;
        let table = Table::of_json(&columns, json).expect("a table");
        assert_eq!(table.__len__(), 3);
        let batch = &table.batches[0];
        let nulls: Vec<usize> = batch.columns().iter().map(|column| column.null_count()).collect();
        assert_eq!(nulls, [2, 0, 1, 2, 1, 2], "an absent list is empty");
        let lists = batch.column(1).as_any().downcast_ref::<ListArray>().expect("lists");
        assert_eq!(lists.value_offsets(), [0, 2, 2, 2]);
        let at = batch.column(2).as_any().downcast_ref::<StructArray>().expect("objects");
        let late = at.column(1).as_any().downcast_ref::<arrow_array::BooleanArray>().expect("yes or no");
        assert_eq!(late.iter().collect::<Vec<_>>(), [Some(false), Some(false), Some(true)]);
    }

    #[test]
    fn a_word_keeps_its_number_from_batch_to_batch() {
        let mut rows = Rows::new(&columns(r#"[["kind", "code"]]"#));
        let mut batch = |words: [&'static str; 2]| {
            for word in words {
                rows.columns[0].1.push(Cell::Text(word)).expect("a word");
            }
            let batch = rows.take().expect("a batch");
            let column = batch.column(0).as_any().downcast_ref::<DictionaryArray<Int32Type>>().expect("words");
            (column.keys().values().to_vec(), column.values().len())
        };
        assert_eq!(batch(["task", "video"]), (vec![0, 1], 2));
        assert_eq!(batch(["video", "tool"]), (vec![1, 2], 3));
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_no_panic() {
        for (kind, json) in [
            (r#""int""#, r#""x""#),
            (r#""date""#, r#""2021-13-01""#),
            (r#""time""#, r#""yesterday""#),
            (r#""text""#, "[1]"),
            (r#"{"list": "int"}"#, "{}"),
            (r#""int""#, "18446744073709551615"),
        ] {
            let columns = columns(&format!(r#"[["a", {kind}]]"#));
            let made = Table::of_json(&columns, &format!(r#"[{{"a": {json}}}]"#));
            assert!(matches!(made, Err(Error::Internal(_))), "{kind} {json}");
        }
    }
}
