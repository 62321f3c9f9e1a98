// The booking page: finds the event type of the address and keeps the view in it.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Suspense, useDeferredValue } from "react";
import { offerQuery } from "@/api/catalog";
import { isRefusal } from "@/api/refusal";
import type { CreatedBooking, EventType } from "@/api/types";
import { AwayPage } from "@/components/ui/away-page";
import { PageFrame } from "@/components/ui/page-frame";
import { useSpeech } from "@/lib/language";
import { Booker } from "@/features/booker/booker";
import type { View } from "@/features/booker/offer";
import { House } from "./house";
import { NotFound } from "./message-pages";
import { useHistoryTrail } from "./use-history-trail";
import type { ViewSearch } from "./view-search";

const route = getRouteApi("/$org/$slug");

export function BookingPage() {
  const { org, slug } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const trail = useHistoryTrail<CreatedBooking>();
  const { data: answered, error, refetch } = useQuery(offerQuery(org, slug));
  // The page is large: it is made in pieces, so that a slow phone still answers to a touch meanwhile.
  const data = useDeferredValue(answered);

  if (data) {
    return (
      <House organization={data.organization}>
        <Suspense fallback={<Loading />}>
          <Booker
            key={data.event_type.id}
            eventType={data.event_type}
            houseName={data.organization.name}
            trail={trail}
            view={viewOf(search, data.event_type)}
            onView={(change) =>
              void navigate({
                search: { ...search, ...searchOf(change) },
                replace: true,
                state: true,
              })
            }
          />
        </Suspense>
      </House>
    );
  }
  if (!error) return <Loading />;
  return (
    <PageFrame name={null} width="wide">
      {isRefusal(error) ? <NotFound org={org} /> : <AwayPage onRetry={() => void refetch()} />}
    </PageFrame>
  );
}

function Loading() {
  const { t } = useSpeech();
  return (
    <PageFrame name={null} width="wide">
      <div role="status" aria-label={t("app.loading")} className="min-h-dvh desk:min-h-[38rem]" />
    </PageFrame>
  );
}

function viewOf(search: ViewSearch, eventType: EventType): View {
  const { durations_minutes: durations } = eventType;
  const wanted = search.duration ?? 0;
  return {
    date: search.date ?? null,
    durationMinutes: durations.includes(wanted) ? wanted : (durations[0] ?? 30),
    timeZone: search.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

function searchOf({ date, durationMinutes, timeZone }: Partial<View>): ViewSearch {
  return {
    ...(date ? { date } : {}),
    ...(durationMinutes ? { duration: durationMinutes } : {}),
    ...(timeZone ? { zone: timeZone } : {}),
  };
}
