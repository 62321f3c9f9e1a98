//! The one place that starts tasks: every task is known by its component, and ends with it.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks of one component.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts a task that may be ended at any point where it waits.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.spawn_to_the_end(async move {
            tokio::select! { () = stop.cancelled() => {}, () = task => {} }
        });
    }

    /// Starts a task that ends by itself.
    #[allow(clippy::disallowed_methods, reason = "this is where tasks are started")]
    pub fn spawn_to_the_end(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.tracker.spawn(task));
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
