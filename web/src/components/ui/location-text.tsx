// Where something takes place: an address on the web is one touch away.
import type { Location } from "@/api/types";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";

const NAMES: Partial<Record<Location["kind"], MessageKey>> = {
  online: "offer.online",
  phone: "offer.phone",
};

/** How one meets, where the link or the number is for those alone whose visit is confirmed; the place otherwise. */
export function usePlaceName(location: Location | null | undefined): string | null {
  const { t } = useI18n();
  if (!location) return null;
  const name = NAMES[location.kind];
  return name ? t(name) : location.value;
}

export function LocationText({ location }: { location: Location }) {
  const name = usePlaceName(location);
  if (location.value === "") return name;
  if (!/^https?:\/\/\S+$/.test(location.value)) return location.value;
  return (
    <a
      href={location.value}
      target="_blank"
      rel="noreferrer"
      className="underline underline-offset-4"
    >
      {location.value}
    </a>
  );
}
