//! `catalog.proto`: resources, schedules, event types, the organization itself and the public pages made of them.

pub(in crate::convert) mod affected;
mod block;
mod booking_page;
mod entity;
mod event_type;
mod organization;
mod resource;
mod schedule;
