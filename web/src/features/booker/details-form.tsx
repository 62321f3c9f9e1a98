// Asks for the visitor's details and confirms the booking of the held time.
import { type SubmitEvent, useRef, useState } from "react";
import type { EventType } from "@/api/types";
import { Button } from "@/components/ui/button";
import { TextArea, TextField } from "@/components/ui/field";
import { useSpeech } from "@/lib/language";
import type { FormTrouble } from "./booking-machine";
import { asksForNotes, type Draft, mistakes, placeErrors, textOf } from "./draft";
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
  const { t } = useSpeech();
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setChecked] = useState(false);
  const found = isChecked ? mistakes(draft, eventType) : {};
  const placed = placeErrors(props.trouble, eventType);
  const readOnly = phase === "sending" || phase === "retrying";

  const errorAt = (field: string) => {
    const key = found[field];
    return key ? t(key) : placed.atFields[field];
  };
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
    <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-5">
      <div className="grid gap-5 tablet:grid-cols-2">
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
      <FormEnd {...props} elsewhere={placed.elsewhere} isWrong={Object.keys(found).length > 0} />
    </form>
  );
}

function fieldIn(form: HTMLFormElement | null, name: string): HTMLElement | null {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLElement ? found : null;
}

interface FormEndProps extends Pick<DetailsFormProps, "eventType" | "phase"> {
  elsewhere: string | null;
  isWrong: boolean;
}

function FormEnd({ eventType, phase, elsewhere, isWrong }: FormEndProps) {
  const { t } = useSpeech();
  const isSending = phase === "sending" || phase === "retrying";
  const news = elsewhere
    ? t("form.failed", { detail: elsewhere })
    : isWrong
      ? t("form.check")
      : phase === "retrying"
        ? t("form.retrying")
        : "";
  return (
    <div className="grid items-center gap-4 tablet:grid-cols-2">
      <div className="text-small">
        <p className="text-soft">{t("form.change_later")}</p>
        <p role="status" className={phase === "retrying" ? "text-amber-ink" : "text-loss"}>
          {news}
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
