//! Organizations and API keys.

use booking_component::secret::Digest;
use booking_component::store::api_keys::{Scope, StoredKey};
use booking_component::store::{Conflict, Edit, StoreError, api_keys, catalog_version, organizations};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::organization::public::{Blocked, BookingCaps, Cap, EmailPattern};
use booking_domain::organization::{Accent, Logo, OrganizationSpec};

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, name, span, uuid};

on_each_store! {
    an_organization_is_found_by_slug_and_id,
    two_organizations_cannot_share_a_slug,
    a_thing_tells_whose_it_is,
    a_key_works_until_it_is_revoked,
}

async fn an_organization_is_found_by_slug_and_id(place: Place) {
    let mut tx = place.write().await;
    let (one, two) = (Studio::new(STUDIO).organization(), Studio::new(NEIGHBOUR).organization());
    organizations::insert(&mut tx, &one).await.unwrap();
    organizations::insert(&mut tx, &two).await.unwrap();
    assert_eq!(organizations::find(&mut tx, one.id).await.unwrap().as_ref(), Some(&one));
    assert_eq!(organizations::find_by_slug(&mut tx, &two.slug).await.unwrap().as_ref(), Some(&two));
    assert_eq!(organizations::find(&mut tx, OrganizationId::new(uuid(9))).await.unwrap(), None);
    assert_eq!(organizations::list(&mut tx).await.unwrap(), [one.clone(), two]);

    let spec = OrganizationSpec {
        name: name("Atelier"),
        accent: Some(Accent::new(0x2f, 0x6f, 0x6d)),
        logo: Some(Logo::parse(b"\x89PNG\r\n\x1a\n\0\xff".to_vec()).unwrap()),
        booking_caps: BookingCaps {
            per_email: Cap { open: Some(3), made_in_a_day: None },
            per_address: Cap { open: None, made_in_a_day: Some(9) },
        },
        blocked: Blocked {
            addresses: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::1".parse().unwrap()],
            emails: vec![EmailPattern::parse("@example.org").unwrap()],
        },
    };
    let edit = |version| Edit { id: one.id, spec: &spec, version: Some(version), at: at(5) };
    let changed = organizations::update(&mut tx, edit(1)).await.unwrap().unwrap();
    assert_eq!((&changed.spec, changed.stamp.version, changed.stamp.updated_at), (&spec, 2, at(5)));
    assert_eq!(organizations::find(&mut tx, one.id).await.unwrap(), Some(changed));
    let stale = organizations::update(&mut tx, edit(1)).await;
    assert!(matches!(stale, Err(StoreError::Conflict(Conflict::Stale { .. }))), "{stale:?}");
    assert_eq!(organizations::catalog_version(&mut tx, one.id).await.unwrap(), Some(1));
    catalog_version::touch_catalog(&mut tx, one.id).await.unwrap();
    assert_eq!(organizations::catalog_version(&mut tx, one.id).await.unwrap(), Some(2));
}

async fn two_organizations_cannot_share_a_slug(place: Place) {
    let mut tx = place.write().await;
    let one = Studio::new(STUDIO).organization();
    organizations::insert(&mut tx, &one).await.unwrap();
    let other = organizations::StoredOrganization { id: OrganizationId::new(uuid(9)), ..one };
    let refused = organizations::insert(&mut tx, &other).await;
    assert!(
        matches!(&refused, Err(StoreError::Conflict(Conflict::Taken(what))) if what == "organizations_slug"),
        "{refused:?}"
    );
}

async fn a_thing_tells_whose_it_is(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let other = Studio::insert(NEIGHBOUR, &mut tx).await;
    let booking = studio.booking(1, span(0, 60));
    studio.save(&mut tx, &NetChanges { made: vec![booking.clone()], ..NetChanges::default() }).await.unwrap();
    let (ours, theirs) = (Some(studio.organization), Some(other.organization));
    assert_eq!(organizations::of_event_type(&mut tx, studio.event_type).await.unwrap(), ours);
    assert_eq!(organizations::of_event_type(&mut tx, other.event_type).await.unwrap(), theirs);
    assert_eq!(organizations::of_booking(&mut tx, booking.id).await.unwrap(), ours);
    assert_eq!(organizations::of_booking(&mut tx, other.booking_id(1)).await.unwrap(), None);
}

async fn a_key_works_until_it_is_revoked(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let key = |n, scope| StoredKey {
        id: ApiKeyId::new(uuid(n)),
        scope,
        name: name("CI"),
        created_at: at(0),
        revoked_at: None,
    };
    let (admin, front) = (key(1, Scope::Admin(studio.organization)), key(2, Scope::Front));
    api_keys::insert(&mut tx, &admin, Digest([1; 32])).await.unwrap();
    api_keys::insert(&mut tx, &front, Digest([2; 32])).await.unwrap();
    assert_eq!(api_keys::find_by_hash(&mut tx, Digest([1; 32])).await.unwrap().as_ref(), Some(&admin));
    assert_eq!(api_keys::find_by_hash(&mut tx, Digest([2; 32])).await.unwrap().as_ref(), Some(&front));
    assert_eq!(api_keys::find_by_hash(&mut tx, Digest([3; 32])).await.unwrap(), None);

    assert!(api_keys::revoke(&mut tx, admin.id, at(3)).await.unwrap());
    assert!(!api_keys::revoke(&mut tx, admin.id, at(4)).await.unwrap(), "the first time stands");
    assert!(!api_keys::revoke(&mut tx, ApiKeyId::new(uuid(9)), at(4)).await.unwrap());
    assert_eq!(api_keys::list(&mut tx).await.unwrap(), [StoredKey { revoked_at: Some(at(3)), ..admin }, front.clone()]);

    let again = api_keys::insert(&mut tx, &key(3, Scope::Front), Digest([2; 32])).await;
    assert!(
        matches!(&again, Err(StoreError::Conflict(Conflict::Taken(what))) if what == "api_keys_key_hash"),
        "{again:?}"
    );
}
