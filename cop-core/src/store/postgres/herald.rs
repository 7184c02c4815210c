//! Hints between servers that something was written: LISTEN and NOTIFY on a connection and a thread of its own.
//!
//! Only hints: they are sent after commits, never in them, where they would make all commits of the database wait
//! for each other; many become one, and whoever hears none looks for themselves after a while.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio_postgres::AsyncMessage;

use super::address::Address;

/// Between two hints, so that many become one.
const REST: Duration = Duration::from_millis(2);
/// Before a lost connection is made anew.
const RECOVERY: Duration = Duration::from_millis(500);
/// Before a server that has no hints is asked again: it may have become the primary.
const DEAFNESS: Duration = Duration::from_secs(10);

/// Tells others, and hears from them; begins when it is first needed.
pub(super) struct Herald {
    address: Address,
    post: Mutex<Option<Arc<Post>>>,
}

/// What the herald and its thread share.
#[derive(Default)]
struct Post {
    state: Mutex<State>,
    heard: Condvar,
    /// Wakes the thread.
    wake: Notify,
}

#[derive(Default)]
struct State {
    /// How many hints came, from whomever.
    heard: u64,
    /// Whether there is something to tell.
    tell: bool,
    ended: bool,
}

impl Herald {
    pub fn new(address: Address) -> Self {
        Self { address, post: Mutex::default() }
    }

    /// Something was committed. Does not wait.
    pub fn tell(&self) {
        let Some(post) = self.post() else { return };
        post.lock().tell = true;
        post.wake.notify_one();
    }

    /// Waits for more hints than were `heard` before, at most so long.
    pub fn listen(&self, heard: &mut u64, timeout: Duration) {
        let Some(post) = self.post() else { return std::thread::sleep(timeout) };
        let known = *heard;
        let waiting = post.heard.wait_timeout_while(post.lock(), timeout, |state| state.heard == known);
        *heard = waiting.unwrap_or_else(PoisonError::into_inner).0.heard;
    }

    fn post(&self) -> Option<Arc<Post>> {
        let mut current = self.post.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_none() {
            let post = Arc::new(Post::default());
            let (weak, address) = (Arc::downgrade(&post), self.address.clone());
            let runtime = Builder::new_current_thread().enable_io().enable_time().build().ok()?;
            let work = move || runtime.block_on(serve(&address, &weak));
            std::thread::Builder::new().name("cop herald".to_owned()).spawn(work).ok()?;
            *current = Some(post);
        }
        current.clone()
    }
}

impl Drop for Herald {
    fn drop(&mut self) {
        if let Some(post) = self.post.get_mut().unwrap_or_else(PoisonError::into_inner) {
            post.lock().ended = true;
            post.wake.notify_one();
        }
    }
}

impl Post {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self) {
        self.lock().heard += 1;
        self.heard.notify_all();
    }
}

/// Serves as long as somebody holds the post.
async fn serve(address: &Address, post: &Weak<Post>) {
    while let Some(post) = post.upgrade().filter(|post| !post.lock().ended) {
        let pause = match connected(address, &post).await {
            true => RECOVERY,
            false => DEAFNESS,
        };
        // What was missed meanwhile is not known: everybody looks.
        post.hear();
        if !post.lock().ended {
            drop(tokio::time::timeout(pause, post.wake.notified()).await);
        }
    }
}

/// Tells and hears until the connection is lost, or nobody needs it any more; not at all where the server has no hints.
async fn connected(address: &Address, post: &Arc<Post>) -> bool {
    let Ok((client, mut connection)) = address.config.connect(address.tls.clone()).await else { return true };
    let ears = post.clone();
    let driver = tokio::spawn(async move {
        while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message {
                ears.hear();
            }
        }
        // The connection is gone: whoever waits below is told.
        ears.wake.notify_one();
    });
    let channel = format!("\"cop {}\"", address.schema);
    // A hint is not worth a wait for the disk.
    let begin = format!("SET client_min_messages = error; SET synchronous_commit = off; LISTEN {channel}");
    if client.batch_execute(&begin).await.is_err() {
        // A standby: followers look for themselves.
        return client.is_closed();
    }
    post.hear();
    while !post.lock().ended && !client.is_closed() && !driver.is_finished() {
        if std::mem::take(&mut post.lock().tell) {
            if client.batch_execute(&format!("NOTIFY {channel}")).await.is_err() {
                return true;
            }
            tokio::time::sleep(REST).await;
            continue;
        }
        post.wake.notified().await;
    }
    true
}
