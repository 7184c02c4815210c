//! The one write transaction: rows, log, keys and audiences of every decision, together.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::engine::Tx;
use super::remembered::Remembered;
use super::rows::Rows;
use super::schema::Position;
use super::{keys, sql};
use crate::access::{self, Audience, Viewer, audience, audience_of_children, audience_of_kind};
use crate::change::{Actor, ChangeSet, Forget, Life, Patch, UNDOES, Write};
use crate::clock::Stamp;
use crate::error::{Error, Result};
use crate::id::natural;
use crate::model::record::Header;
use crate::model::{AnyRecord, RecordKind, RecordRef, Value};
use crate::ops::{Op, Reads};

/// The one write transaction: decides see what it wrote already.
pub(crate) struct WriteTx<'a> {
    pub(super) rows: Rows<'a>,
    /// Where the log stood.
    began: Position,
    remembered: &'a Remembered,
    head: Cell<i64>,
    stamp: Cell<Stamp>,
    classes: RefCell<HashMap<Audience, i64>>,
    /// The classes of the records of a kind that depend on another record, as far as they were asked for.
    of_children: RefCell<HashMap<(RecordKind, RecordRef), i64>>,
    /// Whether something was taken out of the history.
    forgets: Cell<bool>,
    /// Whether a write failed half way: nothing of the transaction can be kept then.
    failed: Cell<bool>,
}

