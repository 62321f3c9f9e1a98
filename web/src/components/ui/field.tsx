// A labelled form field with its error, for text, choices and ticks.
import { type ComponentProps, type ReactNode, useId } from "react";
import { useI18n } from "@/lib/i18n";

export const fieldLook =
  "w-full rounded-control border border-edge bg-raised px-4 py-2.5 text-ink placeholder:text-soft " +
  "transition-colors duration-150 hover:border-soft aria-invalid:border-loss read-only:opacity-70";

export interface FieldProps {
  name: string;
  label: string;
  required: boolean;
  error: string | undefined;
}

interface Wiring {
  id: string;
  name: string;
  required: boolean;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

/** Wires label and error to whatever control the child makes. */
export function Field({
  name,
  label,
  required,
  error,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const { t } = useI18n();
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-small font-medium">
        {label}
        {!required && <span className="font-normal text-soft"> · {t("form.optional")}</span>}
      </label>
      {children({
        id,
        name,
        required,
        "aria-invalid": error !== undefined,
        "aria-describedby": error ? `${id}-error` : undefined,
      })}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

/** Its line is always there, so that an error that comes late moves nothing. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return (
    <p id={id} className="min-h-5 text-small text-loss">
      {error}
    </p>
  );
}

export function TextField({
  name,
  label,
  required,
  error,
  ...input
}: FieldProps & ComponentProps<"input">) {
  return (
    <Field {...{ name, label, required, error }}>
      {(wiring) => <input {...input} {...wiring} className={fieldLook} />}
    </Field>
  );
}

export function TextArea({
  name,
  label,
  required,
  error,
  ...input
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Field {...{ name, label, required, error }}>
      {(wiring) => <textarea rows={3} {...input} {...wiring} className={fieldLook} />}
    </Field>
  );
}
