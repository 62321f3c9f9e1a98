// The search among all time zones, in a dialog.
import { useEffect, useRef, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { SearchField } from "react-aria-components/SearchField";
import { Button } from "@/components/ui/button";
import { fieldLook } from "@/components/ui/field";
import { useI18n } from "@/lib/i18n";
import { listedTimeZones, parseTimeZone } from "@/lib/browser-locale";
import { writeOffset } from "@/lib/time-format";
import { offsetIn } from "@/lib/zoned-date";
import { isMeant, largeZones, namesOf } from "./zone-match";
import { zoneName } from "./zone-name";

function zonesToChoose() {
  const listed = listedTimeZones();
  const names = listed.length > 0 ? listed : largeZones.filter((name) => parseTimeZone(name));
  const now = Date.now();
  return [...new Set(["UTC", ...names])].map((id) => ({
    id,
    name: zoneName(id),
    offset: writeOffset(offsetIn(id, now)),
  }));
}

export interface ZoneSearchProps {
  value: string;
  onChoose: (timeZone: string) => void;
  onClose: () => void;
}

export function ZoneSearch({ value, onChoose, onClose }: ZoneSearchProps) {
  const { t } = useI18n();
  const dialog = useRef<HTMLDialogElement>(null);

  // Closing gives the focus back to what opened the dialog.
  const close = () => dialog.current?.close();

  // Synchronizes the browser's modal state and focus with this component being there.
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);

  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label={t("zone.title")}
      className="m-auto h-[min(32rem,90dvh)] w-[min(26rem,92vw)] overflow-y-auto rounded-card border border-hairline bg-paper px-6 pb-6 text-ink"
    >
      <Autocomplete filter={isMeant}>
        <div className="sticky top-0 z-10 flex flex-col gap-4 bg-paper pt-6 pb-4">
          <div className="flex items-center justify-between">
            <h2 className="font-serif text-heading">{t("zone.title")}</h2>
            <Button weight="quiet" onClick={close}>
              {t("zone.close")}
            </Button>
          </div>
          <SearchField aria-label={t("zone.search")}>
            <Input placeholder={t("zone.search")} className={fieldLook} />
          </SearchField>
        </div>
        <ZoneList value={value} onChoose={onChoose} onDone={close} />
      </Autocomplete>
    </dialog>
  );
}

interface ZoneListProps extends Pick<ZoneSearchProps, "value" | "onChoose"> {
  /** A zone was touched, be it the one that was chosen already. */
  onDone: () => void;
}

function ZoneList({ value, onChoose, onDone }: ZoneListProps) {
  const { t } = useI18n();
  const [zones] = useState(zonesToChoose);
  return (
    <ListBox
      aria-label={t("zone.title")}
      items={zones}
      selectionMode="single"
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        if (keys === "all") return;
        for (const key of keys) onChoose(String(key));
        onDone();
      }}
      renderEmptyState={() => (
        <p role="alert" className="px-3 py-2 text-soft">
          {t("zone.none")}
        </p>
      )}
      className="-mx-2 outline-none"
    >
      {(zone) => (
        <ListBoxItem
          textValue={namesOf(zone.name, zone.offset)}
          className="flex items-baseline justify-between gap-4 scroll-my-32 cursor-pointer rounded-control px-3 py-2 outline-none data-focused:bg-accent-wash data-hovered:bg-accent-wash data-selected:font-semibold data-selected:text-accent-deep"
        >
          <span className="min-w-0 wrap-anywhere">{zone.name}</span>
          <span className="shrink-0 text-small font-normal text-soft">{zone.offset}</span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}
