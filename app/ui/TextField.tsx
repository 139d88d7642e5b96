import type { HTMLInputAutoCompleteAttribute } from 'react'
import { Field, type FieldProps, typedOr } from './Field'

type TextFieldProps = FieldProps & {
  value?: string
  type?: 'text' | 'password' | 'email' | 'tel' | 'url'
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email'
  maxLength?: number
  pattern?: string
  autoComplete?: HTMLInputAutoCompleteAttribute
  readOnly?: boolean
  /** Proposals to choose from while typing; anything else may still be typed. */
  proposals?: string[]
}

/** One line of text. A password is never written back into the page. */
export function TextField({
  value,
  type = 'text',
  proposals,
  inputMode,
  maxLength,
  pattern,
  autoComplete,
  readOnly,
  ...field
}: TextFieldProps) {
  const listId = proposals ? `d-${field.name}` : undefined
  const native = { type, inputMode, maxLength, pattern, autoComplete, readOnly, list: listId }
  const shown = type === 'password' ? undefined : typedOr(field, value)
  return (
    <Field {...field}>
      {control => (
        <>
          <input {...control} {...native} spellCheck={false} className="input w-full" defaultValue={shown} />
          {proposals ? <Proposals id={`d-${field.name}`} texts={proposals} /> : null}
        </>
      )}
    </Field>
  )
}

const Proposals = ({ id, texts }: { id: string; texts: string[] }) => (
  <datalist id={id}>
    {texts.map(text => (
      <option key={text} value={text} />
    ))}
  </datalist>
)

/** Several lines of text. */
export function TextArea({
  value,
  rows = 6,
  maxLength,
  ...field
}: FieldProps & { value?: string; rows?: number; maxLength?: number }) {
  return (
    <Field {...field}>
      {control => (
        <textarea
          {...control}
          rows={rows}
          maxLength={maxLength}
          className="textarea w-full"
          defaultValue={typedOr(field, value)}
        />
      )}
    </Field>
  )
}
