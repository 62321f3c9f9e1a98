//! Who may do what: every call of the services, with whatever a caller can show, is answered as the one table says.

use std::collections::BTreeSet;

use booking_client::{
    ApiKey, BlockFilter, BlockRef, CallError, ListBlocks, NextSlotsRequest, PreviewChange, PreviewRequest,
    ReleaseRequest, RenewManagementToken, RescheduleRequest, SlotRequest, TransitionRequest, UpdateBooking,
    make_booking_api,
};
use booking_component::keyring::Scope;
use booking_component::store::organizations;
use booking_component::store::{Store, StoreSettings};
use booking_domain::access::{Action, Role, may};
use booking_domain::allow::Allow;
use booking_domain::block::{Block, BlockSpec, Replacement};
use booking_domain::booking::correction::BookingChange;
use booking_domain::event_type::EventType;
use booking_domain::hold::{Pseudonym, SessionId, SlotKey};
use booking_domain::id::BookingId;
use booking_domain::interval::Interval;
use booking_domain::organization::OrganizationProfile;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::resource::Resource;
use booking_domain::schedule::Schedule;
use booking_domain::text::{Name, Prose, Slug};
use booking_proto::FILE_DESCRIPTOR_SET;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use futures::stream;
use prost::Message;
use prost_types::FileDescriptorSet;

use super::world::{Api, World, at, beat, booking, in_process, session, that_day};
use crate::support::studio::{NEIGHBOUR, Studio};

/// What the calls are about.
struct Subject {
    resource: Resource,
    schedule: Schedule,
    event_type: EventType,
    block: Block,
    organization: OrganizationProfile,
    booking: BookingId,
    room: SlotKey,
    session_id: SessionId,
}

impl Subject {
    async fn of(world: &World) -> Self {
        let session_id = session();
        let resource = world.resource("A room", 1).await;
        let event_type = world.event_type("lesson", &[60], &[resource.id]).await;
        Self {
            schedule: world.api.get_schedule(world.schedule).await.unwrap(),
            organization: world.api.get_organization().await.unwrap(),
            booking: world.book(event_type.id, 9, None).await.unwrap().booking.id,
            room: world.beat(event_type.id, 12, session_id).await.unwrap().room,
            session_id,
            block: world.api.create_block(resource.id, &night(), None).await.unwrap().now,
            resource,
            event_type,
        }
    }

    fn preview(&self) -> PreviewRequest {
        let change = PreviewChange::Block(self.resource.id, night().time);
        PreviewRequest { slots: that_day(self.event_type.id), change }
    }

    fn block_ref(&self) -> BlockRef {
        BlockRef { resource_id: self.resource.id, id: self.block.id }
    }

    fn all_blocks(&self) -> ListBlocks {
        ListBlocks { resource_id: self.resource.id, filter: BlockFilter::default(), page: PageRequest::default() }
    }

    fn no_blocks(&self) -> Replacement {
        let source = Name::parse("calendar").unwrap();
        Replacement { resource_id: self.resource.id, window: night().time, source, blocks: Vec::new() }
    }

    fn slot(&self) -> SlotRequest {
        SlotRequest { event_type_id: self.event_type.id, start: at(12), duration_minutes: None, resource_id: None }
    }

    fn nobody(&self) -> ReleaseRequest {
        ReleaseRequest { room: self.room, who: Pseudonym("nobody".to_owned()), reason: Prose::default() }
    }

    fn next_slots(&self) -> NextSlotsRequest {
        let (event_type_id, after) = (self.event_type.id, Some(at(12)));
        NextSlotsRequest { event_type_id, count: 1, after, duration_minutes: None, resource_id: None, time_zone: None }
    }

    fn step(&self) -> TransitionRequest {
        TransitionRequest { id: self.booking, reason: Prose::default(), version: None, management_token: None }
    }

    fn correction(&self) -> UpdateBooking {
        UpdateBooking { id: self.booking, change: BookingChange::default(), version: None, management_token: None }
    }

    fn renewal(&self) -> RenewManagementToken {
        RenewManagementToken { id: self.booking, version: None, request_id: None }
    }

