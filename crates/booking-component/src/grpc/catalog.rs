//! `CatalogService`: three kinds of entries, all alike, and whose they are.

use booking_domain::affected::WithAffected;
use booking_domain::answer::{BookingPage, BookingPages, NumberedLogo, PageAddress};
use booking_domain::block::{Block, BlockSpec, Replacement};
use booking_domain::event_type::EventType;
use booking_domain::id::EventTypeId;
use booking_domain::organization::OrganizationProfile;
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::Refusal;
use booking_domain::request::{
    BlockRef, BookingPageRequest, BookingPagesRequest, Create, CreateBlock, DeleteBlock, ListBlocks, LogoRequest,
    Update, UpdateOrganization,
};
use booking_domain::resource::Resource;
use booking_domain::schedule::Schedule;
use booking_proto::v1;
use booking_proto::v1::catalog_service_server::CatalogService;
use prost::Message;
use tonic::{Request, Response, Status};

use crate::commands::idempotency::Once;
use crate::grpc::{Server, answered, denied, fingerprint, listed};
use crate::service::catalog::Entry;

/// An answered call, or its status.
type Called<M> = Result<Response<M>, Status>;

impl Server {
    /// `key` is where the message has its idempotency key.
    async fn create<E, M, R>(
        &self,
        mut request: Request<M>,
        call: &'static str,
        key: fn(&mut M) -> &mut String,
    ) -> Called<R>
    where
        E: Entry,
        M: Message,
        Create<E::Spec>: TryFrom<M, Error = Refusal>,
        R: for<'a> From<&'a E>,
    {
        let asks = fingerprint(request.get_mut(), key);
        let (caller, Create { spec, request_id }) = self.open(request).await?;
        let once = Once::of_call(call, request_id, asks);
        answered(self.service.create::<E>(caller, &spec, once).await)
    }

    async fn get<E, M, R>(&self, request: Request<M>) -> Called<R>
    where
        E: Entry,
        E::Id: TryFrom<M, Error = Refusal>,
        R: for<'a> From<&'a E>,
    {
        let (caller, id): (_, E::Id) = self.open(request).await?;
        answered(self.service.get::<E>(caller, id).await)
    }

    /// `I` is an entry as a message.
    async fn list<E, I, M, R>(&self, request: Request<M>) -> Called<R>
    where
        E: Entry,
        I: Message + for<'a> From<&'a E>,
        PageRequest: TryFrom<M, Error = Refusal>,
        R: Message + for<'a> From<&'a Page<E>>,
    {
        let (caller, page): (_, PageRequest) = self.open(request).await?;
        let list = |page| {
            let service = self.service.clone();
            async move { service.list::<E>(caller, &page).await }
        };
        listed::<_, I, _, _>(page, list).await
    }

    async fn update<E, M, R>(&self, request: Request<M>) -> Called<R>
    where
        E: Entry,
        Update<E::Id, E::Spec>: TryFrom<M, Error = Refusal>,
        R: for<'a> From<&'a WithAffected<E>>,
    {
        let (caller, update): (_, Update<E::Id, E::Spec>) = self.open(request).await?;
        answered(self.service.update::<E>(caller, &update).await)
    }

    async fn delete<E, M, R>(&self, request: Request<M>) -> Called<R>
    where
        E: Entry,
        E::Id: TryFrom<M, Error = Refusal>,
        R: Default,
    {
        let (caller, id): (_, E::Id) = self.open(request).await?;
        self.service.delete::<E>(caller, id).await.map_err(denied)?;
        Ok(Response::new(R::default()))
    }
}

#[tonic::async_trait]
impl CatalogService for Server {
    async fn create_resource(&self, request: Request<v1::CreateResourceRequest>) -> Called<v1::Resource> {
        self.create::<Resource, _, _>(request, "create_resource", |message| &mut message.request_id).await
    }

    async fn get_resource(&self, request: Request<v1::GetResourceRequest>) -> Called<v1::Resource> {
        self.get::<Resource, _, _>(request).await
    }

    async fn list_resources(&self, request: Request<v1::ListResourcesRequest>) -> Called<v1::ListResourcesResponse> {
        self.list::<Resource, v1::Resource, _, _>(request).await
    }

    async fn update_resource(&self, request: Request<v1::UpdateResourceRequest>) -> Called<v1::Resource> {
        self.update::<Resource, _, _>(request).await
    }

    async fn delete_resource(&self, request: Request<v1::DeleteResourceRequest>) -> Called<v1::DeleteResourceResponse> {
        self.delete::<Resource, _, _>(request).await
    }

    async fn create_block(&self, mut request: Request<v1::CreateBlockRequest>) -> Called<v1::ChangedBlock> {
        let asks = fingerprint(request.get_mut(), |message| &mut message.request_id);
        let (caller, asked): (_, CreateBlock) = self.open(request).await?;
        let once = Once::of_call("create_block", asked.request_id.clone(), asks);
        answered(self.service.create_block(caller, &asked, once).await)
    }

    async fn get_block(&self, request: Request<v1::GetBlockRequest>) -> Called<v1::Block> {
        let (caller, block): (_, BlockRef) = self.open(request).await?;
        answered::<Block, _>(self.service.get_block(caller, block).await)
    }

