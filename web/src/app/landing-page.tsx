// What an organization offers, as a list to choose from.
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { catalogQuery } from "@/api/catalog";
import { isRefusal } from "@/api/refusal";
import type { Catalog, EventType } from "@/api/types";
import { UnreachablePage } from "@/components/ui/unreachable-page";
import { ForwardIcon } from "@/components/ui/icons";
import { MessagePage } from "@/components/ui/message-page";
import { PageFrame } from "@/components/ui/page-frame";
import { useDurationText } from "@/lib/duration-text";
import { useI18n } from "@/lib/i18n";
import { OrganizationTheme } from "./organization-theme";
import { NotFound } from "./message-pages";

/** The organization of a server that serves only one. */
const EMBEDDED = "default";

export function LandingPage({ org = EMBEDDED }: { org?: string }) {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(catalogQuery(org));
  return (
    <OrganizationTheme organization={data?.organization}>
      <PageFrame name={data?.organization.name ?? null} width="narrow">
        {data ? (
          <CatalogList catalog={data} />
        ) : isRefusal(error) ? (
          <NotFound />
        ) : error ? (
          <UnreachablePage onRetry={() => void refetch()} />
        ) : (
          <div role="status" aria-label={t("app.loading")} className="min-h-[26rem]" />
        )}
      </PageFrame>
    </OrganizationTheme>
  );
}

function CatalogList({ catalog }: { catalog: Catalog }) {
  const { t } = useI18n();
  const title = <title>{catalog.organization.name}</title>;
  if (catalog.event_types.length === 0) {
    return (
      <MessagePage title={t("landing.empty.title")} text={t("landing.empty.text")}>
        {title}
      </MessagePage>
    );
  }
  return (
    <div className="flex flex-col gap-6 px-5 py-8 tablet:px-7 tablet:py-10">
      {title}
      <h1 className="font-serif text-title">{t("landing.title")}</h1>
      <ul className="border-t border-hairline">
        {catalog.event_types.map((eventType) => (
          <li key={eventType.id} className="border-b border-hairline">
            <OfferRow org={catalog.organization.slug} eventType={eventType} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function OfferRow({ org, eventType }: { org: string; eventType: EventType }) {
  const write = useDurationText();
  return (
    <Link
      href={`/${org}/${eventType.slug}`}
      // The next page begins at its top.
      onClick={() => scrollTo({ top: 0 })}
      className="group flex items-center justify-between gap-6 py-5"
    >
      <span className="flex flex-col gap-1 wrap-anywhere">
        <span className="font-serif text-heading decoration-1 underline-offset-4 group-hover:underline">
          {eventType.title}
        </span>
        <span className="line-clamp-3 whitespace-pre-line text-soft">{eventType.description}</span>
        <span className="text-small text-soft">
          {eventType.durations_minutes.map((minutes) => write(minutes)).join(" · ")}
        </span>
      </span>
      <span className="text-soft transition-transform duration-150 group-hover:translate-x-1 rtl:group-hover:-translate-x-1">
        <ForwardIcon />
      </span>
    </Link>
  );
}
