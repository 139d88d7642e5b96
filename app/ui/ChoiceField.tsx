import type { ReactNode } from 'react'
import { controlOf, Field, FieldError, type FieldProps, Hint, typedOr } from './Field'

export type Choice = { value: string; text: string; hint?: ReactNode }

/** One of many, from a list. Without a stored value the first entry asks to choose. */
export function SelectField({ choices, value, ...field }: FieldProps & { choices: Choice[]; value?: string }) {
  return (
    <Field {...field}>
      {control => (
        <select {...control} className="select w-full sm:w-auto sm:min-w-72" defaultValue={typedOr(field, value) ?? ''}>
          <option value="">{field.optional ? '不选' : '请选择'}</option>
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

type RadioFieldProps = FieldProps & { choices: Choice[]; value?: string; onChoose?: (value: string) => void }

/** One of a few, all in sight. `onChoose` hears each choice, where what follows depends on it. */
export function RadioField({ choices, value, onChoose, ...field }: RadioFieldProps) {
  const chosen = typedOr(field, value)
  return (
    <Group field={field}>
      {choices.map((choice, i) => (
        <Option key={choice.value} id={i === 0 ? `f-${field.name}` : `f-${field.name}-${choice.value}`} choice={choice}>
          {id => (
            <input
              id={id}
              type="radio"
              name={field.name}
              value={choice.value}
              required={!field.optional}
              defaultChecked={chosen === choice.value}
              onChange={() => onChoose?.(choice.value)}
              className="radio mt-0.5 shrink-0"
            />
          )}
        </Option>
      ))}
    </Group>
  )
}

/** Any of a few; the form receives the name once for each ticked value, and a reply brings them back a line each. */
export function CheckField({ choices, values = [], ...field }: FieldProps & { choices: Choice[]; values?: string[] }) {
  const typed = field.reply ? (field.reply.values[field.name] ?? '').split('\n') : values
  return (
    <Group field={field}>
      {choices.map((choice, i) => (
        <Option key={choice.value} id={i === 0 ? `f-${field.name}` : `f-${field.name}-${choice.value}`} choice={choice}>
          {id => (
            <input
              id={id}
              type="checkbox"
              name={field.name}
              value={choice.value}
              required={!field.optional && choices.length === 1}
              defaultChecked={typed.includes(choice.value)}
              className="checkbox mt-0.5 shrink-0"
            />
          )}
        </Option>
      ))}
    </Group>
  )
}

function Group({ field, children }: { field: FieldProps; children: ReactNode }) {
  const error = field.reply?.fields[field.name]
  return (
    <fieldset
      aria-describedby={controlOf(field)['aria-describedby']}
      className={`flex max-w-prose flex-col gap-1 ${error ? 'border-s-4 border-error ps-4' : ''}`}
    >
      <legend id={`l-${field.name}`} className="float-left w-full font-semibold">
        {field.label}
        {field.optional ? <span className="font-normal text-quiet">（选填）</span> : null}
      </legend>
      <Hint id={`h-${field.name}`}>{field.hint}</Hint>
      <FieldError id={`e-${field.name}`}>{error}</FieldError>
      {children}
    </fieldset>
  )
}

function Option({ id, choice, children }: { id: string; choice: Choice; children: (id: string) => ReactNode }) {
  return (
    <div className="flex min-h-11 items-start gap-2 py-2">
      {children(id)}
      <label htmlFor={id}>
        {choice.text}
        {choice.hint ? <span className="block text-quiet">{choice.hint}</span> : null}
      </label>
    </div>
  )
}
