//! The catalog: resources, schedules and event types, the public pages made of them, and whose they are.

use booking_domain::affected::WithAffected;
use booking_domain::event_type::{EventType, EventTypeSpec};
use booking_domain::id::{EventTypeId, ResourceId, ScheduleId};
use booking_domain::organization::{OrganizationProfile, OrganizationSpec};
use booking_domain::page::{Page, PageRequest};
use booking_domain::request::{
    BookingPageRequest, BookingPagesRequest, Create, LogoRequest, RequestId, Update, UpdateOrganization,
};
use booking_domain::resource::{Resource, ResourceSpec};
use booking_domain::schedule::{Schedule, ScheduleSpec};
use booking_domain::text::Slug;

use crate::{BookingApi, BookingPage, BookingPages, CallError, NumberedLogo, PageAddress, Transport};
use booking_proto::v1;

impl<C: Transport> BookingApi<C> {
    /// Makes a resource. The same request id and `spec` again answer what they answered the first time, for 24 hours.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn create_resource(
        &self,
        spec: &ResourceSpec,
        request_id: impl Into<Option<RequestId>>,
    ) -> Result<Resource, CallError> {
        let request = Create { spec: spec.clone(), request_id: request_id.into() };
        self.answer(self.catalog().create_resource(self.once(&request))).await
    }

    /// The resource with this id.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_resource(&self, id: ResourceId) -> Result<Resource, CallError> {
        self.answer(self.catalog().get_resource(self.once(id))).await
    }

    /// One page of the organization's resources.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_resources(&self, page: PageRequest) -> Result<Page<Resource>, CallError> {
        self.answer(self.catalog().list_resources(self.once(&page))).await
    }

    /// Replaces what a resource is. `version` is the one that was read. What no longer fits stays, and is
    /// named.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn update_resource(
        &self,
        id: ResourceId,
        spec: &ResourceSpec,
        version: i64,
    ) -> Result<WithAffected<Resource>, CallError> {
        let request = Update { id, spec: spec.clone(), version };
        self.answer(self.catalog().update_resource(self.once(&request))).await
    }

    /// Deletes a resource.
    ///
    /// # Errors
    /// Refused as `conflict` while an event type or a live booking needs it; see [`CallError`].
    pub async fn delete_resource(&self, id: ResourceId) -> Result<(), CallError> {
        self.answer(self.catalog().delete_resource(self.once(id))).await
    }

    /// Makes a schedule. The same request id and `spec` again answer what they answered the first time, for 24 hours.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn create_schedule(
        &self,
        spec: &ScheduleSpec,
        request_id: impl Into<Option<RequestId>>,
    ) -> Result<Schedule, CallError> {
        let request = Create { spec: spec.clone(), request_id: request_id.into() };
        self.answer(self.catalog().create_schedule(self.once(&request))).await
    }

    /// The schedule with this id.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_schedule(&self, id: ScheduleId) -> Result<Schedule, CallError> {
        self.answer(self.catalog().get_schedule(self.once(id))).await
    }

    /// One page of the organization's schedules.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_schedules(&self, page: PageRequest) -> Result<Page<Schedule>, CallError> {
        self.answer(self.catalog().list_schedules(self.once(&page))).await
    }

    /// Replaces what a schedule is. `version` is the one that was read. What no longer fits stays, and is
    /// named.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn update_schedule(
        &self,
        id: ScheduleId,
        spec: &ScheduleSpec,
        version: i64,
    ) -> Result<WithAffected<Schedule>, CallError> {
        let request = Update { id, spec: spec.clone(), version };
        self.answer(self.catalog().update_schedule(self.once(&request))).await
    }

    /// Deletes a schedule.
    ///
    /// # Errors
    /// Refused as `conflict` while an event type needs it; see [`CallError`].
    pub async fn delete_schedule(&self, id: ScheduleId) -> Result<(), CallError> {
        self.answer(self.catalog().delete_schedule(self.once(id))).await
    }

    /// Makes an event type. The same request id and `spec` again answer what they answered the first time, for 24 hours.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn create_event_type(
        &self,
        spec: &EventTypeSpec,
        request_id: impl Into<Option<RequestId>>,
    ) -> Result<EventType, CallError> {
        let request = Create { spec: spec.clone(), request_id: request_id.into() };
        self.answer(self.catalog().create_event_type(self.once(&request))).await
    }

    /// The event type with this id.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_event_type(&self, id: EventTypeId) -> Result<EventType, CallError> {
        self.answer(self.catalog().get_event_type(self.once(id))).await
    }

    /// One page of the organization's event types.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_event_types(&self, page: PageRequest) -> Result<Page<EventType>, CallError> {
        self.answer(self.catalog().list_event_types(self.once(&page))).await
    }

    /// Replaces what an event type is. `version` is the one that was read. What no longer fits stays, and is
    /// named.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn update_event_type(
        &self,
        id: EventTypeId,
        spec: &EventTypeSpec,
        version: i64,
    ) -> Result<WithAffected<EventType>, CallError> {
        let request = Update { id, spec: spec.clone(), version };
        self.answer(self.catalog().update_event_type(self.once(&request))).await
    }

    /// Deletes an event type.
    ///
    /// # Errors
    /// Refused as `conflict` while it has bookings; see [`CallError`].
    pub async fn delete_event_type(&self, id: EventTypeId) -> Result<(), CallError> {
        self.answer(self.catalog().delete_event_type(self.once(id))).await
    }

    /// What the public pages of an organization show: one page of its active event types.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_booking_pages(&self, organization: &Slug, page: PageRequest) -> Result<BookingPages, CallError> {
        let request = BookingPagesRequest { organization: organization.clone(), page };
        self.answer(self.catalog().list_booking_pages(self.once(&request))).await
    }

    /// What the public page of an active event type shows.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_booking_page(&self, organization: &Slug, slug: &Slug) -> Result<BookingPage, CallError> {
        let request = BookingPageRequest { organization: organization.clone(), slug: slug.clone() };
        self.answer(self.catalog().get_booking_page(self.once(&request))).await
    }

    /// The image that the public pages of an organization show.
    ///
    /// # Errors
    /// Refused as `not_found` when there is none; see [`CallError`].
    pub async fn get_logo(&self, organization: &Slug) -> Result<NumberedLogo, CallError> {
        let request = LogoRequest { organization: organization.clone() };
        self.answer(self.catalog().get_logo(self.once(&request))).await
    }

    /// The organization that the key belongs to.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_organization(&self) -> Result<OrganizationProfile, CallError> {
        self.answer(self.catalog().get_organization(self.once(v1::GetOrganizationRequest {}))).await
    }

    /// Replaces what the organization says about itself. `version` is the one that was read.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn update_organization(
        &self,
        spec: &OrganizationSpec,
        version: i64,
    ) -> Result<OrganizationProfile, CallError> {
        let request = UpdateOrganization { spec: spec.clone(), version };
        self.answer(self.catalog().update_organization(self.once(&request))).await
    }

    /// Where the public page of an event type is, whether it is active or not.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_page_address(&self, id: EventTypeId) -> Result<PageAddress, CallError> {
        self.answer(self.catalog().get_page_address(self.once(id))).await
    }
}
