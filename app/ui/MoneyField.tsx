import { useState } from 'react'
import { capitalFen, formatFen, parseYuan } from '~/shared/money'
import { Field, type FieldProps, typedOr } from './Field'

/** An amount in yuan; its words (大写) stand below as it is typed, because where the two differ the law reads the words. */
export function MoneyField({ value, readOnly, ...field }: FieldProps & { value?: string; readOnly?: boolean }) {
  const start = typedOr(field, value) ?? ''
  const [typed, setTyped] = useState(start)
  return (
    <Field {...field} unit={field.unit ?? '元'}>
      {control => (
        <>
          <input
            {...control}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            readOnly={readOnly}
            className="input w-full text-end tabular-nums sm:w-72"
            defaultValue={start}
            onChange={event => setTyped(event.currentTarget.value)}
          />
          <output htmlFor={control.id} aria-live="off" className="text-quiet">
            大写：{inWords(typed)}
          </output>
        </>
      )}
    </Field>
  )
}

function inWords(typed: string): string {
  const fen = typed.trim() === '' ? null : parseYuan(typed)
  if (fen === null) return typed.trim() === '' ? '填写后显示' : '不是金额：请填数字，最多两位小数'
  return typed.length > 20 ? '金额过大' : capitalFen(fen)
}

/** An amount as shown: separators, two decimals; in words too where the law reads words. */
export function Money({ fen, words = false }: { fen: bigint; words?: boolean }) {
  return (
    <span className="font-semibold tabular-nums">
      {formatFen(fen)}
      {words ? <span className="block text-start font-normal">大写：{capitalFen(fen)}</span> : null}
    </span>
  )
}
