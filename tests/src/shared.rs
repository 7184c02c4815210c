//! The real data, where it is at hand.

use std::path::{Path, PathBuf};

/// A folder or file of the real data; says aloud that its tests are skipped where it is not there.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("COP_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not there (COP_SHARED_DATA)");
    None
}

/// The records of a file of JSON Lines.
pub fn lines(file: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(file).expect("a readable file");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A field of a record, or nothing.
pub fn text<'a>(value: &'a serde_json::Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or("")
}
