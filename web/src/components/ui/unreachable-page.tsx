// The server cannot be reached: a calm page, while the query behind it keeps trying.
import { useI18n } from "@/lib/i18n";
import { Button } from "./button";
import { MessagePage } from "./message-page";

export function UnreachablePage({ onRetry }: { onRetry: () => void }) {
  const { t } = useI18n();
  return (
    <div role="alert">
      <MessagePage title={t("away.title")} text={t("away.text")}>
        <Button onClick={onRetry}>{t("away.retry")}</Button>
      </MessagePage>
    </div>
  );
}
