// Asks for the visitor's details and confirms the booking of the held time.
import { type SubmitEvent, useRef, useState } from "react";
import type { EventType } from "@/api/types";
import { Button } from "@/components/ui/button";
import { TextArea, TextField } from "@/components/ui/field";
import { useI18n } from "@/lib/i18n";
import { useAfterChange } from "@/lib/use-after-change";
import type { FormTrouble } from "../state/booking-state";
import { asksForNotes, type Draft, mistakes, splitErrors, textOf } from "./draft";
import { QuestionField } from "./question-field";

export interface DetailsFormProps {
  eventType: EventType;
  draft: Draft;
  onDraft: (change: Draft) => void;
  onSubmit: () => void;
  /** `idle` while no time is held: what was typed stays, nothing can be sent. */
  phase: "ready" | "claiming" | "sending" | "retrying" | "idle";
  trouble: FormTrouble | null;
}

export function DetailsForm(props: DetailsFormProps) {
  const { eventType, draft, phase } = props;
  const { t } = useI18n();
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setChecked] = useState(false);
  const { errorAt, elsewhere, isWrong } = useFieldErrors(props, isChecked);
  // What the server found wrong comes later than the click, when the eyes may be elsewhere.
  useAfterChange(props.trouble, () => firstWrong(form.current)?.focus());
  const readOnly = phase === "sending" || phase === "retrying";

  const textField = (name: string, label: string) => ({
    name,
    label,
    error: errorAt(name),
    value: textOf(draft, name),
    readOnly,
    onChange: (event: { target: { value: string } }) =>
      props.onDraft({ [name]: event.target.value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setChecked(true);
    const [first] = Object.keys(mistakes(draft, eventType));
    if (first) fieldIn(form.current, first)?.focus();
    else if (phase === "ready") props.onSubmit();
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-1.5">
      <div className="grid gap-x-5 gap-y-1.5 tablet:grid-cols-2">
        <TextField {...textField("booker.name", t("form.name"))} required autoComplete="name" />
        <TextField
          {...textField("booker.email", t("form.email"))}
          required
          type="email"
          autoComplete="email"
        />
      </div>
      {eventType.questions.map((question) => (
        <QuestionField
          key={question.key}
          {...{ question, draft, readOnly }}
          onDraft={props.onDraft}
          error={errorAt(`answers.${question.key}`)}
        />
      ))}
      {asksForNotes(eventType) && (
        <TextArea {...textField("booker.notes", t("form.notes"))} required={false} />
      )}
      <FormEnd {...props} {...{ elsewhere, isWrong }} isAskedFor={isChecked} />
    </form>
  );
}

/** What is wrong at each field: what the page sees itself once confirming was tried, and what the server has found. */
function useFieldErrors({ eventType, draft, trouble }: DetailsFormProps, isChecked: boolean) {
  const { t } = useI18n();
  const found = isChecked ? mistakes(draft, eventType) : {};
  const { atFields, elsewhere } = splitErrors(trouble, eventType);
  return {
    elsewhere,
    isWrong: Object.keys({ ...found, ...atFields }).length > 0,
    errorAt: (field: string) => {
      const key = found[field];
      const detail = atFields[field];
      if (key) return t(key);
      return detail && t("form.refused", { detail });
    },
  };
}

function fieldIn(form: HTMLFormElement | null, name: string): HTMLElement | null {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLElement ? found : null;
}

function firstWrong(form: HTMLFormElement | null): HTMLElement | null {
  return form?.querySelector<HTMLElement>("[aria-invalid=true]") ?? null;
}

interface FormEndProps extends Pick<DetailsFormProps, "eventType" | "phase" | "trouble"> {
  elsewhere: string | null;
  isWrong: boolean;
  /** Confirming was tried. */
  isAskedFor: boolean;
}

function FormEnd(props: FormEndProps) {
  const { eventType, phase } = props;
  const { t } = useI18n();
  const isSending = phase === "sending" || phase === "retrying";
  return (
    <div className="grid items-center gap-4 tablet:grid-cols-2">
      <div className="text-small">
        <p className="text-soft">{t("form.change_later")}</p>
        <p
          role="status"
          className={`min-h-5 ${isWaitedFor(phase) ? "text-amber-ink" : "text-loss"}`}
        >
          {useFormStatus(props)}
        </p>
      </div>
      <Button
        weight="action"
        type="submit"
        disabled={phase === "idle"}
        aria-disabled={phase !== "ready"}
      >
        {isSending
          ? t("form.sending")
          : t(eventType.requires_confirmation ? "form.request" : "form.confirm")}
      </Button>
    </div>
  );
}

function isWaitedFor(phase: DetailsFormProps["phase"]): boolean {
  return phase === "retrying" || phase === "claiming";
}

function useFormStatus({ phase, trouble, elsewhere, isWrong, isAskedFor }: FormEndProps): string {
  const { t } = useI18n();
  if (trouble?.code === "too_many_bookings") return t("form.too_many");
  if (elsewhere !== null) return t("form.failed", { detail: elsewhere });
  if (isWrong) return t("form.check");
  if (phase === "retrying") return t("form.retrying");
  return phase === "claiming" && isAskedFor ? t("form.claiming") : "";
}
