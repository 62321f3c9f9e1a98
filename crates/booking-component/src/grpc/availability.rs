//! `AvailabilityService`.

use booking_domain::answer::{Edited, NextSlots, Preview, SlotChange};
use booking_domain::availability::{Day, Explanation, Slot};
use booking_domain::request::{ExplainRequest, NextSlotsRequest, PreviewRequest, SlotsRequest};
use booking_proto::v1;
use booking_proto::v1::availability_service_server::AvailabilityService;
use futures::{StreamExt, stream};
use tonic::{Request, Response, Status};

use crate::grpc::{Messages, Server, answered, denied};

#[tonic::async_trait]
impl AvailabilityService for Server {
    type WatchSlotsStream = Messages<v1::WatchSlotsResponse>;

    async fn list_days(&self, request: Request<v1::SlotQuery>) -> Result<Response<v1::ListDaysResponse>, Status> {
        let have = request.get_ref().revision();
        let (caller, asked): (_, SlotsRequest) = self.open(request).await?;
        answered::<Edited<Vec<Day>>, _>(self.service.list_days(caller, &asked, have).await)
    }

    async fn list_slots(&self, request: Request<v1::SlotQuery>) -> Result<Response<v1::ListSlotsResponse>, Status> {
        let have = request.get_ref().revision();
        let (caller, asked): (_, SlotsRequest) = self.open(request).await?;
        answered::<Edited<Vec<Slot>>, _>(self.service.list_slots(caller, &asked, have).await)
    }

    async fn list_next_slots(
        &self,
        request: Request<v1::ListNextSlotsRequest>,
    ) -> Result<Response<v1::ListNextSlotsResponse>, Status> {
        let (caller, asked): (_, NextSlotsRequest) = self.open(request).await?;
        answered::<NextSlots, _>(self.service.list_next_slots(caller, &asked).await)
    }

    async fn explain_slot(
        &self,
        request: Request<v1::ExplainSlotRequest>,
    ) -> Result<Response<v1::ExplainSlotResponse>, Status> {
        let (caller, asked): (_, ExplainRequest) = self.open(request).await?;
        answered::<Explanation, _>(self.service.explain_slot(caller, &asked).await)
    }

    async fn preview_availability(
        &self,
        request: Request<v1::PreviewAvailabilityRequest>,
    ) -> Result<Response<v1::PreviewAvailabilityResponse>, Status> {
        let (caller, asked): (_, PreviewRequest) = self.open(request).await?;
        answered::<Preview, _>(self.service.preview_availability(caller, &asked).await)
    }

    async fn watch_slots(&self, request: Request<v1::SlotQuery>) -> Result<Response<Self::WatchSlotsStream>, Status> {
        let in_parts = request.get_ref().snapshot_in_parts;
        let (caller, authority, asked): (_, _, SlotsRequest) = self.open_stream(request).await?;
        let changes = self.service.watch_slots(caller, &asked).await.map_err(denied)?;
        let messages = changes.flat_map(move |change: SlotChange| {
            let whole = || vec![v1::WatchSlotsResponse::from(&change)];
            let messages = if in_parts { v1::WatchSlotsResponse::in_parts(&change) } else { whole() };
            stream::iter(messages.into_iter().map(Ok))
        });
        Ok(self.stream(authority, messages))
    }
}
