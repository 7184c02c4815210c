//! CPU time and memory, and what becomes of many measurements.

use std::hint::black_box;

use rustix::time::{ClockId, clock_gettime};

/// How often a query is asked again.
const REPEATS: usize = 5;

/// What `run` gives, and the microseconds of CPU time that this thread spends on it.
pub fn thread<T>(run: impl FnOnce() -> T) -> (T, f64) {
    spent(ClockId::ThreadCPUTime, run)
}

/// What `run` gives, and the microseconds of CPU time that all threads of this process spend meanwhile.
pub fn process<T>(run: impl FnOnce() -> T) -> (T, f64) {
    spent(ClockId::ProcessCPUTime, run)
}

fn spent<T>(clock: ClockId, run: impl FnOnce() -> T) -> (T, f64) {
    let now = || {
        let time = clock_gettime(clock);
        time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
    };
    let begun = now();
    let result = run();
    (result, now() - begun)
}

/// Measurements of the same thing.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn push(&mut self, time: f64) {
        let at = self.0.partition_point(|other| *other < time);
        self.0.insert(at, time);
    }

    /// Their mean.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len().max(1) as f64
    }

    /// What this share of them does not exceed.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last as f64 * share).ceil() as usize).copied().unwrap_or(f64::NAN)
    }
}

impl std::fmt::Display for Times {
    /// The mean, and in brackets the median and the 99th percentile.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} ({:.0}, {:.0})", self.mean(), self.quantile(0.5), self.quantile(0.99))
    }
}

/// How long answers took.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// When a query was asked for the first time.
    pub first: Times,
    /// When it was asked again at once.
    pub again: Times,
}

/// Answers queries of type `Q`, with how much was found.
pub type Contender<'a, Q> = Box<dyn FnMut(&Q) -> usize + 'a>;

/// Asks all contenders each query in turn, so that what else the machine does is the same for all; first the
/// `rehearsal`, which is not measured.
pub fn ask<Q>(rehearsal: &[Q], queries: &[Q], contenders: &mut [Contender<'_, Q>]) -> Vec<Answers> {
    let mut answers = vec![Answers::default(); contenders.len()];
    for query in rehearsal {
        contenders.iter_mut().for_each(|contender| {
            black_box(contender(query));
        });
    }
    for query in queries {
        for (contender, answers) in contenders.iter_mut().zip(&mut answers) {
            answers.first.push(thread(|| black_box(contender(query))).1);
            let (_, again) = thread(|| (0..REPEATS).map(|_| black_box(contender(query))).sum::<usize>());
            answers.again.push(again / REPEATS as f64);
        }
    }
    answers
}

/// Asks each query once: for who takes long.
pub fn ask_once<Q>(queries: &[Q], mut contender: impl FnMut(&Q) -> usize) -> Times {
    let mut times = Times::default();
    queries.iter().for_each(|query| times.push(thread(|| black_box(contender(query))).1));
    times
}

/// The memory that this process occupies, in MB: all of it, and of that what is not read from files; none where the
/// system does not say.
pub fn resident() -> Option<(f64, f64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let read = |name: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
    };
    Some((read("VmRSS:")?, read("RssAnon:")?))
}

/// The bytes of a folder's files.
pub fn folder_bytes(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|file| file.len()).sum()
}
