// One's own booking, opened by its link: view it, move it, cancel it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { bookingQuery } from "@/api/bookings";
import { isRefusal } from "@/api/refusal";
import { pageQuery } from "@/api/catalog";
import type { Booking, EventType, EventTypePage } from "@/api/types";
import { UnreachablePage } from "@/components/ui/unreachable-page";
import { Button, buttonLook } from "@/components/ui/button";
import { CalendarLinks } from "@/components/ui/calendar-links";
import { MessagePage } from "@/components/ui/message-page";
import { Notice } from "@/components/ui/notice";
import { PageFrame } from "@/components/ui/page-frame";
import { useI18n } from "@/lib/i18n";
import { manageLink } from "@/lib/manage-link";
import type { MessageKey } from "@/lib/messages/en";
import { useAfterChange } from "@/lib/use-after-change";
import { useNow } from "@/lib/use-now";
import { BookingCard } from "./booking-card";
import { CancelDialog } from "./cancel-dialog";

export interface PickerParts {
  booking: Booking;
  token: string;
  organizationName: string;
  eventType: EventType;
  onMoved: (booking: Booking) => void;
  onChanged: () => void;
  /** A new time is being sent: until it is answered the booking is looked at nowhere else. */
  onSending: (isSending: boolean) => void;
  onBack: () => void;
}

export interface ManagePageProps {
  uid: string;
  token: string;
  /** A new time is being chosen: a place of its own in the browser's history. */
  isMoving: boolean;
  onMove: () => void;
  onMoveEnd: () => void;
  /** Choosing a new time belongs to another feature; the app brings it. */
  renderPicker: (parts: PickerParts) => ReactNode;
}

/** What has come of the booking: an object of its own each time, though it says the same. */
interface Outcome {
  key: MessageKey;
}

export function ManagePage(props: ManagePageProps) {
  const { uid, token, isMoving, onMove, onMoveEnd } = props;
  const { t } = useI18n();
  const queryClient = useQueryClient();
  const query = bookingQuery(uid, token);
  const [isSending, setSending] = useState(false);
  const {
    data: booking,
    error,
    refetch,
  } = useQuery({
    ...query,
    enabled: token !== "" && !isSending,
  });
  const page = useQuery({
    ...pageQuery(booking?.event_type_id ?? ""),
    enabled: booking !== undefined,
  });
  const organizationName = page.data?.organization.name ?? null;
  const eventType = page.data?.event_type ?? null;
  const { outcome, report } = useOutcome(isSending ? undefined : booking);
  const changed = (next: Booking, key: MessageKey) => {
    report(key, next.version);
    queryClient.setQueryData(query.queryKey, next);
  };
  const lookAgain = () => {
    report("manage.changed");
    void refetch();
  };
  const isOpen = endOf(booking, useNow()) === null;
  const isPicking =
    isMoving && booking !== undefined && isOpen && organizationName !== null && eventType !== null;
  const headingRef = useRef<HTMLHeadingElement>(null);
  const endMove = useOnceWhile(isMoving, onMoveEnd);
  useAfterChange(isPicking, () => headingRef.current?.focus());
  useAfterChange(outcome, () => {
    headingRef.current?.focus();
    endMove();
  });

  if (isPicking) {
    return props.renderPicker({
      booking,
      token,
      organizationName,
      eventType,
      onMoved: (next) => changed(next, "manage.moved"),
      onChanged: lookAgain,
      onSending: setSending,
      onBack: endMove,
    });
  }
  const isUnknown = !booking && (token === "" || isRefusal(error));
  return (
    <PageFrame name={organizationName} width="narrow">
      <title>{t(isUnknown ? "manage.unknown.title" : "manage.title")}</title>
      {booking ? (
        <Managed
          {...{ booking, token, headingRef }}
          outcome={outcome?.key ?? null}
          canMove={page.data === undefined || eventType !== null}
          againHref={addressOf(page.data)}
          onMove={onMove}
          onCancelled={(next) => changed(next, "manage.cancelled")}
          onChanged={lookAgain}
        />
      ) : isUnknown ? (
        <MessagePage title={t("manage.unknown.title")} text={t("manage.unknown.text")}>
          <a href="/" className={buttonLook("action")}>
            {t("lost_page.link")}
          </a>
        </MessagePage>
      ) : error ? (
        <UnreachablePage onRetry={() => void refetch()} />
      ) : (
        <div className="min-h-[26rem]" role="status" aria-label={t("app.loading")} />
      )}
    </PageFrame>
  );
}

