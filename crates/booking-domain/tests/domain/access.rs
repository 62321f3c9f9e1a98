//! Who may do what.

use booking_domain::access::{Action, Role, may};
use booking_domain::refusal::Refusal;
use proptest::prelude::*;
use proptest::sample::select;

/// From the least to the most.
const CHAIN: [Role; 4] = [Role::Viewer, Role::Staff, Role::Manager, Role::Owner];

proptest! {
    #[test]
    fn whoever_is_more_may_whatever_they_may_who_are_less(
        action in select(Action::ALL),
        (less, more) in (0..CHAIN.len()).prop_flat_map(|less| (Just(less), less..CHAIN.len())),
    ) {
        prop_assert!(may(CHAIN[less], action).is_err() || may(CHAIN[more], action).is_ok(), "{action:?}");
    }
}

#[test]
fn an_owner_may_everything() {
    for action in Action::ALL {
        assert_eq!(may(Role::Owner, *action), Ok(()), "{action:?}");
    }
}

#[test]
fn whoever_may_not_is_told_so() {
    assert_eq!(may(Role::Front, Action::ListBookings), Err(Refusal::PermissionDenied));
    assert_eq!(may(Role::Viewer, Action::Heartbeat), Err(Refusal::PermissionDenied));
    assert_eq!(may(Role::Staff, Action::UpdateEventType), Err(Refusal::PermissionDenied));
    assert_eq!(may(Role::Manager, Action::UpdateOrganization), Err(Refusal::PermissionDenied));
}

#[test]
fn a_viewer_and_the_public_change_nothing_that_is_offered() {
    let changes = |action: &&Action| {
        let name = format!("{action:?}");
        ["Create", "Update", "Delete", "Replace"].iter().any(|verb| name.starts_with(verb))
            && !name.ends_with("Booking")
    };
    let changing: Vec<_> = Action::ALL.iter().filter(changes).collect();
    assert_eq!(changing.len(), 14);
    for action in changing {
        assert!(may(Role::Viewer, *action).is_err() && may(Role::Front, *action).is_err(), "{action:?}");
    }
}
