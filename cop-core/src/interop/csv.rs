//! Tables from somebody else: any usual encoding and delimiter, columns found by name.
//!
//! RFC 4180 with one more rule, which all our formats share: a field has no line break. So a table is read
//! line by line, a quote that is never closed spoils one row and not the rest of the file, and no row can
//! take more memory than its line.

use std::borrow::Cow;

use super::encoding::decode;
use super::report::{ImportIssue, ImportReport};
use crate::error::Problem;

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 1 << 20;
/// Most columns of a table.
const MAX_COLUMNS: usize = 1_000;

/// A column to look for.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub name: &'static str,
    /// Spellings seen in the wild.
    also: &'static [&'static str],
    required: bool,
}

impl Column {
    pub const fn required(name: &'static str) -> Self {
        Self { name, also: &[], required: true }
    }

    pub const fn optional(name: &'static str) -> Self {
        Self { name, also: &[], required: false }
    }

    pub const fn also(mut self, spellings: &'static [&'static str]) -> Self {
        self.also = spellings;
        self
    }

    fn is_called(&self, header: &str) -> bool {
        folded(self.name) == header || self.also.iter().any(|name| folded(name) == header)
    }
}

/// A table whose columns have been found.
pub(super) struct Table<'a> {
    file: &'a str,
    text: Cow<'a, str>,
    delimiter: u8,
    columns: Vec<(&'static str, usize)>,
    width: usize,
}

/// One row of a table.
pub(super) struct Row<'r> {
    /// The line it is on; the header is line 1.
    pub line: u64,
    fields: &'r [Cow<'r, str>],
    columns: &'r [(&'static str, usize)],
}

impl Row<'_> {
    /// The trimmed text of a column; empty where the row or the table ends before it.
    pub fn get(&self, column: &str) -> &str {
        let found = self.columns.iter().find(|(name, _)| *name == column);
        found.and_then(|(_, index)| self.fields.get(*index)).map_or("", |field| field.trim())
    }
}

impl<'a> Table<'a> {
    /// Reads the header. Answers with every missing or ambiguous column.
    pub fn open(
        file: &'a str,
        bytes: &'a [u8],
        columns: &[Column],
        report: &mut ImportReport,
    ) -> Result<Self, Vec<Problem>> {
        let text = decode(file, bytes, report);
        let unreadable = |code, detail| vec![Problem::new(file, code, detail)];
        let Some((_, header)) = lines(&text).next() else {
            return Err(unreadable("csv.empty", "the file has no header"));
        };
        let delimiter = sniff(header);
        let mut fields = Vec::new();
        let read = if header.len() > MAX_LINE { None } else { split(header, delimiter, MAX_COLUMNS, &mut fields).ok() };
        if read.is_none_or(|fault| fault.is_some()) {
            return Err(unreadable("csv.header", "the header cannot be read"));
        }
        let names: Vec<String> = fields.iter().map(|name| folded(name)).collect();
        let width = names.len();
        drop(fields);
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for column in columns {
            let at: Vec<usize> = (0..names.len()).filter(|&index| column.is_called(&names[index])).collect();
            let field = format!("{file}.{}", column.name);
            match at.as_slice() {
                [] if column.required => problems.push(Problem::new(field, "csv.missing_column", "no such column")),
                [] => {}
                [index] => found.push((column.name, *index)),
                _ => problems.push(Problem::new(field, "csv.duplicate_column", "more than one such column")),
            }
        }
        if problems.is_empty() { Ok(Self { file, text, delimiter, columns: found, width }) } else { Err(problems) }
    }

    /// Hands every readable row to `each`. Answers with the number of rows that were not readable, each of
    /// which is an issue.
    pub fn rows(&self, report: &mut ImportReport, mut each: impl FnMut(&Row<'_>, &mut ImportReport)) -> u64 {
        let mut unreadable = 0;
        let mut fields = Vec::with_capacity(self.width);
        for (line, text) in lines(&self.text).skip(1) {
            let fault = if text.len() > MAX_LINE {
                Some(("csv.long_row", format!("more than {MAX_LINE} bytes")))
            } else {
                match split(text, self.delimiter, self.width, &mut fields) {
                    Err(count) => Some(("csv.ragged_row", format!("{count} fields, the header has {}", self.width))),
                    Ok(Some(detail)) => Some(("csv.quote", detail.to_owned())),
                    Ok(None) => None,
                }
            };
            if let Some((code, detail)) = fault {
                report.push(ImportIssue::error(self.file, code, detail).row(line));
                unreadable += 1;
                continue;
            }
            if fields.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            if fields.len() < self.width {
                let detail = format!("{} of {} fields", fields.len(), self.width);
                report.push(ImportIssue::note(self.file, "csv.short_row", detail).row(line));
            }
            each(&Row { line, fields: &fields, columns: &self.columns }, report);
        }
        unreadable
    }
}

/// The lines of a text that are not blank, with their numbers from 1, whatever ends them.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    (1..)
        .zip(text.split(end))
        .map(|(line, text)| (line, text.trim_end_matches('\r')))
        .filter(|(_, text)| !text.trim().is_empty())
}

