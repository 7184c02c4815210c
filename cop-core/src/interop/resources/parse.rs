//! Reads lines into resources. Pure: knows nothing of the community.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};

use crate::error::{Error, Problem, Result};
use crate::id::MemberId;
use crate::interop::encoding::{clean, decode};
use crate::interop::{ImportIssue, ImportReport, Severity};
use crate::model::{
    AlignmentKind, Grade, Language, Licence, ResourceKind, SchoolYear, StandardCode, Visibility, WebUrl,
};
use crate::ops::NewAlignment;
use crate::text::{BODY, NAME, TAG, TITLE, TextRule, normalise};

pub(super) const FILE: &str = "resources";

/// What a line says; none where it says nothing.
#[derive(Default)]
pub(super) struct Line {
    pub row: u64,
    pub id: String,
    pub title: String,
    pub kind: Option<String>,
    pub description: Option<String>,
    pub body: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub grades: Option<Vec<String>>,
    pub subjects: Option<Vec<String>>,
    pub alignments: Option<Vec<NewAlignment>>,
    pub tags: Option<Vec<String>>,
    pub licence: Option<String>,
    pub school_year: Option<String>,
    pub published_on: Option<NaiveDate>,
    pub visibility: Option<String>,
    pub published: Option<bool>,
    pub team: Option<String>,
    pub owner: Option<MemberId>,
}

/// Reads every line that can be read.
pub(super) fn parse(bytes: &[u8], report: &mut ImportReport) -> Result<Vec<Line>> {
    let text = decode(FILE, bytes, report);
    let (mut lines, mut seen, mut objects, mut others) = (Vec::new(), HashSet::new(), 0u64, 0u64);
    let mut unknown: BTreeMap<String, u64> = BTreeMap::new();
    for (row, raw) in (1..).zip(text.split('\n')).filter(|(_, raw)| !raw.trim().is_empty()) {
        let rest = match serde_json::from_str(raw) {
            Ok(Value::Object(rest)) => rest,
            Ok(_) => {
                report.push(ImportIssue::error(FILE, "jsonl.not_an_object", "not a JSON object").row(row));
                others += 1;
                continue;
            }
            Err(error) => {
                let detail = format!("not JSON, column {}", error.column());
                report.push(ImportIssue::error(FILE, "json.syntax", detail).row(row));
                others += 1;
                continue;
            }
        };
        objects += 1;
        let mut fields = Fields { rest, row, report };
        let Some(line) = fields.line() else { continue };
        if !seen.insert(line.id.clone()) {
            fields.issue(Severity::Error, "id", "jsonl.duplicate_id", "seen before in this file; the first counts");
            continue;
        }
        for field in fields.rest.keys().filter(|field| *field != "source") {
            // A field's name is somebody's text, too: only plain ones are shown.
            let plain = field.parse::<ResourceKind>().is_ok();
            *unknown.entry(if plain { field.clone() } else { "others".to_owned() }).or_default() += 1;
        }
        lines.push(line);
    }
    if objects == 0 && others > 0 {
        let problem = Problem::new(FILE, "jsonl.no_lines", "not JSON Lines: no line is a JSON object");
        return Err(Error::from(problem));
    }
    for (field, count) in unknown {
        let detail = format!("not kept, in {count} lines");
        report.push(ImportIssue::note(FILE, "jsonl.unknown_field", detail).field(&field));
    }
    Ok(lines)
}

struct Fields<'a> {
    rest: Map<String, Value>,
    row: u64,
    report: &'a mut ImportReport,
}

