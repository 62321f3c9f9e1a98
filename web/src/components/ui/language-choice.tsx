// Chooses the language of the page.
import { type Language, useI18n } from "@/lib/i18n";
import { DownIcon } from "./icons";

const names: Record<Language, string> = { en: "English", de: "Deutsch" };

export function LanguageChoice() {
  const { language, setLanguage, t } = useI18n();
  return (
    <span className="relative inline-flex items-center text-soft hover:text-ink">
      <select
        aria-label={t("app.language")}
        value={language}
        onChange={(event) => setLanguage(event.target.value as Language)}
        className="min-h-8 w-[5.5rem] appearance-none rounded-control bg-transparent py-1 ps-2 pe-6"
      >
        {Object.entries(names).map(([code, name]) => (
          <option key={code} value={code} lang={code} className="bg-raised text-ink">
            {name}
          </option>
        ))}
      </select>
      <span className="pointer-events-none absolute end-1">
        <DownIcon />
      </span>
    </span>
  );
}
