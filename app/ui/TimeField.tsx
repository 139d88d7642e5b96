import { Field, type FieldProps, typedOr } from './Field'

type Range = { value?: string; min?: string; max?: string }

/** A moment, typed as Beijing time (`2026-12-01T09:30`, seconds where asked for); the server reads it as such wherever the browser stands. */
export function TimeField({ value, min, max, seconds = false, ...field }: FieldProps & Range & { seconds?: boolean }) {
  return (
    <Field {...field} unit={field.unit ?? '北京时间'}>
      {control => (
        <input
          {...control}
          type="datetime-local"
          min={min}
          max={max}
          step={seconds ? 1 : 60}
          className="input w-full sm:w-72"
          defaultValue={typedOr(field, value)}
        />
      )}
    </Field>
  )
}

/** A day without a time (`2026-12-01`). */
export function DateField({ value, min, max, ...field }: FieldProps & Range) {
  return (
    <Field {...field}>
      {control => (
        <input
          {...control}
          type="date"
          min={min}
          max={max}
          className="input w-full sm:w-56"
          defaultValue={typedOr(field, value)}
        />
      )}
    </Field>
  )
}
