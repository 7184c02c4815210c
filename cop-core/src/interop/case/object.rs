//! One JSON object of a package, from which the known fields are taken and everything else is kept.

use serde_json::{Map, Value};

use crate::interop::encoding::clean;
use crate::interop::{ImportIssue, ImportReport, Severity};
use crate::model::NodeRef;
use crate::text::{BODY, TextRule};

/// An identifier is never cut: it would be another one.
const IDENTIFIER: TextRule = TextRule { min_chars: 1, max_chars: 300, multiline: false };

pub(super) struct Object<'a> {
    /// What has not been taken.
    pub rest: Map<String, Value>,
    pub file: &'a str,
    pub row: u64,
    pub report: &'a mut ImportReport,
}

impl Object<'_> {
    pub fn issue(&mut self, severity: Severity, field: &str, code: &str, detail: &str) {
        self.report.push(ImportIssue::new(severity, self.file, code, detail).row(self.row).field(field));
    }

    /// Takes a field away, under its own name; one that is spelt otherwise is copied, and stays.
    fn take(&mut self, name: &str) -> Option<(Value, bool)> {
        if let Some(value) = self.rest.remove(name) {
            return Some((value, true));
        }
        let folded = folded(name);
        self.rest.iter().find(|(key, _)| self::folded(key) == folded).map(|(_, value)| (value.clone(), false))
    }

    /// A field's text, made to fit. The original stays where that changed it.
    pub fn text(&mut self, name: &str, rule: TextRule) -> Option<String> {
        let (value, own) = self.take(name)?;
        let raw = match &value {
            Value::String(raw) => raw.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null => String::new(),
            _ => {
                self.issue(Severity::Warning, name, "case.field_type", "not a text");
                String::new()
            }
        };
        let cleaned = clean(&raw, rule);
        if cleaned.cut {
            self.issue(Severity::Warning, name, "text.too_long", "cut; the whole of it is kept in extra");
        }
        if cleaned.replaced {
            self.issue(Severity::Note, name, "text.character", "control characters became blanks");
        }
        if own && (cleaned.text.is_empty() || value.as_str() != Some(cleaned.text.as_str())) {
            self.rest.insert(name.to_owned(), value);
        }
        Some(cleaned.text).filter(|text| !text.is_empty())
    }

    /// The identifier, or an issue.
    pub fn identifier(&mut self) -> Option<String> {
        let (value, own) = self.take("identifier").unwrap_or((Value::Null, false));
        let identifier = value.as_str().and_then(identifier);
        if identifier.is_none() {
            self.issue(Severity::Error, "identifier", "case.missing_identifier", "the identifier is missing");
        } else if own && identifier.as_deref() != value.as_str() {
            self.rest.insert("identifier".to_owned(), value);
        }
        identifier
    }

    /// A list of texts; a single text with commas is one, too.
    pub fn texts(&mut self, names: &[&str], rule: TextRule) -> Vec<String> {
        let taken = names.iter().find_map(|name| self.take(name).map(|(value, own)| (*name, value, own)));
        let Some((name, value, own)) = taken else { return Vec::new() };
        let raw: Vec<String> = match &value {
            Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(text) => text.split(',').map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let mut texts: Vec<String> = raw.iter().map(|raw| clean(raw, rule).text).filter(|t| !t.is_empty()).collect();
        texts.sort();
        texts.dedup();
        // The community keeps a set, without order.
        let same = value.as_array().is_some_and(|values| values.iter().eq(texts.iter()));
        if own && (!same || name != names[0]) {
            self.rest.insert(name.to_owned(), value);
        }
        texts
    }

    /// An integer, also when it is written otherwise.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let (value, own) = self.take(name)?;
        #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within range are taken")]
        let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64);
        let integer = match &value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if integer.is_none() && !value.is_null() {
            self.issue(Severity::Warning, name, "case.field_type", "not a whole number");
        }
        if own && value.as_i64().is_none() {
            self.rest.insert(name.to_owned(), value);
        }
        integer
    }

    /// One end of an association: a link object, or a bare URI.
    pub fn node(&mut self, name: &str) -> Option<NodeRef> {
        let (value, own) = self.take(name).unwrap_or((Value::Null, false));
        let node = match &value {
            Value::Object(link) => {
                let get = |wanted: &str| {
                    let found = link.iter().find(|(key, _)| folded(key) == wanted);
                    found.and_then(|(_, value)| value.as_str()).unwrap_or("")
                };
                let (uri, title) = (clean(get("uri"), BODY).text, clean(get("title"), BODY).text);
                let own = identifier(get("identifier")).or_else(|| last_segment(&uri));
                own.map(|identifier| NodeRef { identifier, uri, title })
            }
            Value::String(uri) => {
                let uri = clean(uri, BODY).text;
                last_segment(&uri).map(|identifier| NodeRef { identifier, uri, title: String::new() })
            }
            _ => None,
        };
        if node.is_none() {
            self.issue(Severity::Error, name, "case.missing_end", "the association lacks an end");
        }
        let exact = node.as_ref().and_then(|node| serde_json::to_value(node).ok()).is_some_and(|node| node == value);
        if own && !exact {
            self.rest.insert(name.to_owned(), value);
        }
        node
    }
}

/// A key as it is compared: letters and digits in lower case.
pub(super) fn folded(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn identifier(raw: &str) -> Option<String> {
    let cleaned = clean(raw, IDENTIFIER);
    (!cleaned.text.is_empty() && !cleaned.cut && !cleaned.replaced).then_some(cleaned.text)
}

/// A URI ends with the identifier of what it names.
fn last_segment(uri: &str) -> Option<String> {
    identifier(uri.rsplit(['/', ':', '#']).find(|segment| !segment.is_empty())?)
}
