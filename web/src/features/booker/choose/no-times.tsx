// Stands where one would choose while it is not known what there is to choose from.
import { isRefusal } from "@/api/refusal";
import { UnreachablePage } from "@/components/ui/unreachable-page";
import { Button } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/message-page";
import { useI18n } from "@/lib/i18n";
import { loadAgain } from "@/lib/load-again";

export interface NoTimesProps {
  error: Error;
  onRetry: () => void;
}

export function NoTimes({ error, onRetry }: NoTimesProps) {
  const { t } = useI18n();
  if (!isRefusal(error)) return <UnreachablePage onRetry={onRetry} />;
  return (
    <MessagePage title={t("broken.title")} text={t("broken.text")}>
      <Button weight="action" onClick={loadAgain}>
        {t("broken.retry")}
      </Button>
    </MessagePage>
  );
}