    async fn list_blocks(&self, request: Request<v1::ListBlocksRequest>) -> Called<v1::ListBlocksResponse> {
        let (caller, asked): (_, ListBlocks) = self.open(request).await?;
        let list = |page| {
            let (service, asked) = (self.service.clone(), ListBlocks { page, ..asked.clone() });
            async move { service.list_blocks(caller, &asked).await }
        };
        listed::<Page<Block>, v1::Block, _, _>(asked.page.clone(), list).await
    }

    async fn update_block(&self, request: Request<v1::UpdateBlockRequest>) -> Called<v1::ChangedBlock> {
        let (caller, update): (_, Update<BlockRef, BlockSpec>) = self.open(request).await?;
        answered(self.service.update_block(caller, &update).await)
    }

    async fn delete_block(&self, request: Request<v1::DeleteBlockRequest>) -> Called<v1::DeleteBlockResponse> {
        let (caller, asked): (_, DeleteBlock) = self.open(request).await?;
        self.service.delete_block(caller, &asked).await.map_err(denied)?;
        Ok(Response::new(v1::DeleteBlockResponse {}))
    }

    async fn replace_blocks(&self, request: Request<v1::ReplaceBlocksRequest>) -> Called<v1::ReplaceBlocksResponse> {
        let (caller, asked): (_, Replacement) = self.open(request).await?;
        answered(self.service.replace_blocks(caller, &asked).await)
    }

    async fn create_schedule(&self, request: Request<v1::CreateScheduleRequest>) -> Called<v1::Schedule> {
        self.create::<Schedule, _, _>(request, "create_schedule", |message| &mut message.request_id).await
    }

    async fn get_schedule(&self, request: Request<v1::GetScheduleRequest>) -> Called<v1::Schedule> {
        self.get::<Schedule, _, _>(request).await
    }

    async fn list_schedules(&self, request: Request<v1::ListSchedulesRequest>) -> Called<v1::ListSchedulesResponse> {
        self.list::<Schedule, v1::Schedule, _, _>(request).await
    }

    async fn update_schedule(&self, request: Request<v1::UpdateScheduleRequest>) -> Called<v1::Schedule> {
        self.update::<Schedule, _, _>(request).await
    }

    async fn delete_schedule(&self, request: Request<v1::DeleteScheduleRequest>) -> Called<v1::DeleteScheduleResponse> {
        self.delete::<Schedule, _, _>(request).await
    }

    async fn create_event_type(&self, request: Request<v1::CreateEventTypeRequest>) -> Called<v1::EventType> {
        self.create::<EventType, _, _>(request, "create_event_type", |message| &mut message.request_id).await
    }

    async fn get_event_type(&self, request: Request<v1::GetEventTypeRequest>) -> Called<v1::EventType> {
        self.get::<EventType, _, _>(request).await
    }

    async fn list_event_types(
        &self,
        request: Request<v1::ListEventTypesRequest>,
    ) -> Called<v1::ListEventTypesResponse> {
        self.list::<EventType, v1::EventType, _, _>(request).await
    }

    async fn update_event_type(&self, request: Request<v1::UpdateEventTypeRequest>) -> Called<v1::EventType> {
        self.update::<EventType, _, _>(request).await
    }

    async fn delete_event_type(
        &self,
        request: Request<v1::DeleteEventTypeRequest>,
    ) -> Called<v1::DeleteEventTypeResponse> {
        self.delete::<EventType, _, _>(request).await
    }

    async fn list_booking_pages(
        &self,
        request: Request<v1::ListBookingPagesRequest>,
    ) -> Called<v1::ListBookingPagesResponse> {
        let (caller, asked): (_, BookingPagesRequest) = self.open(request).await?;
        let BookingPagesRequest { organization, page } = asked;
        let list = |page| {
            let (service, organization) = (self.service.clone(), organization.clone());
            async move { service.list_booking_pages(caller, &BookingPagesRequest { organization, page }).await }
        };
        listed::<BookingPages, v1::BookingPage, _, _>(page, list).await
    }

    async fn get_booking_page(&self, request: Request<v1::GetBookingPageRequest>) -> Called<v1::BookingPage> {
        let (caller, asked): (_, BookingPageRequest) = self.open(request).await?;
        answered::<BookingPage, _>(self.service.get_booking_page(caller, &asked).await)
    }

    async fn get_logo(&self, request: Request<v1::GetLogoRequest>) -> Called<v1::Logo> {
        let (caller, asked): (_, LogoRequest) = self.open(request).await?;
        answered::<NumberedLogo, _>(self.service.get_logo(caller, &asked).await)
    }

    async fn get_organization(&self, request: Request<v1::GetOrganizationRequest>) -> Called<v1::OrganizationProfile> {
        let (caller, ()) = self.open(request).await?;
        answered::<OrganizationProfile, _>(self.service.get_organization(caller).await)
    }

    async fn update_organization(
        &self,
        request: Request<v1::UpdateOrganizationRequest>,
    ) -> Called<v1::OrganizationProfile> {
        let (caller, update): (_, UpdateOrganization) = self.open(request).await?;
        answered::<OrganizationProfile, _>(self.service.update_organization(caller, &update).await)
    }

    async fn get_page_address(&self, request: Request<v1::GetPageAddressRequest>) -> Called<v1::PageAddress> {
        let (caller, id): (_, EventTypeId) = self.open(request).await?;
        answered::<PageAddress, _>(self.service.get_page_address(caller, id).await)
    }
}
