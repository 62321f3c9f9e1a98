//! What wakes the task that ends what is due.

use tokio::sync::Notify;

/// Wakes the expiry task, as when a lease came that ends before all others.
#[derive(Default)]
pub struct Alarm(Notify);

impl Alarm {
    /// Wakes it.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody wakes it.
    pub async fn woken(&self) {
        self.0.notified().await;
    }
}
