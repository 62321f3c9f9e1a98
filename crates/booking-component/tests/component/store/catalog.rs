//! The catalog: resources, schedules and event types.

use booking_component::store::{Conflict, Edit, StoreError, catalog, event_types, organizations, resources, schedules};
use booking_domain::event_type::{EventType, Location, LocationKind, Question, QuestionKind};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::{EventTypeId, ResourceId, ScheduleId};
use booking_domain::page::PageRequest;
use booking_domain::resource::ResourceSpec;
use booking_domain::schedule::{Schedule, ScheduleSpec};
use booking_domain::text::{Key, Slug};

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, name, prose, resource, schedule, span, stamp, uuid};

on_each_store! {
    what_is_inserted_is_found_and_listed,
    an_edit_needs_the_version_that_was_read,
    an_edit_of_every_column_comes_back,
    a_slug_is_taken_once_in_an_organization,
    what_is_in_use_cannot_be_deleted,
    an_event_type_needs_what_exists_in_its_own_organization,
    a_catalog_is_loaded_whole_and_numbered,
    pages_are_complete_while_others_insert,
    a_strange_page_token_is_refused,
    locked_resources_tell_their_numbers,
    whoever_locks_next_sees_what_the_last_one_wrote,
}

async fn what_is_inserted_is_found_and_listed(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let other = Studio::insert(NEIGHBOUR, &mut tx).await;
    let organization = studio.organization;
    let [a, b] = studio.rooms;
    let page = PageRequest::default();
    assert_eq!(resources::find(&mut tx, organization, a).await.unwrap(), Some(resource(a)));
    assert_eq!(resources::find(&mut tx, other.organization, a).await.unwrap(), None, "another tenant sees nothing");
    assert_eq!(resources::list(&mut tx, organization, &page).await.unwrap().items, [resource(a), resource(b)]);
    let hours = schedule(studio.schedule);
    assert_eq!(schedules::find(&mut tx, organization, studio.schedule).await.unwrap().as_ref(), Some(&hours));
    assert_eq!(schedules::find(&mut tx, other.organization, studio.schedule).await.unwrap(), None);
    assert_eq!(schedules::list(&mut tx, organization, &page).await.unwrap().items, [hours]);
    let session = studio.event_type();
    assert_eq!(event_types::find(&mut tx, organization, session.id).await.unwrap().as_ref(), Some(&session));
    assert_eq!(event_types::find(&mut tx, other.organization, session.id).await.unwrap(), None);
    assert_eq!(event_types::list(&mut tx, organization, &page).await.unwrap().items, [session]);
}

async fn an_edit_needs_the_version_that_was_read(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let organization = studio.organization;
    let spec = ResourceSpec { name: name("Loft"), ..resource(studio.rooms[0]).spec };
    let edit = |version| Edit { id: studio.rooms[0], spec: &spec, version, at: at(5) };
    let changed = resources::update(&mut tx, organization, edit(Some(1))).await.unwrap().unwrap();
    assert_eq!((changed.spec.name.as_str(), changed.stamp.version), ("Loft", 2));
    assert_eq!((changed.stamp.created_at, changed.stamp.updated_at), (at(0), at(5)));
    let stale = resources::update(&mut tx, organization, edit(Some(1))).await;
    assert!(matches!(stale, Err(StoreError::Conflict(Conflict::Stale { .. }))), "{stale:?}");
    assert_eq!(resources::update(&mut tx, organization, edit(None)).await.unwrap().unwrap().stamp.version, 3);

    let missing = Edit { id: ResourceId::new(uuid(9)), ..edit(Some(1)) };
    assert_eq!(resources::update(&mut tx, organization, missing).await.unwrap(), None);
    let stale = Edit { id: studio.schedule, spec: &schedule(studio.schedule).spec, version: Some(7), at: at(5) };
    assert!(matches!(
        schedules::update(&mut tx, organization, stale).await,
        Err(StoreError::Conflict(Conflict::Stale { .. }))
    ));
    let stale = Edit { id: studio.event_type, spec: &studio.spec("other"), version: Some(7), at: at(5) };
    assert!(matches!(
        event_types::update(&mut tx, organization, stale).await,
        Err(StoreError::Conflict(Conflict::Stale { .. }))
    ));
    let missing = Edit { id: EventTypeId::new(uuid(9)), ..stale };
    assert_eq!(event_types::update(&mut tx, organization, missing).await.unwrap(), None);
}

