// One's own booking, opened by its link: view it, move it, cancel it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { bookingQuery } from "@/api/bookings";
import { isRefusal } from "@/api/refusal";
import type { Booking } from "@/api/types";
import { AwayPage } from "@/components/ui/away-page";
import { Button } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/message-page";
import { Notice } from "@/components/ui/notice";
import { PageFrame } from "@/components/ui/page-frame";
import { useSpeech } from "@/lib/language";
import type { MessageKey } from "@/lib/messages/en";
import { BookingCard } from "./booking-card";
import { CancelDialog } from "./cancel-dialog";

export interface PickerParts {
  booking: Booking;
  token: string;
  onMoved: (booking: Booking) => void;
  onBack: () => void;
}

export interface ManagePageProps {
  uid: string;
  token: string;
  /** Choosing a new time belongs to another feature; the app brings it. */
  renderPicker: (parts: PickerParts) => ReactNode;
}

export function ManagePage({ uid, token, renderPicker }: ManagePageProps) {
  const { t } = useSpeech();
  const queryClient = useQueryClient();
  const query = bookingQuery(uid, token);
  const { data: booking, error, refetch } = useQuery({ ...query, enabled: token !== "" });
  const [isMoving, setMoving] = useState(false);
  const [news, setNews] = useState<MessageKey | null>(null);
  const changed = (next: Booking, key: MessageKey) => {
    queryClient.setQueryData(query.queryKey, next);
    setNews(key);
    setMoving(false);
  };

  if (booking && isMoving) {
    return renderPicker({
      booking,
      token,
      onMoved: (next) => changed(next, "manage.moved"),
      onBack: () => setMoving(false),
    });
  }
  return (
    <PageFrame name={null} width="narrow">
      <title>{t("manage.title")}</title>
      {booking ? (
        <Managed
          {...{ booking, token, news }}
          onMove={() => setMoving(true)}
          onCancelled={(next) => changed(next, "manage.cancelled")}
        />
      ) : token === "" || isRefusal(error) ? (
        <MessagePage title={t("manage.unknown.title")} text={t("manage.unknown.text")} />
      ) : error ? (
        <AwayPage onRetry={() => void refetch()} />
      ) : (
        <div className="min-h-[26rem]" role="status" aria-label={t("app.loading")} />
      )}
    </PageFrame>
  );
}

interface ManagedProps {
  booking: Booking;
  token: string;
  news: MessageKey | null;
  onMove: () => void;
  onCancelled: (booking: Booking) => void;
}

function Managed({ booking, token, news, onMove, onCancelled }: ManagedProps) {
  const { t } = useSpeech();
  const [isCancelling, setCancelling] = useState(false);
  const isOpen = booking.status === "pending" || booking.status === "confirmed";
  return (
    <div className="flex flex-col gap-6 px-5 py-8 tablet:px-7 tablet:py-10">
      <h1 className="font-serif text-title">{t("manage.title")}</h1>
      <div role="status">{news && <Notice tone="sea">{t(news)}</Notice>}</div>
      <BookingCard booking={booking} />
      {isOpen ? (
        <div className="flex flex-wrap gap-3">
          <Button weight="action" onClick={onMove}>
            {t("manage.move")}
          </Button>
          <Button onClick={() => setCancelling(true)}>{t("manage.cancel")}</Button>
        </div>
      ) : (
        <p className="text-soft">{t("manage.finished")}</p>
      )}
      {isCancelling && (
        <CancelDialog
          booking={booking}
          token={token}
          onClose={() => setCancelling(false)}
          onCancelled={onCancelled}
        />
      )}
    </div>
  );
}
