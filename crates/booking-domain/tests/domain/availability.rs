//! Availability: the tables of facts, and the rules checked against a slow and simple reading of them.

mod bounded;
mod conformance;
mod findings;
mod freshness;
mod hours;
mod limits;
mod listing;
mod offer;
mod oracle;
mod serving;
mod windows;
mod world;
