//! `catalog.proto`: resources, schedules, event types and the public pages made of them.

mod booking_page;
mod entity;
mod event_type;
mod question;
mod resource;
mod schedule;

pub(super) use entity::version;
pub(super) use event_type::location;
