//! The fields a change sets, and the elements it adds to or takes from lists and sets.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::Forget;
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{Field, Value};

/// The key under which a record's first patch names its owner, where that is not the one who acted.
pub const CREATED_BY: &str = "created_by";

/// The key under which the first patch of an operation names the operations that it takes back.
pub const UNDOES: &str = "undoes";

/// What a change does to a record's fields.
///
/// As JSON: `{"title": "…"}` sets a field; `{"tags": {"+": ["a"], "-": ["b"]}}` adds and removes elements
/// of fields that merge by element. Elements are kept in their canonical (sorted) order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch(Map<String, Json>);

impl Patch {
    /// The patch that leads from `before` (nothing, for a new record) to `after`.
    pub fn between(fields: &[Field], before: Option<&[Value]>, after: &[Value]) -> Self {
        let mut patch = Map::new();
        for (index, (field, value)) in fields.iter().zip(after).enumerate() {
            match before.map(|values| &values[index]) {
                Some(old) if old == value => {}
                Some(old) if field.merge.by_element() => {
                    patch.insert(field.name.to_owned(), elements(&old.to_json(), &value.to_json()));
                }
                None if is_blank(field, value) => {}
                _ => {
                    patch.insert(field.name.to_owned(), value.to_json());
                }
            }
        }
        Self(patch)
    }

    /// The text of the patch that makes a record, as [`Patch::between`] nothing and `after` would be written, and
    /// with its owner where that is not the one who acted. Columns that hold JSON go in as they are.
    pub(crate) fn text_of_new(fields: &[Field], after: &[Value], owner: Option<Option<MemberId>>) -> String {
        let mut entries: Vec<(&str, Option<&Value>)> =
            fields.iter().zip(after).filter(|(f, v)| !is_blank(f, v)).map(|(f, v)| (f.name, Some(v))).collect();
        entries.extend(owner.map(|_| (CREATED_BY, None)));
        entries.sort_unstable_by_key(|(name, _)| *name);
        let mut text = String::with_capacity(entries.len() * 32);
        text.push('{');
        for (name, value) in entries {
            if text.len() > 1 {
                text.push(',');
            }
            text.push('"');
            text.push_str(name);
            text.push_str("\":");
            match value {
                Some(Value::Json(json)) => text.push_str(json),
                Some(value) => text.push_str(&value.to_json().to_string()),
                None => text.push_str(&serde_json::json!(owner.flatten()).to_string()),
            }
        }
        text.push('}');
        text
    }

    /// The patch that leads to `after` from nothing, and from `before` too.
    pub fn anew(fields: &[Field], before: &[Value], after: &[Value]) -> Self {
        let mut patch = Self::between(fields, None, after);
        for ((field, old), value) in fields.iter().zip(before).zip(after) {
            if is_blank(field, value) && old != value {
                patch.0.insert(field.name.to_owned(), value.to_json());
            }
        }
        patch
    }

    /// Says something about the record beside its fields.
    pub(crate) fn set(&mut self, key: &str, value: impl serde::Serialize) {
        self.0.insert(key.to_owned(), serde_json::json!(value));
    }

    /// Who owns the record it makes, where that is not the one who acted.
    pub fn owner(&self) -> Option<Option<MemberId>> {
        self.0.get(CREATED_BY).map(|owner| owner.as_str().and_then(|id| id.parse().ok()))
    }

