// What surrounds every page: the name of the house, the choice of language and theme.
import type { ReactNode } from "react";
import { useSpeech } from "@/lib/language";
import { LanguageChoice } from "./language-choice";
import { Mark } from "./mark";
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
  const { t } = useSpeech();
  const measure = width === "wide" ? "tablet:max-w-[70rem]" : "tablet:max-w-[47.5rem]";
  return (
    <div className="tablet:px-6 tablet:py-10">
      <a
        href="#content"
        className="sr-only rounded-control bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:start-4 focus:top-4 focus:z-20"
      >
        {t("app.skip")}
      </a>
      <div
        className={`mx-auto w-full bg-paper tablet:rounded-card tablet:border tablet:border-hairline ${measure}`}
      >
        <header className="flex min-h-14 items-center gap-3 border-b border-hairline px-5 tablet:px-7">
          <Mark />
          <p className="min-h-6 min-w-24 truncate font-semibold">{name}</p>
          <div className="ms-auto flex shrink-0 items-center gap-3">
            {action || <LanguageChoice />}
            <ThemeToggle />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="outline-none">
          {children}
        </main>
      </div>
    </div>
  );
}