    fn move_to(&self, hour: u32) -> RescheduleRequest {
        RescheduleRequest {
            allow: Allow::NOTHING,
            id: self.booking,
            start: at(hour),
            duration_minutes: None,
            session_id: None,
            resource_id: None,
            reason: Prose::default(),
            version: None,
            management_token: None,
        }
    }
}

/// When nobody wants the room.
fn night() -> BlockSpec {
    BlockSpec { time: Interval::new(at(1), at(3)).unwrap(), reason: Prose::default(), external_id: None }
}

type Calls<'a> = Vec<(Action, LocalBoxFuture<'a, Result<(), CallError>>)>;

/// Calls that are made once they are waited for, and only whether they were refused.
macro_rules! calls {
    ($($action:ident: $call:expr,)+) => {
        vec![$((Action::$action, async move { $call.await.map(drop) }.boxed_local()),)+]
    };
}

fn catalog<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    let (resource, schedule, event_type) = (&of.resource, &of.schedule, &of.event_type);
    calls![
        CreateResource: api.create_resource(&resource.spec, None),
        GetResource: api.get_resource(resource.id),
        ListResources: api.list_resources(PageRequest::default()),
        UpdateResource: api.update_resource(resource.id, &resource.spec, resource.stamp.version),
        DeleteResource: api.delete_resource(resource.id),
        CreateSchedule: api.create_schedule(&schedule.spec, None),
        GetSchedule: api.get_schedule(schedule.id),
        ListSchedules: api.list_schedules(PageRequest::default()),
        UpdateSchedule: api.update_schedule(schedule.id, &schedule.spec, schedule.stamp.version),
        DeleteSchedule: api.delete_schedule(schedule.id),
        CreateEventType: api.create_event_type(&event_type.spec, None),
        GetEventType: api.get_event_type(event_type.id),
        ListEventTypes: api.list_event_types(PageRequest::default()),
        UpdateEventType: api.update_event_type(event_type.id, &event_type.spec, event_type.stamp.version),
        DeleteEventType: api.delete_event_type(event_type.id),
    ]
}

fn blocks<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    let block = &of.block;
    calls![
        CreateBlock: api.create_block(of.resource.id, &block.spec, None),
        GetBlock: api.get_block(of.block_ref()),
        ListBlocks: api.list_blocks(&of.all_blocks()),
        UpdateBlock: api.update_block(of.block_ref(), &block.spec, block.stamp.version),
        ReplaceBlocks: api.replace_blocks(&of.no_blocks()),
        DeleteBlock: api.delete_block(of.block_ref(), None),
    ]
}

fn pages<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    let organization = &of.organization;
    calls![
        ListBookingPages: api.list_booking_pages(&organization.slug, PageRequest::default()),
        GetBookingPage: api.get_booking_page(&organization.slug, &of.event_type.spec.slug),
        GetLogo: api.get_logo(&organization.slug),
        GetPageAddress: api.get_page_address(of.event_type.id),
        GetOrganization: api.get_organization(),
        UpdateOrganization: api.update_organization(&organization.spec, organization.stamp.version),
        ListDays: api.list_days(&that_day(of.event_type.id)),
        ListSlots: api.list_slots(&that_day(of.event_type.id)),
        ListNextSlots: api.list_next_slots(&of.next_slots()),
        ExplainSlot: api.explain_slot(&of.slot().into()),
        PreviewAvailability: api.preview_availability(&of.preview()),
        WatchSlots: api.watch_slots(&that_day(of.event_type.id)),
    ]
}

fn presence<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    calls![
        Heartbeat: api.heartbeat(&beat(of.event_type.id, 12, of.session_id)),
        KeepAlive: api.keep_alive(stream::empty()),
        FollowPlace: api.follow_place(of.room, of.session_id),
        ExtendHold: api.extend_hold(of.room, of.session_id),
        Release: api.release(&of.nobody()),
        ListPresence: api.get_presence(&of.slot()),
        ListLivePresence: api.list_live_presence(PageRequest::default()),
        WatchPresence: api.watch_presence(),
        WatchPresence: api.watch_presence_changes(),
        Leave: api.leave(of.room, of.session_id),
    ]
}

