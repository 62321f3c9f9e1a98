// The field for one of an event type's questions, in the form its kind asks for.
import type { Question } from "@/api/types";
import { Field, FieldError, fieldLook, TextArea, TextField } from "@/components/ui/field";
import { useI18n } from "@/lib/i18n";
import { type Draft, textOf } from "./draft";

export interface QuestionFieldProps {
  question: Question;
  draft: Draft;
  onDraft: (change: Draft) => void;
  error: string | undefined;
  readOnly: boolean;
}

export function QuestionField({ question, draft, onDraft, error, readOnly }: QuestionFieldProps) {
  const name = `answers.${question.key}`;
  const field = { name, label: question.label, required: question.required, error };
  const text = {
    value: textOf(draft, name),
    readOnly,
    onChange: (event: { target: { value: string } }) => onDraft({ [name]: event.target.value }),
  };
  switch (question.kind) {
    case "textarea":
      return <TextArea {...field} {...text} />;
    case "phone":
      return <TextField {...field} {...text} type="tel" autoComplete="tel" />;
    case "select":
      return <SelectField {...field} {...text} options={question.options} />;
    case "checkbox":
      return (
        <Tick
          {...field}
          checked={draft[name] === true}
          disabled={readOnly}
          onChange={(checked) => onDraft({ [name]: checked })}
        />
      );
    default:
      return <TextField {...field} {...text} />;
  }
}

type FieldParts = Parameters<typeof Field>[0];

interface SelectFieldProps extends Omit<FieldParts, "children"> {
  value: string;
  readOnly: boolean;
  options: string[];
  onChange: (event: { target: { value: string } }) => void;
}

function SelectField({ value, readOnly, options, onChange, ...field }: SelectFieldProps) {
  const { t } = useI18n();
  return (
    <Field {...field}>
      {(wiring) => (
        <select
          {...wiring}
          value={value}
          disabled={readOnly}
          onChange={onChange}
          className={fieldLook}
        >
          <option value="">{t("form.choose")}</option>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TickProps extends Omit<FieldParts, "children"> {
  checked: boolean;
  disabled: boolean;
  onChange: (checked: boolean) => void;
}

function Tick({ name, label, required, error, checked, disabled, onChange }: TickProps) {
  const errorId = `${name}-error`;
  return (
    <div className="flex flex-col gap-1">
      <label className="flex min-h-8 items-center gap-3">
        <input
          type="checkbox"
          name={name}
          required={required}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          aria-invalid={error !== undefined}
          aria-describedby={error ? errorId : undefined}
          className="size-5 accent-accent"
        />
        {label}
      </label>
      <FieldError id={errorId} error={error} />
    </div>
  );
}