impl<'a> WriteTx<'a> {
    pub(super) fn begin(tx: Box<dyn Tx + 'a>, remembered: &'a Remembered) -> Result<Self> {
        let mut found = None;
        tx.each(sql::LOCK, &[], &mut |row| {
            found = Some(Position::read(row)?);
            Ok(())
        })?;
        let began = found.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))?;
        Ok(Self {
            rows: Rows::new(tx),
            began,
            remembered,
            head: Cell::new(began.head),
            stamp: Cell::new(Stamp::from_bits(began.stamp)),
            classes: RefCell::default(),
            of_children: RefCell::default(),
            forgets: Cell::new(false),
            failed: Cell::new(false),
        })
    }

    /// What rules read.
    pub fn reads(&self) -> &dyn Reads {
        &self.rows
    }

    /// What `actor` holds.
    pub fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Arc<Viewer>> {
        let look_up = || self.rows.viewer(actor, now).map(Arc::new);
        match actor {
            Actor::Member(id) if self.head.get() == self.began.head => {
                self.remembered.viewers.get(self.began, (id, now.date_naive()), look_up)
            }
            _ => look_up(),
        }
    }

    /// The position of the last change so far.
    #[cfg(feature = "interop")]
    pub fn head(&self) -> i64 {
        self.head.get()
    }

    /// The time of the next change: the clock's, but never before the last change's.
    pub fn time(&self, clock: DateTime<Utc>) -> DateTime<Utc> {
        self.stamp.get().tick(clock.timestamp_millis()).at()
    }

    /// Writes rows, log entries, keys and audiences of one decision. Answers with the record it is about,
    /// as it is now.
    pub fn apply(&self, changes: ChangeSet, actor: Actor, clock: DateTime<Utc>) -> Result<AnyRecord> {
        self.write(changes, actor, clock).inspect_err(|_| self.failed.set(true))
    }

    fn write(&self, mut changes: ChangeSet, actor: Actor, clock: DateTime<Utc>) -> Result<AnyRecord> {
        let op_seq = self.head.get() + 1;
        for write in &mut changes.writes {
            let kind = write.after.kind();
            let fields = kind.fields();
            let after = write.after.values();
            let patch = if write.life == Life::Created {
                // The host may make a record that is somebody's: the log must say whose.
                let owner = write.after.header().created_by;
                Patch::text_of_new(fields, &after, (owner != actor.member()).then_some(owner))
            } else {
                let before =
                    write.before.as_ref().filter(|_| write.forget != Forget::Everything).map(AnyRecord::values);
                let mut patch = match &before {
                    // Undo leaves out of a history what was taken back: what is made again cannot build on it.
                    Some(before) if write.life == Life::Restored && changes.undoes.is_empty() => {
                        Patch::anew(fields, before, &after)
                    }
                    before => Patch::between(fields, before.as_deref(), &after),
                };
                // What was undone is said of every record, also where it amounted to nothing.
                let says_more = write.forget != Forget::Nothing || !changes.undoes.is_empty();
                if patch.is_empty() && write.life == Life::Revised && !says_more {
                    continue;
                }
                match &write.forget {
                    Forget::Nothing | Forget::Everything => {}
                    // Who is taken out of a set would be named as what was taken out.
                    Forget::Creators(_) => patch.forget(&write.forget),
                    // What they say from now on stands in the log, also where it is what they said before.
                    Forget::Fields(names) => {
                        for (field, value) in fields.iter().zip(&after).filter(|(field, _)| names.contains(&field.name))
                        {
                            patch.set(field.name, value.to_json());
                        }
                    }
                }
                if !changes.undoes.is_empty() {
                    patch.set(UNDOES, &changes.undoes);
                }
                self.forget(write)?;
                patch.to_text()
            };
            let seq = self.head.get() + 1;
            let stamp = self.stamp.get().tick(clock.timestamp_millis());
            self.head.set(seq);
            self.stamp.set(stamp);
            let previous = write.before.as_ref().map_or(0, |record| record.header().revision);
            write.after.stamp(stamp.at(), seq);
            let life = write.life;
            let header = write.after.header();
            self.rows.tx.exec(
                sql::APPEND,
                &[
                    Value::Int(seq),
                    Value::Int(stamp.bits()),
                    Value::Int(op_seq),
                    Value::Text(changes.op.to_owned()),
                    actor.member().map_or(Value::Null, |member| Value::Id(member.uuid())),
                    Value::Text(kind.name().to_owned()),
                    Value::Id(header.id),
                    Value::Text(life.name().to_owned()),
                    Value::Int(previous),
                    Value::Text(patch),
                ],
            )?;
            self.rows.changed(write.after.reference());
            self.write_row(&write.after, &header, after, life, seq)?;
            self.write_keys(write.live_before(), write.live_after())?;
            self.write_children(write)?;
            if write.after.reference() == changes.subject.reference() {
                changes.subject = write.after.clone();
            }
        }
        Ok(changes.subject)
    }

    /// Looks up what operations to come will look up.
    pub fn look_ahead(&self, ops: &[Op]) -> Result<()> {
        self.rows.tx.look_ahead(&mut ops.iter().flat_map(Op::keys_asked))
    }

    /// Makes this another state than the one before, though no record changes.
    pub(super) fn restamp(&self) {
        self.stamp.set(self.stamp.get().tick(0));
    }

    /// Whether something was taken out of the history, which must not stay behind in the files.
    pub fn forgets(&self) -> bool {
        self.forgets.get()
    }

    /// Commits; answers with the position of the last change.
    pub fn commit(self) -> Result<i64> {
        if self.failed.get() {
            let context = "an earlier write of this transaction failed; nothing was written".to_owned();
            return Err(Error::Io { context, source: None });
        }
        let head = self.head.get();
        self.rows.tx.exec(sql::ADVANCE, &[Value::Int(head), Value::Int(self.stamp.get().bits())])?;
        self.rows.tx.commit()?;
        Ok(head)
    }

    /// Takes out of the log what is to be forgotten.
    fn forget(&self, write: &Write) -> Result<()> {
        if write.forget == Forget::Nothing {
            return Ok(());
        }
        self.forgets.set(true);
        let record = write.after.reference();
        for mut change in self.reads().history(record.kind, record.id)? {
            change.patch.forget(&write.forget);
            self.rows.tx.exec(sql::REWRITE, &[Value::Text(change.patch.to_text()), Value::Int(change.seq)])?;
        }
        Ok(())
    }

    fn write_row(&self, record: &AnyRecord, header: &Header, fields: Vec<Value>, life: Life, seq: i64) -> Result<()> {
        let class = self.class(record)?;
        let micros = |at: DateTime<Utc>| Value::Int(at.timestamp_micros());
        let mut values = Vec::with_capacity(sql::HEADER_COLUMNS + fields.len());
        let table = sql::table(record.kind());
        if life == Life::Created {
            values.extend([
                Value::Int(seq),
                Value::Id(header.id),
                header.created_by.map_or(Value::Null, |member| Value::Id(member.uuid())),
                micros(header.created_at),
            ]);
        }
        values.extend([
            micros(header.revised_at),
            Value::Int(header.revision),
            Value::Int(i64::from(life == Life::Deleted)),
            Value::Int(class),
        ]);
        values.extend(fields);
        if life == Life::Created {
            self.rows.tx.exec(&table.insert, &values)?;
        } else {
            values.push(Value::Id(header.id));
            self.rows.tx.exec(&table.update, &values)?;
        }
        Ok(())
    }

    fn write_keys(&self, before: Option<&AnyRecord>, after: Option<&AnyRecord>) -> Result<()> {
        let old = before.map(keys).unwrap_or_default();
        let new = after.map(keys).unwrap_or_default();
        let Some(record) = after.or(before) else { return Ok(()) };
        let row = |key: &String| {
            [Value::Text(record.kind().name().to_owned()), Value::Text(key.clone()), Value::Id(record.header().id)]
        };
        old.difference(&new).try_for_each(|key| self.rows.tx.exec(sql::DROP_KEY, &row(key)))?;
        new.difference(&old).try_for_each(|key| self.rows.tx.exec(sql::ADD_KEY, &row(key)))
    }

    /// The audience class of a record; 0 where all records of its kind share one.
    pub(super) fn class(&self, record: &AnyRecord) -> Result<i64> {
        if audience_of_kind(record.kind()).is_some() {
            return Ok(0);
        }
        let private = matches!(record, AnyRecord::Entry(entry) if entry.private);
        let Some(parent) = access::parent(record).filter(|_| !private) else {
            return self.class_of(audience(record, None));
        };
        let key = (record.kind(), parent);
        if let Some(&class) = self.of_children.borrow().get(&key) {
            return Ok(class);
        }
        let parent = self.reads().get(parent.kind, parent.id)?;
        let class = self.class_of(audience(record, parent.as_ref()))?;
        self.of_children.borrow_mut().insert(key, class);
        Ok(class)
    }

    /// Gives the records that depend on this one the audience they have now; nobody is left of what is gone.
    fn write_children(&self, write: &Write) -> Result<()> {
        if write.life == Life::Created {
            return Ok(());
        }
        for &(child, column) in access::children(write.after.kind()) {
            self.of_children.borrow_mut().remove(&(child, write.after.reference()));
            let of = |parent: Option<&AnyRecord>| parent.map(|p| audience_of_children(child, p)).unwrap_or_default();
            let (old, new) = (of(write.live_before()), of(write.live_after()));
            if old != new {
                let mut values = vec![Value::Int(self.class_of(new)?), Value::Id(write.after.header().id)];
                values.extend((child == RecordKind::Entry).then_some(Value::Int(0)));
                self.rows.tx.exec(&sql::reclass(child, column), &values)?;
            }
        }
        Ok(())
    }

    /// The class of this audience; a new one where it is the first of its kind.
    fn class_of(&self, audience: Audience) -> Result<i64> {
        if let Some(&class) = self.classes.borrow().get(&audience) {
            return Ok(class);
        }
        let day = |since: Option<NaiveDate>| since.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let tokens: Vec<(String, String)> =
            audience.iter().map(|(token, since)| (token.to_string(), day(since))).collect();
        let words = tokens.iter().map(|(token, since)| match since.as_str() {
            "" => token.clone(),
            since => format!("{token}@{since}"),
        });
        let text = words.collect::<Vec<_>>().join(" ");
        let digest = Value::Id(natural(&format!("audience:{text}")));
        let one = |sql: &str, values: &[Value]| -> Result<Option<i64>> {
            let mut found = None;
            self.rows.tx.each(sql, values, &mut |row| {
                found = Some(row.int(0)?);
                Ok(())
            })?;
            Ok(found)
        };
        let class = match one(sql::CLASS, std::slice::from_ref(&digest))? {
            Some(class) => class,
            None => {
                let class = one(sql::LAST_CLASS, &[])?.unwrap_or(0) + 1;
                self.rows.tx.exec(sql::ADD_CLASS, &[Value::Int(class), digest, Value::Text(text)])?;
                for (token, since) in tokens {
                    let values = [Value::Text(token), Value::Int(class), Value::Text(since)];
                    self.rows.tx.exec(sql::ADD_CLASS_TOKEN, &values)?;
                }
                class
            }
        };
        self.classes.borrow_mut().insert(audience, class);
        Ok(class)
    }
}
