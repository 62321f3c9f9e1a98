//! The component's calls through the typed client: one suite, in process and over a socket.

mod bookings;
mod holds;
mod world;

/// Runs each test once in process and once over a socket.
macro_rules! on_both_ways {
    ($($test:ident)+) => {
        mod in_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::api::world::World::in_process().await).await;
            })+
        }

        mod over_a_socket {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::api::world::World::over_a_socket().await).await;
            })+
        }
    };
}

use on_both_ways;
