//! The one place that starts tasks: every task is known by its component, watched, and ends with it.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long to rest before a task that ended is started again, at first and at most: a fault that lasts fills no log and takes no
/// core, and one that passes is over soon.
const RESTS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));
/// A task that was started again counts as up once it has run for so long.
const SETTLED: Duration = Duration::from_secs(1);

/// The tasks of one component.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    health: Arc<Health>,
}

/// How the tasks are.
#[derive(Default)]
struct Health {
    down: Mutex<BTreeSet<&'static str>>,
    /// Why the process has to end, once it has to.
    failure: watch::Sender<Option<String>>,
}

impl Health {
    fn down(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tasks {
    /// Tasks that are told to end at another time, and watched together with these.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self { health: self.health.clone(), ..Self::default() }
    }

    /// Keeps a task up that may be ended at any point where it waits. Should it end by itself, or panic, it is started again.
    pub fn keep<F>(&self, name: &'static str, begin: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        let until_stopped = move || stop.clone().run_until_cancelled_owned(begin()).map(drop);
        self.keep_to_the_end(name, until_stopped);
    }

    /// The same for a task that sees by itself when it is told to end.
    pub fn keep_to_the_end<F>(&self, name: &'static str, begin: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, health) = (self.stop.clone(), self.health.clone());
        self.start(async move {
            let mut rest = RESTS.0;
            loop {
                let mut run = pin!(caught(begin()));
                let ended = match tokio::time::timeout(SETTLED, &mut run).await {
                    Ok(ended) => ended,
                    Err(_) => {
                        health.down().remove(name);
                        rest = RESTS.0;
                        run.await
                    }
                };
                if stop.is_cancelled() {
                    return;
                }
                health.down().insert(name);
                tracing::error!(task = name, why = ending(&ended), "a task ended; it is started again");
                stop.run_until_cancelled(tokio::time::sleep(rest)).await;
                rest = (rest * 2).min(RESTS.1);
            }
        });
    }

    /// Runs a task that cannot be started again, since what it knows is lost with it: should it end before it is told to, the
    /// whole process has to.
    pub fn run_to_the_end(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let tasks = self.clone();
        self.start(async move {
            let ended = caught(task).await;
            if !tasks.stop.is_cancelled() {
                tasks.health.down().insert(name);
                tasks.fail(format!("{name} {}", ending(&ended)));
            }
        });
    }

    /// Starts a task that may be ended at any point where it waits, and is done some day.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let until_stopped = self.stop.clone().run_until_cancelled_owned(task).map(drop);
        self.start(async move {
            if let Err(panic) = caught(until_stopped).await {
                tracing::error!(why = said(&*panic), "a task panicked");
            }
        });
    }

    #[allow(clippy::disallowed_methods, reason = "this is where tasks are started")]
    fn start(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.tracker.spawn(task));
    }

    /// The tasks that are down now.
    pub fn down(&self) -> Vec<&'static str> {
        self.health.down().iter().copied().collect()
    }

    /// Nothing can be done any more but to end the process, for this reason. The first one counts.
    pub fn fail(&self, why: String) {
        self.health.failure.send_if_modified(|failure| {
            let first = failure.is_none();
            if first {
                tracing::error!(%why, "the component has failed");
                *failure = Some(why);
            }
            first
        });
    }

    /// Waits until the process has to end, and says why.
    pub fn failed(&self) -> impl Future<Output = String> + Send + 'static {
        let health = self.health.clone();
        async move {
            let mut failure = health.failure.subscribe();
            // The sender lives in `health`, so there is an end to this only by a failure.
            match failure.wait_for(Option::is_some).await.map(|why| why.clone()) {
                Ok(Some(why)) => why,
                _ => std::future::pending().await,
            }
        }
    }

    /// Computes something on a thread where it keeps nobody waiting. Nothing when the process is about to end.
    ///
    /// # Panics
    /// As what was computed does.
    pub async fn compute<T: Send + 'static>(&self, compute: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        match self.tracker.spawn_blocking(compute).await {
            Ok(computed) => Some(computed),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => None,
        }
    }

    /// Told to all when it is time to end.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Ends all tasks, and waits until they have ended.
    pub async fn end(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// How a task ended: by itself, or by a panic.
type Ended = Result<(), Box<dyn Any + Send>>;

/// A panic as a value. What a task shares with others is behind locks that outlive panics.
pub fn caught<T>(task: impl Future<Output = T> + Send) -> impl Future<Output = Result<T, Box<dyn Any + Send>>> + Send {
    AssertUnwindSafe(task).catch_unwind()
}

fn ending(ended: &Ended) -> String {
    match ended {
        Ok(()) => "ended by itself".to_owned(),
        Err(panic) => format!("panicked: {}", said(&**panic)),
    }
}

/// What a panic says.
pub fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("nothing")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_or_ends_is_named_and_started_again() {
        let (tasks, starts) = (Tasks::default(), Arc::new(AtomicUsize::new(0)));
        let counted = starts.clone();
        tasks.keep("the test", move || {
            let start = counted.fetch_add(1, Ordering::Relaxed);
            async move {
                match start {
                    0 => panic!("the first time"),
                    1 => {}
                    _ => std::future::pending().await,
                }
            }
        });
        let mut seen_down = false;
        while starts.load(Ordering::Relaxed) < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            seen_down |= tasks.down() == ["the test"];
        }
        assert!(seen_down);
        while !tasks.down().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tasks.end().await;
        assert_eq!(starts.load(Ordering::Relaxed), 3, "a task that was told to end is not started again");
    }

    #[tokio::test]
    async fn the_end_of_a_task_that_cannot_be_started_again_is_a_failure() {
        let tasks = Tasks::default();
        let beside = tasks.beside();
        beside.run_to_the_end("the command queue", async { panic!("of the queue") });
        assert_eq!(tasks.failed().await, "the command queue panicked: of the queue");
        assert_eq!(tasks.down(), ["the command queue"]);
    }

    #[tokio::test]
    async fn a_task_that_ends_when_it_is_told_to_is_no_failure() {
        let tasks = Tasks::default();
        let stopping = tasks.stopping();
        tasks.run_to_the_end("the command queue", async move { stopping.cancelled().await });
        tasks.end().await;
        assert!(tasks.failed().now_or_never().is_none() && tasks.down().is_empty());
    }
}
