//! Reading whole bookings, with the resources that they take.

use std::collections::BTreeMap;

use booking_domain::booking::{BookedResource, Booker, Booking, BookingStatus};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, ResourceId};
use booking_domain::schedule::{Stamp, parse_zone};
use booking_domain::text::{Email, Name, Phone, Prose};
use sqlx::query_as;
use uuid::Uuid;

use crate::store::columns::{At, Sound, from_json, id_list};
use crate::store::{StoreError, Tx};

/// Where they are.
pub(super) const TABLE: &str = "bookings";

rows! {
    struct BookingRow {
        id: Uuid,
        event_type_id: Uuid,
        event_type_title: String,
        status: String,
        starts_at: At,
        ends_at: At,
        time_zone: String,
        booker_name: String,
        booker_email: String,
        booker_phone: Option<String>,
        booker_notes: String,
        answers: String,
        location: Option<String>,
        ended_reason: Option<String>,
        created_at: At,
        updated_at: At,
        version: i64,
        staff_notes: Option<String>,
        calendar_sequence: Option<i64>,
        wanted_resource_id: Option<Uuid>,
    }
}

statements! {
    RESOURCES = with_wanted!("$2": id "id"; "SELECT b.booking_id, b.resource_id,
          (SELECT r.name FROM resources AS r WHERE r.organization_id = b.organization_id AND r.id = b.resource_id) AS name
        FROM wanted AS w CROSS JOIN booking_resources AS b
        WHERE b.organization_id = w.organization_id AND b.booking_id = w.id
        ORDER BY b.booking_id, b.resource_id");
}

impl BookingRow {
    fn read(self, resources: Vec<BookedResource>) -> Result<Booking, StoreError> {
        let booker = Booker {
            name: Name::stored(self.booker_name),
            email: Some(self.booker_email).filter(|email| !email.is_empty()).map(Email::stored),
            phone: self.booker_phone.map(Phone::stored),
            notes: Prose::stored(self.booker_notes),
        };
        Ok(Booking {
            id: BookingId::new(self.id),
            event_type_id: EventTypeId::new(self.event_type_id),
            event_type_title: Name::stored(self.event_type_title),
            status: BookingStatus::parse(&self.status).sound(TABLE)?,
            slot: self.starts_at.until(self.ends_at, TABLE)?,
            time_zone: parse_zone(&self.time_zone).sound(TABLE)?,
            resources,
            wanted: self.wanted_resource_id.map(ResourceId::new),
            booker,
            answers: from_json(TABLE, &self.answers)?,
            location: self.location.as_deref().map(|text| from_json(TABLE, text)).transpose()?,
            ended_reason: self.ended_reason.as_deref().map(Prose::parse).transpose().sound(TABLE)?,
            staff_notes: self.staff_notes.map(Prose::stored).unwrap_or_default(),
            // Before it was counted by itself, a calendar was told the version.
            calendar_sequence: self.calendar_sequence.unwrap_or(self.version),
            stamp: Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version },
        })
    }
}

/// The bookings of these rows, in their order, with their resources.
pub(super) async fn with_resources(
    tx: &mut Tx,
    organization: OrganizationId,
    rows: Vec<BookingRow>,
) -> Result<Vec<Booking>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let list = id_list(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let found: Vec<(Uuid, Uuid, String)> = fetch_all!(tx, query_as(RESOURCES).bind(organization.uuid()).bind(list))?;
    let mut resources: BTreeMap<Uuid, Vec<BookedResource>> = BTreeMap::new();
    for (booking, id, name) in found {
        let booked = BookedResource { id: ResourceId::new(id), name: Name::stored(name) };
        resources.entry(booking).or_default().push(booked);
    }
    rows.into_iter()
        .map(|row| {
            let resources = resources.remove(&row.id).unwrap_or_default();
            row.read(resources)
        })
        .collect()
}
