//! The component's calls through the typed client: one suite, in process and over a socket.

mod access;
mod affected;
mod authority;
mod blocks;
mod bookings;
mod caps;
mod clock;
mod corrections;
mod followers;
mod holds;
mod keeping;
mod long;
mod moves;
mod next_slots;
mod nodes;
mod outages;
mod pages;
mod presences;
mod preview;
mod races;
mod turns;
mod watches;
pub(crate) mod world;

/// Runs each test in process and over a socket, on a shared store, and with each call on another one of two nodes.
macro_rules! on_both_ways {
    ($($test:ident)+) => {
        mod in_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::api::world::World::in_process().await).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::api::world::World::on_postgres().await).await;
            })+
        }

        mod on_two_nodes {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::api::world::World::on_two_nodes().await).await;
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