impl Fields<'_> {
    fn issue(&mut self, severity: Severity, field: &str, code: &str, detail: &str) {
        self.report.push(ImportIssue::new(severity, FILE, code, detail).row(self.row).field(field));
    }

    fn line(&mut self) -> Option<Line> {
        let id = self.raw("id").and_then(|id| normalise(&id, NAME).ok());
        let title = self.text("title", TITLE).filter(|title| !title.is_empty());
        for (field, missing) in [("id", id.is_none()), ("title", title.is_none())] {
            if missing {
                self.issue(Severity::Error, field, "text.empty", "must be a text of the right length");
            }
        }
        let (id, title) = (id?, title?);
        let mut tags = self.tags("tags");
        if let Some(collection) = self.text("collection", TAG).filter(|collection| !collection.is_empty()) {
            tags.get_or_insert_default().push(collection);
        }
        Some(Line {
            row: self.row,
            id,
            title,
            kind: self.kind(),
            description: self.text("description", BODY),
            body: self.text("body", BODY),
            url: self.value::<WebUrl>("url"),
            language: self.value::<Language>("language"),
            grades: self.values::<Grade>("grades"),
            subjects: self.tags("subjects"),
            alignments: self.alignments(),
            tags,
            licence: self.value::<Licence>("licence").or_else(|| self.value::<Licence>("license")),
            school_year: self.value::<SchoolYear>("school_year"),
            published_on: self.date("published_on"),
            visibility: self.value::<Visibility>("visibility"),
            published: self.state(),
            team: self.raw("team"),
            owner: self
                .value::<MemberId>("owner")
                .or_else(|| self.value::<MemberId>("by"))
                .and_then(|id| id.parse().ok()),
        })
    }

    /// A text or number as it came; none for nothing and for the empty text.
    fn raw(&mut self, field: &str) -> Option<String> {
        match self.rest.remove(field)? {
            Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null => None,
            _ => {
                self.issue(Severity::Warning, field, "jsonl.field_type", "not a text");
                None
            }
        }
    }

    /// A text made to fit.
    fn text(&mut self, field: &str, rule: TextRule) -> Option<String> {
        let raw = match self.rest.get(field) {
            Some(Value::String(text)) if text.is_empty() => String::new(),
            _ => self.raw(field)?,
        };
        self.rest.remove(field);
        Some(self.cleaned(field, &raw, rule))
    }

    fn cleaned(&mut self, field: &str, raw: &str, rule: TextRule) -> String {
        let cleaned = clean(raw, rule);
        if cleaned.replaced {
            self.issue(Severity::Note, field, "text.character", "control characters became blanks");
        }
        if cleaned.cut {
            let detail = format!("cut to {} characters", rule.max_chars);
            self.issue(Severity::Warning, field, "text.too_long", &detail);
        }
        cleaned.text
    }

    /// A value in its normal form, or a warning.
    fn value<T: FromStr<Err = Problem> + ToString>(&mut self, field: &str) -> Option<String> {
        let raw = self.raw(field)?;
        self.parsed::<T>(field, &raw)
    }

    fn parsed<T: FromStr<Err = Problem> + ToString>(&mut self, field: &str, raw: &str) -> Option<String> {
        let parsed = raw.trim().parse::<T>();
        let problem = |problem: Problem| self.issue(Severity::Warning, field, &problem.code, &problem.detail);
        parsed.map(|value| value.to_string()).map_err(problem).ok()
    }

    /// The texts of a list; a single text is a list of one.
    fn list(&mut self, field: &str) -> Option<Vec<Value>> {
        match self.rest.remove(field)? {
            Value::Array(values) => Some(values),
            Value::Null => None,
            one => Some(vec![one]),
        }
    }

    fn values<T: FromStr<Err = Problem> + ToString>(&mut self, field: &str) -> Option<Vec<String>> {
        let values = self.list(field)?;
        Some(values.iter().filter_map(|value| self.parsed::<T>(field, &plain(value))).collect())
    }

    fn tags(&mut self, field: &str) -> Option<Vec<String>> {
        let values = self.list(field)?;
        let tags = values.iter().map(|value| self.cleaned(field, &plain(value), TAG));
        Some(tags.filter(|tag| !tag.is_empty()).collect())
    }

    fn kind(&mut self) -> Option<String> {
        let raw = self.raw("kind").or_else(|| self.raw("type"))?;
        self.rest.remove("type");
        let kind = raw.trim().to_lowercase().replace(['-', ' '], "_");
        match kind.as_str() {
            "textbook" | "textbook_section" => Some(ResourceKind::Book.code().to_owned()),
            _ => self.parsed::<ResourceKind>("kind", &kind),
        }
    }

    fn alignments(&mut self) -> Option<Vec<NewAlignment>> {
        let values = self.list("standards")?;
        let mut alignments = Vec::new();
        for value in values {
            let (code, kind) = match &value {
                Value::Object(object) => {
                    (object.get("code").map(plain).unwrap_or_default(), object.get("kind").map(plain))
                }
                other => (plain(other), None),
            };
            let code = normalise(&code, NAME).ok().filter(|code| StandardCode::new(code).is_some());
            let Some(code) = code else {
                self.issue(Severity::Warning, "standards", "standard.format", "not the code of a standard");
                continue;
            };
            let kind = kind.and_then(|kind| self.parsed::<AlignmentKind>("standards", &kind));
            alignments.push(NewAlignment { code, standard: None, kind });
        }
        Some(alignments)
    }

    fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let raw = self.raw(field)?;
        let date = raw.trim().parse::<NaiveDate>().ok().filter(|date| (1900..=2200).contains(&date.year()));
        if date.is_none() {
            self.issue(Severity::Warning, field, "date.format", "not a date as 2026-08-15 from 1900 to 2200");
        }
        date
    }

    fn state(&mut self) -> Option<bool> {
        match self.raw("state")?.trim() {
            "published" => Some(true),
            "draft" => Some(false),
            _ => {
                self.issue(Severity::Warning, "state", "code.unknown", "must be draft or published; taken as a draft");
                Some(false)
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
