// Chooses how long, as one row of native radio buttons.
import { useDurationText } from "@/lib/duration-text";
import { useI18n } from "@/lib/i18n";

export interface DurationChoiceProps {
  choices: number[];
  value: number;
  /** The choice is made, and shown as it was. */
  isSettled: boolean;
  onChange: (minutes: number) => void;
}

export function DurationChoice({ choices, value, isSettled, onChange }: DurationChoiceProps) {
  const { t } = useI18n();
  const write = useDurationText();
  if (choices.length === 1) return <p className="text-body">{write(value)}</p>;
  return (
    <fieldset disabled={isSettled} className="disabled:opacity-60">
      <legend className="sr-only">{t("offer.duration")}</legend>
      <div className="inline-flex flex-wrap rounded-bar border border-hairline bg-raised p-0.5">
        {choices.map((minutes) => (
          <label
            key={minutes}
            className="not-has-disabled:cursor-pointer rounded-control px-3 py-1.5 text-body text-soft transition-colors duration-150 not-has-disabled:hover:text-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="duration"
              className="sr-only"
              checked={minutes === value}
              onChange={() => onChange(minutes)}
            />
            {write(minutes)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
