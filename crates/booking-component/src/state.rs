//! State in memory: who is where, what is watched, what was last read. It knows no task, and nothing here waits for another room.

pub mod alarm;
pub mod buckets;
pub mod catalogs;
pub mod followers;
pub mod guesses;
pub mod invalidations;
pub mod leases;
pub mod live_presences;
pub mod node;
pub mod presence_index;
pub mod readiness;
pub mod renewals;
pub mod slot_watches;
