// What surrounds every page: the name of the organization, the choice of language and theme.
import type { MouseEvent, ReactNode } from "react";
import { isEmbedded } from "@/lib/embedding";
import { useI18n } from "@/lib/i18n";
import { LanguageChoice } from "./language-choice";
import { Logo } from "./logo";
import { ThemeToggle } from "./theme-toggle";

export interface PageFrameProps {
  name: string | null;
  /** Narrow for one thing at a time, wide for the three panes. */
  width: "narrow" | "wide";
  /** A way back, in the place of the language. */
  action?: ReactNode;
  children: ReactNode;
}

export function PageFrame({ name, width, action, children }: PageFrameProps) {
  const { t } = useI18n();
  const measure = width === "wide" ? "tablet:max-w-[70rem]" : "tablet:max-w-[47.5rem]";
  return (
    <div className={isEmbedded ? "" : "tablet:px-6 tablet:py-10"}>
      <a
        href="#content"
        // The address stays as it is: what stands after its # may be the key to a booking.
        onClick={skip}
        className="sr-only rounded-control bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:start-4 focus:top-4 focus:z-20"
      >
        {t("app.skip")}
      </a>
      <div
        className={`mx-auto w-full bg-paper ${isEmbedded ? "" : `tablet:rounded-card tablet:border tablet:border-hairline ${measure}`}`}
      >
        {isEmbedded ? <FrameHeader action={action} /> : <PageHeader name={name} action={action} />}
        <main id="content" tabIndex={-1} className="outline-none">
          {children}
        </main>
      </div>
    </div>
  );
}

function PageHeader({ name, action }: Pick<PageFrameProps, "name" | "action">) {
  return (
    <header className="flex min-h-14 flex-wrap items-center gap-3 border-b border-hairline px-5 tablet:px-7">
      <Logo />
      <p className="me-auto min-h-6 min-w-24 truncate font-semibold">{name}</p>
      {action || <LanguageChoice />}
      <ThemeToggle />
    </header>
  );
}

/** In a frame the site around says whose the page is, and in which language and theme; what is left is the way back. */
function FrameHeader({ action }: Pick<PageFrameProps, "action">) {
  if (!action) return null;
  return <header className="flex min-h-12 items-center px-5 pt-2 tablet:px-7">{action}</header>;
}

function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}