/** What has come of the booking since it was first seen, by what is done here or elsewhere. */
function useOutcome(booking: Booking | undefined) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [known, setKnown] = useState<number | null>(null);
  const report = (key: MessageKey, version = known) => {
    setKnown(version);
    setOutcome({ key });
  };
  if (booking && booking.version > (known ?? 0)) {
    setKnown(booking.version);
    if (known !== null) setOutcome({ key: "manage.changed" });
  }
  return { outcome, report };
}

/** Ends what is going on no more than once, whoever asks for it and how late: each end goes one step back. */
function useOnceWhile(isGoingOn: boolean, end: () => void): () => void {
  const mayEnd = useRef(false);

  // Synchronizes with the browser's history, which says when it has begun.
  useEffect(() => {
    mayEnd.current = isGoingOn;
  }, [isGoingOn]);

  return () => {
    if (!mayEnd.current) return;
    mayEnd.current = false;
    end();
  };
}

function addressOf(page: EventTypePage | undefined): string {
  if (!page) return "/";
  const { organization, event_type } = page;
  return event_type ? `/${organization.slug}/${event_type.slug}` : `/${organization.slug}`;
}

interface ManagedProps {
  headingRef: RefObject<HTMLHeadingElement | null>;
  booking: Booking;
  token: string;
  outcome: MessageKey | null;
  /** What is not offered any more has no other time. */
  canMove: boolean;
  /** Where one can book again. */
  againHref: string;
  onMove: () => void;
  onCancelled: (booking: Booking) => void;
  onChanged: () => void;
}

function Managed(props: ManagedProps) {
  const { booking, token, outcome, headingRef } = props;
  const { t } = useI18n();
  const end = endOf(booking, useNow());
  return (
    <div className="flex flex-col gap-6 px-5 py-8 tablet:px-7 tablet:py-10">
      <h1 ref={headingRef} tabIndex={-1} className="font-serif text-title outline-none">
        {t("manage.title")}
      </h1>
      <div role="status" className="empty:hidden">
        {outcome && <Notice tone="accent">{t(outcome)}</Notice>}
      </div>
      {/* With another outcome it is another booking to look at, so that nothing is seen to jump. */}
      <Fragment key={`${booking.version} ${outcome}`}>
        <BookingCard booking={booking} />
        {end === null && booking.status === "confirmed" && (
          <CalendarLinks booking={booking} manageHref={manageLink(booking.uid, token)} />
        )}
        {end === null ? (
          <Changes {...props} />
        ) : (
          <div className="flex flex-col items-start gap-4">
            <p className="text-soft">{t(end)}</p>
            <a href={props.againHref} className={buttonLook("action")}>
              {t("manage.again")}
            </a>
          </div>
        )}
      </Fragment>
    </div>
  );
}

const ENDS: Partial<Record<Booking["status"], MessageKey>> = {
  cancelled: "manage.end.cancelled",
  declined: "manage.end.declined",
  completed: "manage.end.over",
};

/** Why nothing can be changed any more, or null while it can. */
function endOf(booking: Booking | undefined, now: number): MessageKey | null {
  if (!booking) return null;
  return ENDS[booking.status] ?? (Date.parse(booking.end) <= now ? "manage.end.over" : null);
}

function Changes({ booking, token, canMove, onMove, onCancelled, onChanged }: ManagedProps) {
  const { t } = useI18n();
  const [isCancelling, setCancelling] = useState(false);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        {canMove && (
          <Button weight="action" onClick={onMove}>
            {t("manage.move")}
          </Button>
        )}
        <Button onClick={() => setCancelling(true)}>{t("manage.cancel")}</Button>
      </div>
      {!canMove && <p className="text-small text-soft">{t("manage.fixed")}</p>}
      {isCancelling && (
        <CancelDialog
          booking={booking}
          token={token}
          onClose={() => setCancelling(false)}
          onCancelled={onCancelled}
          onChanged={onChanged}
        />
      )}
    </div>
  );
}
