//! Who may do what: one table for every call of the contract, by whichever way it comes.
//!
//! The table says which calls a role may make at all. What of it somebody may see is decided where things are found: a member's
//! calls are about their own organization, and a booking is shown to the public by its management token only.

use crate::refusal::Refusal;

/// What somebody is to an organization. `Viewer` to `Owner` are a chain: whoever is more may whatever they may who are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Looks, and changes nothing.
    Viewer,
    /// Looks after holds and bookings.
    Staff,
    /// Decides what is offered.
    Manager,
    /// Decides what the organization is, and who belongs to it.
    Owner,
    /// An HTTP front, on behalf of the public. Not part of the chain: it may what everybody may, in every organization.
    Front,
}

/// Who may make a call.
struct Row {
    viewer: bool,
    staff: bool,
    manager: bool,
    owner: bool,
    front: bool,
}

impl Row {
    const fn allows(&self, role: Role) -> bool {
        match role {
            Role::Viewer => self.viewer,
            Role::Staff => self.staff,
            Role::Manager => self.manager,
            Role::Owner => self.owner,
            Role::Front => self.front,
        }
    }
}

/// An `x` in the table is a yes.
macro_rules! mark {
    (x) => {
        true
    };
    (-) => {
        false
    };
}

macro_rules! table {
    ($($action:ident $viewer:tt $staff:tt $manager:tt $owner:tt $front:tt)+) => {
        /// What somebody can want to do: one action for each call of the contract, named as gRPC names the call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names are the contract's, which documents each")]
        pub enum Action {
            $($action,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$action),+];

            const fn row(self) -> Row {
                match self {
                    $(Self::$action => Row {
                        viewer: mark!($viewer),
                        staff: mark!($staff),
                        manager: mark!($manager),
                        owner: mark!($owner),
                        front: mark!($front),
                    },)+
                }
            }
        }
    };
}

table! {
    //                  viewer staff manager owner front

    // What is offered: whoever works there has to know it, a manager decides it, and the public sees the pages that show it.
    CreateResource        -      -      x      x     -
    GetResource           x      x      x      x     -
    ListResources         x      x      x      x     -
    UpdateResource        -      -      x      x     -
    DeleteResource        -      -      x      x     -
    CreateBlock           -      -      x      x     -
    GetBlock              x      x      x      x     -
    ListBlocks            x      x      x      x     -
    UpdateBlock           -      -      x      x     -
    DeleteBlock           -      -      x      x     -
    ReplaceBlocks         -      -      x      x     -
    CreateSchedule        -      -      x      x     -
    GetSchedule           x      x      x      x     -
    ListSchedules         x      x      x      x     -
    UpdateSchedule        -      -      x      x     -
    DeleteSchedule        -      -      x      x     -
    CreateEventType       -      -      x      x     -
    GetEventType          x      x      x      x     -
    ListEventTypes        x      x      x      x     -
    UpdateEventType       -      -      x      x     -
    DeleteEventType       -      -      x      x     -
    ListBookingPages      x      x      x      x     x
    GetBookingPage        x      x      x      x     x
    GetLogo               x      x      x      x     x
    GetPageAddress        x      x      x      x     x

    // What the organization is: its name on every page, whom it blocks, and how much the public may book.
    GetOrganization       x      x      x      x     -
    UpdateOrganization    -      -      -      x     -

    // When something is free is what the pages are for.
    ListDays              x      x      x      x     x
    ListSlots             x      x      x      x     x
    ListNextSlots         x      x      x      x     x
    ExplainSlot           x      x      x      x     x
    // What would be, and whom it would concern, is for those who work there.
    PreviewAvailability   x      x      x      x     -
    WatchSlots            x      x      x      x     x

    // Who holds takes a time from others, so a viewer does not, and has no place to follow.
    Heartbeat             -      x      x      x     x
    KeepAlive             -      x      x      x     x
    FollowPlace           -      x      x      x     x
    Leave                 -      x      x      x     x
    ExtendHold            -      x      x      x     x
    Release               -      x      x      x     -
    // The line for one slot, by pseudonyms; that of every slot at once would show the public how much an organization does.
    ListPresence          x      x      x      x     x
    ListLivePresence      x      x      x      x     -
    WatchPresence         x      x      x      x     -

    // The public makes bookings, and looks after those whose tokens it has; it answers no request for one.
    CreateBooking         -      x      x      x     x
    GetBooking            x      x      x      x     x
    ListBookings          x      x      x      x     -
    ConfirmBooking        -      x      x      x     -
    DeclineBooking        -      x      x      x     -
    CompleteBooking       -      x      x      x     -
    MarkNoShow            -      x      x      x     -
    CancelBooking         -      x      x      x     x
    RescheduleBooking     -      x      x      x     x
    UpdateBooking         -      x      x      x     x
    RenewManagementToken  -      x      x      x     -
    ListBookingHistory    x      x      x      x     -
}

/// Whether whoever has this role may do this.
///
/// # Errors
/// They may not: `PermissionDenied`.
pub const fn may(role: Role, action: Action) -> Result<(), Refusal> {
    if action.row().allows(role) { Ok(()) } else { Err(Refusal::PermissionDenied) }
}
