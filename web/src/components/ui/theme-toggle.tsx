// Switches between the light and the dark theme; until then the system's choice counts.
import { useState } from "react";
import { useI18n } from "@/lib/i18n";
import { writeChoice } from "@/lib/stored-choice";
import { HalfIcon } from "./icons";

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function ThemeToggle() {
  const { t } = useI18n();
  const [dark, setDark] = useState(isDark);
  const toggle = () => {
    const theme = dark ? "light" : "dark";
    document.documentElement.dataset["theme"] = theme;
    writeChoice("theme", theme);
    setDark(!dark);
  };
  return (
    <button
      type="button"
      onClick={toggle}
      aria-label={t(dark ? "app.theme.light" : "app.theme.dark")}
      className="grid size-8 shrink-0 place-items-center rounded-control text-soft hover:text-ink"
    >
      <HalfIcon />
    </button>
  );
}
