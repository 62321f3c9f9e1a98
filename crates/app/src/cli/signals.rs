//! How a program is asked to stop: SIGINT from a keyboard, SIGTERM from whoever runs it.

use std::io::Error;

use tokio::signal::unix::{SignalKind, signal};

/// Waits until the program is asked to stop. From now on, the signals do not end it by themselves.
///
/// # Errors
/// The system does not let it listen to signals.
pub fn asked_to_stop() -> Result<impl Future<Output = ()>, Error> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
