//! Reads a value that says what it is, such as `{"op": "add_member", "args": {…}}`.
//!
//! What serde derives for this reads every type of content from two formats: the one at hand, and one of its own where
//! the content comes before its name. Half a megabyte of code for a rare order: here such content becomes text again.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// A value with its name beside it.
pub(crate) trait Tagged: Sized {
    /// The keys of the name and of the content.
    const KEYS: &'static [&'static str; 2];
    /// The names there are.
    const NAMES: &'static [&'static str];
    /// Reads the content that goes by `name`, one of [`Self::NAMES`].
    fn read<'de, D: Deserializer<'de>>(name: &str, content: D) -> Result<Self, D::Error>;
}

/// Reads a tagged value.
pub(crate) fn read<'de, T: Tagged, D: Deserializer<'de>>(value: D) -> Result<T, D::Error> {
    value.deserialize_map(Whole(PhantomData))
}

struct Whole<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [name, content] = T::KEYS;
        write!(f, "an object with `{name}` and `{content}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let [name_key, content_key] = T::KEYS;
        let (mut name, mut value, mut early) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == *name_key {
                if name.replace(map.next_value_seed(Name(T::NAMES))?).is_some() {
                    return Err(A::Error::duplicate_field(name_key));
                }
            } else if key == *content_key {
                if value.is_some() || early.is_some() {
                    return Err(A::Error::duplicate_field(content_key));
                }
                match name {
                    Some(name) => value = Some(map.next_value_seed(Content(name, PhantomData))?),
                    None => early = Some(map.next_value::<serde_json::Value>()?.to_string()),
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        let name = name.ok_or_else(|| A::Error::missing_field(name_key))?;
        match (value, early) {
            (Some(value), _) => Ok(value),
            (None, Some(text)) => T::read(name, &mut serde_json::Deserializer::from_str(&text)).map_err(|error| {
                let place = format!(" at line {} column {}", error.line(), error.column());
                let text = error.to_string();
                A::Error::custom(text.strip_suffix(&place).unwrap_or(&text))
            }),
            (None, None) => Err(A::Error::missing_field(content_key)),
        }
    }
}

/// One of these names.
struct Name(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<&'static str, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = &'static str;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<&'static str, E> {
        self.0.iter().find(|name| **name == text).copied().ok_or_else(|| E::unknown_variant(text, self.0))
    }
}

/// The content that goes by this name.
struct Content<T>(&'static str, PhantomData<T>);

impl<'de, T: Tagged> DeserializeSeed<'de> for Content<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, content: D) -> Result<T, D::Error> {
        T::read(self.0, content)
    }
}

#[cfg(test)]
mod tests {
    use crate::{ListFilter, Op};

    fn refusal(text: &str) -> String {
        serde_json::from_str::<Op>(text).expect_err("refused").to_string()
    }

    #[test]
    fn the_name_comes_first_or_last() {
        let first: Op =
            serde_json::from_str(r#"{"op":"add_member","args":{"given":"Ana","family":"Ruiz"}}"#).expect("read");
        let last: Op =
            serde_json::from_str(r#"{"args":{"given":"Ana","family":"Ruiz"},"op":"add_member"}"#).expect("read");
        assert_eq!(first, last);
        let text = serde_json::to_string(&first).expect("written");
        assert_eq!(serde_json::from_str::<Op>(&text).expect("read"), first);
        let value = serde_json::to_value(&first).expect("written");
        assert_eq!(serde_json::from_value::<Op>(value).expect("read"), first);
        let filter: ListFilter = serde_json::from_str(r#"{"filter":{"state":"active"},"kind":"team"}"#).expect("read");
        assert_eq!(serde_json::to_string(&filter).expect("written"), r#"{"kind":"team","filter":{"state":"active"}}"#);
    }

    #[test]
    fn says_what_is_wrong() {
        let starts = |text: &str, refused: &str| assert!(refusal(text).starts_with(refused), "{}", refusal(text));
        starts("7", "invalid type: integer `7`, expected an object with `op` and `args`");
        starts("{}", "missing field `op`");
        starts(r#"{"op":"add_member"}"#, "missing field `args`");
        starts(r#"{"op":"no_such","args":{}}"#, "unknown variant `no_such`, expected one of `found_community`");
        starts(r#"{"op":"add_member","op":"add_member"}"#, "duplicate field `op`");
        let missing = r#"{"args":{"given":"Ana"},"op":"add_member"}"#;
        assert_eq!(refusal(missing), "missing field `family` at line 1 column 42");
    }
}
