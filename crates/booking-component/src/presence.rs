//! Presence: the lobby in which everybody is, the desk at which they are served in order, and the task that ends what is due.

pub mod board;
pub mod desk;
pub mod expiry;
pub mod followers;
mod loading;
pub mod lobby;
pub mod renewals;
pub mod shared;
pub mod steps;