async fn an_edit_of_every_column_comes_back(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let mut spec = studio.spec("long-session");
    spec.title = name("Büro 日本 'quoted' \"double\"");
    spec.slot_interval_minutes = Some(20);
    spec.buffer_before_minutes = 10;
    spec.min_notice_minutes = 90;
    spec.horizon_days = 365;
    spec.requirements.truncate(1);
    spec.requirements[0].resource_ids.truncate(1);
    spec.requires_confirmation = true;
    spec.cancel_until_minutes = Some(24 * 60);
    spec.move_until_minutes = Some(0);
    spec.reconfirm_moves = false;
    spec.hold_deadline_minutes = Some(3);
    spec.location = Some(Location { kind: LocationKind::InPerson, value: prose("Main St. 1") });
    let key = Key::parse("band").unwrap();
    let options = vec![name("Yes"), name("No")];
    spec.questions = vec![Question { key, label: name("Band?"), kind: QuestionKind::Select, required: true, options }];
    spec.active = false;
    let edit = Edit { id: studio.event_type, spec: &spec, version: Some(1), at: at(5) };
    let changed = event_types::update(&mut tx, studio.organization, edit).await.unwrap().unwrap();
    assert_eq!(changed.spec, spec);
    assert_eq!(event_types::find(&mut tx, studio.organization, studio.event_type).await.unwrap(), Some(changed));
    let unused = resources::delete(&mut tx, studio.organization, studio.rooms[1]).await.unwrap();
    assert!(unused, "its rows of resources follow");

    let hours = ScheduleSpec { name: name("Never"), ..schedule(studio.schedule).spec };
    let edit = Edit { id: studio.schedule, spec: &hours, version: None, at: at(6) };
    let changed = schedules::update(&mut tx, studio.organization, edit).await.unwrap().unwrap();
    assert_eq!(changed.spec, hours);
}

async fn a_slug_is_taken_once_in_an_organization(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    Studio::insert(NEIGHBOUR, &mut tx).await;
    tx.commit().await.unwrap();
    let mut tx = place.write().await;
    let twin = EventType { id: EventTypeId::new(uuid(9)), ..studio.event_type() };
    let refused = event_types::insert(&mut tx, studio.organization, &twin).await;
    assert!(
        matches!(&refused, Err(StoreError::Conflict(Conflict::Taken(what))) if what == "event_types_slug"),
        "{refused:?}"
    );
}

async fn what_is_in_use_cannot_be_deleted(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let organization = studio.organization;
    let waiting = studio.presence(1, span(60, 120));
    studio.save(&mut tx, &NetChanges { present: vec![waiting.clone()], ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();

    let in_use = |refused: Result<bool, StoreError>| matches!(refused, Err(StoreError::Conflict(Conflict::InUse(_))));
    let mut tx = place.write().await;
    assert!(in_use(resources::delete(&mut tx, organization, studio.rooms[0]).await));
    drop(tx);
    let mut tx = place.write().await;
    assert!(in_use(schedules::delete(&mut tx, organization, studio.schedule).await));
    drop(tx);
    let mut tx = place.write().await;
    assert!(in_use(event_types::delete(&mut tx, organization, studio.event_type).await), "somebody waits in its room");
    drop(tx);

    let mut tx = place.write().await;
    studio.save(&mut tx, &NetChanges { departed: vec![waiting.id], ..NetChanges::default() }).await.unwrap();
    assert!(event_types::delete(&mut tx, organization, studio.event_type).await.unwrap());
    assert!(!event_types::delete(&mut tx, organization, studio.event_type).await.unwrap());
    assert!(schedules::delete(&mut tx, organization, studio.schedule).await.unwrap());
    assert!(resources::delete(&mut tx, organization, studio.rooms[0]).await.unwrap());
    assert_eq!(resources::find(&mut tx, organization, studio.rooms[0]).await.unwrap(), None);
    tx.commit().await.unwrap();
}

async fn an_event_type_needs_what_exists_in_its_own_organization(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let other = Studio::insert(NEIGHBOUR, &mut tx).await;
    tx.commit().await.unwrap();
    let mut theirs = studio.spec("theirs");
    theirs.schedule_id = other.schedule;
    let mut foreign = studio.spec("foreign");
    foreign.requirements[0].resource_ids.push(other.rooms[0]);
    for spec in [theirs, foreign] {
        let mut tx = place.write().await;
        let event_type = EventType { id: EventTypeId::new(uuid(9)), spec, stamp: stamp() };
        let refused = event_types::insert(&mut tx, studio.organization, &event_type).await;
        assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Missing))), "{refused:?}");
    }
}