/// Splits a line into at most `width` fields. Says what is wrong with a quote; fails with the number of
/// fields when one beyond `width` is not blank.
fn split<'t>(
    line: &'t str,
    delimiter: u8,
    width: usize,
    fields: &mut Vec<Cow<'t, str>>,
) -> Result<Option<&'static str>, usize> {
    fields.clear();
    let (mut count, mut beyond, mut rest) = (0, false, Some(line));
    while let Some(text) = rest {
        let (field, next) = match text.strip_prefix('"') {
            Some(quoted) => match unquote(quoted, delimiter) {
                Some((field, next)) => (Cow::Owned(field), next),
                None => return Ok(Some("a quote that is not closed, or a field with a line break")),
            },
            None => match text.bytes().position(|byte| byte == delimiter) {
                Some(end) => (Cow::Borrowed(&text[..end]), Some(&text[end + 1..])),
                None => (Cow::Borrowed(text), None),
            },
        };
        count += 1;
        if count <= width {
            fields.push(field);
        } else {
            beyond |= !field.trim().is_empty();
        }
        rest = next;
    }
    if beyond { Err(count) } else { Ok(None) }
}

/// The field behind an opening quote, and what comes after its delimiter; none when it is never closed.
fn unquote(text: &str, delimiter: u8) -> Option<(String, Option<&str>)> {
    let (mut field, mut rest) = (String::new(), text);
    loop {
        let end = rest.find('"')?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => break,
        }
    }
    // What stands between the closing quote and the delimiter is taken along.
    match rest.bytes().position(|byte| byte == delimiter) {
        Some(end) => {
            field.push_str(&rest[..end]);
            Some((field, Some(&rest[end + 1..])))
        }
        None => {
            field.push_str(rest);
            Some((field, None))
        }
    }
}

/// A header as it is compared: lower case, letters and digits only.
fn folded(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The delimiter that the header line uses most, outside quotes.
fn sniff(header: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0), (b'^', 0), (b'|', 0)];
    for byte in header.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some(entry) = counts.iter_mut().find(|(delimiter, _)| *delimiter == byte) {
            entry.1 += 1;
        }
    }
    // The first of equals: a comma, where nothing speaks for another.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::required("sourcedId"), Column::optional("name").also(&["title"])];

    fn read(text: &str) -> (Vec<(u64, String, String)>, ImportReport) {
        let mut report = ImportReport::default();
        let mut rows = Vec::new();
        let table = Table::open("t.csv", text.as_bytes(), COLUMNS, &mut report).expect("a table");
        table.rows(&mut report, |row, _| {
            rows.push((row.line, row.get("sourcedId").to_owned(), row.get("name").to_owned()));
        });
        (rows, report)
    }

    #[test]
    fn columns_are_found_in_any_order_case_and_delimiter() {
        for text in ["name,SOURCEDID\nA, 1 \n", "Title;sourced id\r\nA;1", "\"name\"\t\"sourcedId\"\n\"A\"\t\"1\"\n"] {
            assert_eq!(read(text).0, [(2, "1".to_owned(), "A".to_owned())], "{text:?}");
        }
    }

    #[test]
    fn crooked_rows_are_issues_and_blank_ones_nothing() {
        let (rows, report) = read("sourcedId,name\n1\n,\n2,b,\n3,c,d\n4,\"e\nf\"\n\r\n5,\"g \"\"h\"\", i\"");
        let rows: Vec<_> = rows.iter().map(|(line, id, name)| (*line, id.as_str(), name.as_str())).collect();
        assert_eq!(rows, [(2, "1", ""), (4, "2", "b"), (7, "f\"", ""), (9, "5", "g \"h\", i")]);
        let codes: Vec<_> = report.issues.iter().map(|issue| (issue.row, issue.code.as_str())).collect();
        let expected = [(2, "csv.short_row"), (5, "csv.ragged_row"), (6, "csv.quote"), (7, "csv.short_row")];
        assert_eq!(codes, expected.map(|(row, code)| (Some(row), code)));
    }

    #[test]
    fn headers_must_be_there_and_be_one() {
        let mut report = ImportReport::default();
        let mut code = |text: &str| {
            let table = Table::open("t.csv", text.as_bytes(), COLUMNS, &mut report);
            table.err().map(|problems| problems[0].code.clone()).unwrap_or_default()
        };
        assert_eq!(code("name\n1"), "csv.missing_column");
        assert_eq!(code("sourcedId,SourcedID\n1,2"), "csv.duplicate_column");
        assert_eq!(code("sourcedId,name,title\n1,2"), "csv.duplicate_column");
        assert_eq!(code(""), "csv.empty");
        assert_eq!(code("sourcedId,x,x\n1,2"), "");
        assert_eq!(code(&"a,".repeat(2_000)), "csv.header");
    }
}