fn bookings<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    calls![
        CreateBooking: api.create_booking(&booking(of.event_type.id, 15, None)),
        GetBooking: api.get_booking(of.booking, None),
        ListBookings: api.list_bookings(&Default::default(), PageRequest::default()),
        ListBookingHistory: api.list_booking_history(of.booking, PageRequest::default()),
        ConfirmBooking: api.confirm_booking(&of.step()),
        DeclineBooking: api.decline_booking(&of.step()),
        CompleteBooking: api.complete_booking(&of.step()),
        MarkNoShow: api.mark_no_show(&of.step()),
        RescheduleBooking: api.reschedule_booking(&of.move_to(18)),
        UpdateBooking: api.update_booking(&of.correction()),
        RenewManagementToken: api.renew_management_token(&of.renewal()),
        CancelBooking: api.cancel_booking(&of.step()),
    ]
}

fn every_call<'a>(api: &'a Api, of: &'a Subject) -> Calls<'a> {
    [blocks(api, of), catalog(api, of), pages(api, of), presence(api, of), bookings(api, of)]
        .into_iter()
        .flatten()
        .collect()
}

/// The calls with whatever somebody can show, and the role that it gives; none to whoever is nobody.
async fn callers(world: &World) -> Vec<(&'static str, Api, Option<Role>)> {
    let keyring = world.component.keyring();
    let own = keyring.organization(&Slug::parse("default").unwrap()).await.unwrap();
    let key = async |scope| {
        let (id, key) = keyring.create(scope, Name::parse("A test").unwrap()).await.unwrap();
        (id, world.api.with_key(ApiKey::parse(&key).unwrap()))
    };
    let (revoked, with_revoked) = key(Scope::Admin(own)).await;
    keyring.revoke(revoked).await.unwrap();
    vec![
        ("nothing", make_booking_api(in_process(world.component.routes())), None),
        ("a revoked key", with_revoked, None),
        ("a front's key", key(Scope::Front).await.1, Some(Role::Front)),
        ("another organization's key", key(another_organization(world).await).await.1, Some(Role::Owner)),
        ("the organization's key", key(Scope::Admin(own)).await.1, Some(Role::Owner)),
    ]
}

async fn another_organization(world: &World) -> Scope {
    let store = Store::open(&world.url(), StoreSettings::default()).await.unwrap();
    let other = Studio::new(NEIGHBOUR).organization();
    let mut tx = store.write().await.unwrap();
    organizations::insert(&mut tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    Scope::Admin(other.id)
}

/// That the caller may not, if it is that.
fn denial(answer: Result<(), CallError>) -> Option<Refusal> {
    match answer {
        Err(CallError::Refused(denial @ (Refusal::Unauthenticated | Refusal::PermissionDenied))) => Some(denial),
        Ok(()) | Err(CallError::Refused(_)) => None,
        Err(failure) => panic!("{failure}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_is_answered_as_the_table_says_whatever_is_shown() {
    let world = World::in_process().await;
    let subject = Subject::of(&world).await;
    for (shown, api, role) in callers(&world).await {
        for (action, call) in every_call(&api, &subject) {
            let expected = role.map_or(Err(Refusal::Unauthenticated), |role| may(role, action));
            assert_eq!(denial(call.await), expected.err(), "{action:?} with {shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_of_the_services_has_a_row_and_is_called() {
    let described = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let services = described.file.iter().flat_map(|file| &file.service);
    let methods: BTreeSet<_> = services.flat_map(|service| &service.method).map(|m| m.name().to_owned()).collect();
    let rows: BTreeSet<_> = Action::ALL.iter().map(|action| format!("{action:?}")).collect();
    assert_eq!(methods, rows);
    let world = World::in_process().await;
    let subject = Subject::of(&world).await;
    let called: BTreeSet<_> =
        every_call(&world.api, &subject).iter().map(|(action, _)| format!("{action:?}")).collect();
    assert_eq!(called, rows);
}
