// The booking page: finds the event type of the address and keeps the view in it.
import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useDeferredValue, useState } from "react";
import { offerQuery } from "@/api/catalog";
import { isRefusal } from "@/api/refusal";
import type { CreatedBooking, EventType, Offer } from "@/api/types";
import { UnreachablePage } from "@/components/ui/unreachable-page";
import { descriptionLook } from "@/components/ui/description";
import { PageFrame } from "@/components/ui/page-frame";
import { useI18n } from "@/lib/i18n";
import { knownZone, browserTimeZone } from "@/lib/browser-locale";
import { Booker } from "@/features/booker/booker";
import type { View } from "@/features/booker/state/offer";
import { OrganizationTheme } from "./organization-theme";
import { NotFound } from "./message-pages";
import { browserHistory } from "./browser-history";
import { useViewSearch, type ViewSearch } from "./view-search";

export function BookingPage({ org, slug }: { org: string; slug: string }) {
  const [search, setSearch] = useViewSearch();
  const [insteadZone, setInsteadZone] = useState<string | null>(null);
  const changeView = useCallback(
    (change: Partial<View>) => {
      if (change.timeZone) setInsteadZone(change.isZoneInstead ? change.timeZone : null);
      setSearch(change);
    },
    [setSearch],
  );
  const { data: answered, error, refetch } = useQuery(offerQuery(org, slug));
  // The page is large: it is made in pieces, so that a slow phone still answers to a touch meanwhile.
  const data = useDeferredValue(answered ?? null, null);

  if (data) {
    return (
      <OrganizationTheme organization={data.organization}>
        <Suspense fallback={<Loading offer={data} />}>
          <Booker
            key={data.event_type.id}
            eventType={data.event_type}
            organizationName={data.organization.name}
            history={browserHistory<CreatedBooking>()}
            view={viewOf(search, data.event_type, insteadZone)}
            onView={changeView}
          />
        </Suspense>
      </OrganizationTheme>
    );
  }
  if (answered || !error) return <Loading offer={answered} />;
  return (
    <PageFrame name={null} width="wide">
      {isRefusal(error) ? (
        <NotFound org={org} />
      ) : (
        <UnreachablePage onRetry={() => void refetch()} />
      )}
    </PageFrame>
  );
}

/** What the document shows before there is a script (index.html), for as long as there is no more. */
function Loading({ offer }: { offer: Offer | undefined }) {
  const { t } = useI18n();
  return (
    <PageFrame name={offer?.organization.name ?? null} width="wide">
      <div className="min-h-dvh desk:grid desk:min-h-[40rem] desk:grid-cols-[17.5rem_1fr]">
        {offer && (
          <div className="flex flex-col gap-2 border-hairline px-5 pt-6 tablet:px-7 desk:border-e desk:py-8">
            <h1 className="font-serif text-title wrap-anywhere">{offer.event_type.title}</h1>
            <p className={descriptionLook(offer.event_type.description)}>
              {offer.event_type.description}
            </p>
          </div>
        )}
        <span role="status" aria-label={t("app.loading")} />
      </div>
    </PageFrame>
  );
}

function viewOf(search: ViewSearch, eventType: EventType, insteadZone: string | null): View {
  const { durations_minutes: durations } = eventType;
  const wanted = search.duration ?? 0;
  const { timeZone, isInstead } = knownZone(search.zone ?? browserTimeZone(), eventType.time_zone);
  return {
    date: search.date ?? null,
    durationMinutes: durations.includes(wanted) ? wanted : (durations[0] ?? 30),
    timeZone,
    isZoneInstead: isInstead || timeZone === insteadZone,
  };
}
