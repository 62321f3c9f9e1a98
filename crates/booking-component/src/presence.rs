//! Presence: the board of everybody in a room, the desk at which they are served in order, and the task that ends what is due.

pub mod board;
pub mod desk;
pub mod expiry;
pub mod followers;
mod loading;
