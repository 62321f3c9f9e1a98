// What something is, in the words of who offers it; of a long text the beginning, until more is asked for.
import { useState } from "react";
import { useI18n } from "@/lib/i18n";
import { Button } from "./button";

/** Longer texts, in characters, would push what one came for out of sight. */
const LONG = 320;

/** Also written into the document by the server (index.html). */
export function descriptionLook(text: string, isWhole = false): string {
  const isCut = !isWhole && text.length > LONG;
  return `whitespace-pre-line text-soft wrap-anywhere ${isCut ? "line-clamp-6" : ""}`;
}

export function Description({ text, className }: { text: string; className: string }) {
  const { t } = useI18n();
  const [isWhole, setWhole] = useState(false);
  return (
    <div className={className}>
      <p className={descriptionLook(text, isWhole)}>{text}</p>
      {text.length > LONG && (
        <Button weight="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {t(isWhole ? "offer.less" : "offer.more")}
        </Button>
      )}
    </div>
  );
}