    /// The operations that its operation takes back.
    pub fn undoes(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.get(UNDOES).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64)
    }

    /// Forgets what is to be forgotten.
    pub(crate) fn forget(&mut self, forget: &Forget) {
        match forget {
            Forget::Nothing => {}
            Forget::Everything => self.0.retain(|key, _| key == CREATED_BY || key == UNDOES),
            Forget::Fields(fields) => self.0.retain(|key, _| !fields.contains(&key.as_str())),
            Forget::Creators(members) => self.forget_creators(members),
        }
    }

    fn forget_creators(&mut self, members: &BTreeSet<MemberId>) {
        let members: Vec<Json> = members.iter().map(|member| Json::from(member.to_string())).collect();
        let drop_from = |list: &mut Json| {
            if let Json::Array(creators) = list {
                creators.retain(|creator| creator.get("member").is_none_or(|member| !members.contains(member)));
            }
        };
        match self.0.get_mut("creators") {
            Some(Json::Object(delta)) => delta.values_mut().for_each(drop_from),
            Some(list) => drop_from(list),
            None => {}
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the fields it touches.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Its fields, as JSON.
    pub fn into_fields(self) -> std::collections::BTreeMap<String, Json> {
        self.0.into_iter().collect()
    }

    /// Applies it to a record's values; fields that this version does not know are skipped.
    ///
    /// # Errors
    /// `Corrupt` when the patch does not fit the fields.
    pub fn apply(&self, fields: &[Field], values: &mut [Value]) -> Result<()> {
        for (field, value) in fields.iter().zip(values) {
            let Some(json) = self.0.get(field.name) else { continue };
            *value = match json {
                Json::Object(delta) if field.merge.by_element() => {
                    let old = value.to_json();
                    let mut all: Vec<Json> = old.as_array().cloned().unwrap_or_default();
                    all.retain(|element| !listed(delta, "-").contains(element));
                    for element in listed(delta, "+") {
                        if !all.contains(element) {
                            all.push(element.clone());
                        }
                    }
                    Value::Json(Json::Array(all).to_string())
                }
                json => Value::from_json(json, field.column)?,
            };
        }
        Ok(())
    }

    /// The patch as the log keeps it.
    pub fn to_text(&self) -> String {
        Json::Object(self.0.clone()).to_string()
    }

    /// Reads a patch from the log.
    ///
    /// # Errors
    /// `Corrupt` when the text is not a JSON object.
    pub fn from_text(text: &str) -> Result<Self> {
        match serde_json::from_str(text) {
            Ok(Json::Object(map)) => Ok(Self(map)),
            _ => Err(Error::Corrupt("unreadable patch in the change log".to_owned())),
        }
    }
}

/// An empty column: what a new record has in the fields that its first patch does not name.
pub fn blank(field: &Field) -> Value {
    match field.column {
        crate::model::record::ColumnType::Json if field.merge.by_element() => Value::Json("[]".to_owned()),
        _ => Value::Null,
    }
}

fn is_blank(field: &Field, value: &Value) -> bool {
    match value {
        Value::Json(json) => field.merge.by_element() && json == "[]",
        other => *other == Value::Null && !field.merge.by_element(),
    }
}

fn elements(old: &Json, new: &Json) -> Json {
    let none = Vec::new();
    let (old, new) = (old.as_array().unwrap_or(&none), new.as_array().unwrap_or(&none));
    let mut delta = Map::new();
    for (sign, from, other) in [("+", new, old), ("-", old, new)] {
        let listed: Vec<Json> = from.iter().filter(|element| !other.contains(element)).cloned().collect();
        if !listed.is_empty() {
            delta.insert(sign.to_owned(), Json::Array(listed));
        }
    }
    Json::Object(delta)
}

fn listed<'a>(delta: &'a Map<String, Json>, sign: &str) -> &'a [Json] {
    delta.get(sign).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::{ColumnType, Merge};

    const FIELDS: &[Field] = &[
        Field { name: "title", merge: Merge::Register, column: ColumnType::Text },
        Field { name: "tags", merge: Merge::Set, column: ColumnType::Json },
        Field { name: "team", merge: Merge::Register, column: ColumnType::Id },
    ];

    fn row(title: &str, tags: &str, team: Option<u128>) -> Vec<Value> {
        let team = team.map_or(Value::Null, |id| Value::Id(uuid::Uuid::from_u128(id)));
        vec![Value::Text(title.to_owned()), Value::Json(tags.to_owned()), team]
    }

    #[test]
    fn a_row_is_what_its_patches_amount_to() {
        let (first, second) = (row("a", r#"["x","y"]"#, Some(1)), row("b", r#"["y","z"]"#, None));
        let mut rebuilt: Vec<Value> = FIELDS.iter().map(blank).collect();
        for patch in [Patch::between(FIELDS, None, &first), Patch::between(FIELDS, Some(&first), &second)] {
            let patch = Patch::from_text(&patch.to_text()).expect("its own text");
            patch.apply(FIELDS, &mut rebuilt).expect("fits");
        }
        assert_eq!(rebuilt, second);
    }

    #[test]
    fn a_new_record_is_written_the_short_way() {
        let after = row("a \"quoted\" ñ\n", r#"["x","y"]"#, Some(1));
        let patch = Patch::between(FIELDS, None, &after);
        assert_eq!(Patch::text_of_new(FIELDS, &after, None), patch.to_text());
        assert_eq!(Patch::text_of_new(FIELDS, &row("a", "[]", None), None), r#"{"title":"a"}"#);
        let mut owned = patch.clone();
        owned.set(CREATED_BY, None::<MemberId>);
        assert_eq!(Patch::text_of_new(FIELDS, &after, Some(None)), owned.to_text());
    }

    #[test]
    fn only_what_changed_is_logged_and_sets_by_element() {
        let (first, second) = (row("a", r#"["x","y"]"#, None), row("a", r#"["y","z"]"#, None));
        let patch = Patch::between(FIELDS, Some(&first), &second);
        assert_eq!(patch.to_text(), r#"{"tags":{"+":["z"],"-":["x"]}}"#);
        assert!(Patch::between(FIELDS, Some(&first), &first).is_empty());
        assert_eq!(Patch::between(FIELDS, None, &row("a", "[]", None)).to_text(), r#"{"title":"a"}"#);
    }

    #[test]
    fn a_record_made_anew_does_not_depend_on_what_was_there() {
        let (first, second) = (row("a", r#"["x"]"#, Some(1)), row("a", "[]", None));
        for (first, second) in [(&first, &second), (&second, &first), (&first, &first)] {
            let patch = Patch::anew(FIELDS, first, second);
            for mut rebuilt in [FIELDS.iter().map(blank).collect(), first.clone()] {
                patch.apply(FIELDS, &mut rebuilt).expect("fits");
                assert_eq!(&rebuilt, second);
            }
        }
    }

    #[test]
    fn nonsense_is_damage() {
        assert!(Patch::from_text("[1]").is_err());
        let patch = Patch::from_text(r#"{"title": 7}"#).expect("an object");
        assert!(patch.apply(FIELDS, &mut row("a", "[]", None)).is_err());
    }
}
