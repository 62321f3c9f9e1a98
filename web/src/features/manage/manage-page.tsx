// One's own booking, opened by its link: view it, move it, cancel it.
import { type ReactNode, useRef } from "react";
import type { Booking, EventType, EventTypePage } from "@/api/types";
import { buttonLook } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/message-page";
import { PageFrame } from "@/components/ui/page-frame";
import { UnreachablePage } from "@/components/ui/unreachable-page";
import { useI18n } from "@/lib/i18n";
import { useAfterChange } from "@/lib/use-after-change";
import { useNow } from "@/lib/use-now";
import { endOf } from "./booking-end";
import { changesUntil } from "./changes-until";
import { ManagedBooking } from "./managed-booking";
import { useManagedBooking } from "./use-managed-booking";
import { useOnceWhile } from "./use-once-while";

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

export function ManagePage(props: ManagePageProps) {
  const { uid, token, isMoving, onMove, onMoveEnd } = props;
  const managed = useManagedBooking(uid, token);
  const { booking, page, outcome } = managed;
  const organizationName = page?.organization.name ?? null;
  const eventType = page?.event_type ?? null;
  const now = useNow();
  const isOpen = endOf(booking, now) === null;
  const isInTime = booking !== undefined && now < changesUntil(booking, eventType).move;
  const isPicking =
    isMoving && isOpen && isInTime && organizationName !== null && eventType !== null;
  const headingRef = useRef<HTMLHeadingElement>(null);
  const endMove = useOnceWhile(isMoving, onMoveEnd);
  useAfterChange(isPicking, () => headingRef.current?.focus());
  useAfterChange(outcome, () => {
    headingRef.current?.focus();
    endMove();
  });

  if (isPicking) {
    return props.renderPicker({
      ...{ booking, token, organizationName, eventType },
      onMoved: (next) => managed.change(next, "manage.moved"),
      onChanged: managed.lookAgain,
      onSending: managed.setSending,
      onBack: endMove,
    });
  }
  return (
    <PageFrame name={organizationName} width="narrow">
      {booking ? (
        <ManagedBooking
          {...{ booking, token, headingRef, onMove }}
          outcome={outcome?.key ?? null}
          canMove={page === undefined || eventType !== null}
          eventType={eventType}
          againHref={addressOf(page)}
          onCancelled={(next) => managed.change(next, "manage.cancelled")}
          onChanged={managed.lookAgain}
        />
      ) : (
        <NoBooking {...managed} />
      )}
    </PageFrame>
  );
}

function addressOf(page: EventTypePage | undefined): string {
  if (!page) return "/";
  const { organization, event_type } = page;
  return event_type ? `/${organization.slug}/${event_type.slug}` : `/${organization.slug}`;
}

type NoBookingProps = Pick<
  ReturnType<typeof useManagedBooking>,
  "isUnknown" | "isUnreachable" | "retry"
>;

/** Stands where the booking would: the link opens none, or it is not there yet. */
function NoBooking({ isUnknown, isUnreachable, retry }: NoBookingProps) {
  const { t } = useI18n();
  if (isUnknown) {
    return (
      <MessagePage title={t("manage.unknown.title")} text={t("manage.unknown.text")}>
        <title>{t("manage.unknown.title")}</title>
        <a href="/" className={buttonLook("action")}>
          {t("lost_page.link")}
        </a>
      </MessagePage>
    );
  }
  return (
    <>
      <title>{t("manage.title")}</title>
      {isUnreachable ? (
        <UnreachablePage onRetry={retry} />
      ) : (
        <div className="min-h-[26rem]" role="status" aria-label={t("app.loading")} />
      )}
    </>
  );
}
