//! What is derived from the records, made anew: the keys by which they are found, and the audiences that see them.

use uuid::Uuid;

use super::sql;
use super::write::WriteTx;
use super::{keys, rows};
use crate::error::{Error, Result};
use crate::model::{RecordKind, Value};

/// Records that are looked at together.
const TOGETHER: i64 = 1_000;

impl WriteTx<'_> {
    /// Corrects keys and audiences; answers with how many were wrong.
    pub fn repair(&self) -> Result<u64> {
        let mut wrong = self.drop_keys()?;
        for &kind in RecordKind::ALL {
            let sql = format!("{} WHERE seq > $1 ORDER BY seq LIMIT $2", sql::table(kind).select);
            let mut after = 0;
            loop {
                let mut some = Vec::new();
                self.rows.tx.each(&sql, &[Value::Int(after), Value::Int(TOGETHER)], &mut |row| {
                    some.push(rows::read_row(kind, row)?);
                    Ok(())
                })?;
                let Some(last) = some.last() else { break };
                after = last.seq;
                for stored in some {
                    wrong += self.repair_record(stored)?;
                }
            }
        }
        if wrong > 0 {
            self.restamp();
        }
        Ok(wrong)
    }

    fn repair_record(&self, stored: rows::Stored) -> Result<u64> {
        let (kind, id) = (stored.record.kind(), stored.record.header().id);
        let mut wrong = 0;
        // Of what is gone nobody sees anything, whatever its row says.
        if stored.deleted {
            return Ok(0);
        }
        let class = self.class(&stored.record)?;
        if class != stored.class {
            let sql = format!("UPDATE {kind} SET audience = $1 WHERE id = $2");
            self.rows.tx.exec(&sql, &[Value::Int(class), Value::Id(id)])?;
            wrong += 1;
        }
        for key in keys(&stored.record) {
            if !self.rows.find(kind, &key)?.contains(&id) {
                let row = [Value::Text(kind.name().to_owned()), Value::Text(key), Value::Id(id)];
                self.rows.tx.exec(sql::ADD_KEY, &row)?;
                wrong += 1;
            }
        }
        Ok(wrong)
    }

    /// Drops the keys that no record has.
    fn drop_keys(&self) -> Result<u64> {
        let mut wrong: Vec<(String, String, Uuid)> = Vec::new();
        self.rows.tx.each(sql::KEYS, &[], &mut |row| {
            let (name, key) = (row.text(0)?, row.text(1)?);
            let id = row.id(2)?.ok_or_else(|| Error::Corrupt("a key without a record".to_owned()))?;
            let stored = match RecordKind::parse(&name) {
                Some(kind) => self.rows.stored(kind, id)?,
                None => None,
            };
            if !stored.is_some_and(|stored| !stored.deleted && keys(&stored.record).contains(&key)) {
                wrong.push((name, key, id));
            }
            Ok(())
        })?;
        for (name, key, id) in &wrong {
            let row = [Value::Text(name.clone()), Value::Text(key.clone()), Value::Id(*id)];
            self.rows.tx.exec(sql::DROP_KEY, &row)?;
        }
        Ok(wrong.len() as u64)
    }
}