async fn a_catalog_is_loaded_whole_and_numbered(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    Studio::insert(NEIGHBOUR, &mut tx).await;
    let loaded = catalog::load(&mut tx, studio.organization).await.unwrap().unwrap();
    assert_eq!(loaded.resources, studio.rooms.map(resource));
    assert_eq!(loaded.schedules, [schedule(studio.schedule)]);
    assert_eq!(loaded.event_types, [studio.event_type()]);
    assert_eq!(
        (loaded.version, loaded.organization.slug),
        (4, studio.organization().slug),
        "four things were inserted"
    );

    let another = Schedule { id: ScheduleId::new(uuid(9)), ..schedule(studio.schedule) };
    schedules::insert(&mut tx, studio.organization, &another).await.unwrap();
    schedules::delete(&mut tx, studio.organization, another.id).await.unwrap();
    assert_eq!(organizations::catalog_version(&mut tx, studio.organization).await.unwrap(), Some(6));
    let nobody = booking_domain::id::OrganizationId::new(uuid(9));
    assert!(catalog::load(&mut tx, nobody).await.unwrap().is_none());
}

async fn pages_are_complete_while_others_insert(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let id = |n: u64| ResourceId::new(uuid(STUDIO + 50 + n));
    for n in (0..20).step_by(2) {
        resources::insert(&mut tx, studio.organization, &resource(id(n))).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut page = PageRequest { size: 3, token: None };
    loop {
        let found = resources::list(&mut tx, studio.organization, &page).await.unwrap();
        assert!(found.items.len() == 3 || found.next.is_none());
        seen.extend(found.items.iter().map(|resource| resource.id));
        // One behind and one ahead of the reader; neither repeats nor hides what was there.
        let n = seen.len() as u64;
        for extra in [ResourceId::new(uuid(STUDIO + 20 + n)), ResourceId::new(uuid(STUDIO + 900 + n))] {
            if n < 10 {
                resources::insert(&mut tx, studio.organization, &resource(extra)).await.unwrap();
            }
        }
        match found.next {
            Some(token) => page.token = Some(token),
            None => break,
        }
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "each once, in order");
    assert!((0..20).step_by(2).all(|n| seen.contains(&id(n))));
    assert_eq!(seen.len(), 2 + 10 + 3, "the two rooms, the ten, and the three that came ahead of the reader");
}

async fn a_strange_page_token_is_refused(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let page = PageRequest { size: 3, token: Some("strange".to_owned()) };
    let refused = resources::list(&mut tx, studio.organization, &page).await;
    assert!(matches!(refused, Err(StoreError::PageToken)));
    let refused =
        booking_component::store::bookings::list(&mut tx, studio.organization, &Default::default(), &page).await;
    assert!(matches!(refused, Err(StoreError::PageToken)));
    assert!(Slug::parse("strange").is_ok());
}

async fn locked_resources_tell_their_numbers(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let other = Studio::insert(NEIGHBOUR, &mut tx).await;
    let [a, b] = studio.rooms;
    studio.save(&mut tx, &NetChanges { versions: [(b, 41)].into(), ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = place.write().await;
    let numbers = resources::lock(&mut tx, &[other.rooms[0], b, a, ResourceId::new(uuid(9))]).await.unwrap();
    assert_eq!(numbers, [(a, 0), (b, 41), (other.rooms[0], 0)].into());
    tx.commit().await.unwrap();
}

async fn whoever_locks_next_sees_what_the_last_one_wrote(place: Place) {
    let mut first = place.write().await;
    let studio = Studio::insert(STUDIO, &mut first).await;
    first.commit().await.unwrap();
    let [a, b] = studio.rooms;
    let mut first = place.write().await;
    resources::lock(&mut first, &[b, a]).await.unwrap();
    let second = async {
        let mut tx = place.write().await;
        let numbers = resources::lock(&mut tx, &[a]).await.unwrap();
        tx.commit().await.unwrap();
        numbers
    };
    let mut second = std::pin::pin!(second);
    let early = tokio::time::timeout(std::time::Duration::from_millis(100), &mut second).await;
    assert!(early.is_err(), "the second waits");
    studio.save(&mut first, &NetChanges { versions: [(a, 1), (b, 1)].into(), ..NetChanges::default() }).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await, [(a, 1)].into());
}
