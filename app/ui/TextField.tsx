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
  return (
    <Field {...field}>
      {control => (
        <>
          <input
            {...control}
            {...native}
            spellCheck={false}
            className="input w-full"
            defaultValue={type === 'password' ? undefined : typedOr(field, value)}
          />
          {proposals ? (
            <datalist id={listId}>
              {proposals.map(text => (
                <option key={text} value={text} />
              ))}
            </datalist>
          ) : null}
        </>
      )}
    </Field>
  )
}

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
