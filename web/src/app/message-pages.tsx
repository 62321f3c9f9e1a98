// Pages for an address that leads nowhere and for a page that broke.
import { Link } from "wouter";
import { Button, buttonLook } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/message-page";
import { PageFrame } from "@/components/ui/page-frame";
import { useI18n } from "@/lib/i18n";
import { loadAgain } from "@/lib/load-again";

export function NotFound({ org }: { org?: string }) {
  const { t } = useI18n();
  return (
    <MessagePage title={t("lost_page.title")} text={t("lost_page.text")}>
      <title>{t("lost_page.title")}</title>
      <Link href={org ? `/${org}` : "/"} className={buttonLook("action")}>
        {t("lost_page.link")}
      </Link>
    </MessagePage>
  );
}

export function NotFoundPage() {
  return (
    <PageFrame name={null} width="narrow">
      <NotFound />
    </PageFrame>
  );
}

export function BrokenPage() {
  const { t } = useI18n();
  return (
    <PageFrame name={null} width="narrow">
      <title>{t("broken.title")}</title>
      <MessagePage title={t("broken.title")} text={t("broken.text")}>
        <Button weight="action" onClick={loadAgain}>
          {t("broken.retry")}
        </Button>
      </MessagePage>
    </PageFrame>
  );
}
