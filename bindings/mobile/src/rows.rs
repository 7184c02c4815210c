//! Lists that are written for the other language while they are read.

use std::marker::PhantomData;

use uniffi::deps::anyhow;
use uniffi::deps::bytes::BufMut;
use uniffi::{Lift, Lower, MetadataBuffer, RustBuffer, TypeId};

use crate::UniFfiTag;

/// A `Vec<T>` to the other language. Each record is written as it comes, so that of a page of a thousand only one is in
/// memory, and its memory is at hand for the next.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    count: i32,
    written: Vec<u8>,
    of: PhantomData<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { count: 0, written: Vec::new(), of: PhantomData }
    }
}

impl<T: Lower<UniFfiTag>> Rows<T> {
    pub(crate) fn push(&mut self, record: T) {
        T::write(record, &mut self.written);
        self.count += 1;
    }
}

// SAFETY: what it writes and how it is called is what uniffi writes and calls a `Vec<T>`: their number, then each.
unsafe impl<T: Lower<UniFfiTag>> Lower<UniFfiTag> for Rows<T> {
    type FfiType = RustBuffer;

    fn lower(rows: Self) -> RustBuffer {
        Self::lower_into_rust_buffer(rows)
    }

    fn write(rows: Self, buf: &mut Vec<u8>) {
        // With room for the little that follows, for which it would double.
        buf.reserve_exact(rows.written.len() + 128);
        buf.put_i32(rows.count);
        buf.extend_from_slice(&rows.written);
    }
}

// SAFETY: as above. Nobody hands one in; uniffi asks that a record's fields go both ways.
unsafe impl<T: Lower<UniFfiTag> + Lift<UniFfiTag>> Lift<UniFfiTag> for Rows<T> {
    type FfiType = RustBuffer;

    fn try_lift(rows: RustBuffer) -> anyhow::Result<Self> {
        Self::try_lift_from_rust_buffer(rows)
    }

    fn try_read(buf: &mut &[u8]) -> anyhow::Result<Self> {
        let mut rows = Self::default();
        <Vec<T> as Lift<UniFfiTag>>::try_read(buf)?.into_iter().for_each(|record| rows.push(record));
        Ok(rows)
    }
}

impl<T: TypeId<UniFfiTag>> TypeId<UniFfiTag> for Rows<T> {
    const TYPE_ID_META: MetadataBuffer = Vec::<T>::TYPE_ID_META;
}
