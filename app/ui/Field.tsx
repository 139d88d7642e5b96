import type { ReactNode } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { type Explanation, WhyThisDay } from './Disclosure'

/** What every field takes. `reply` brings back what was typed and what was wrong with it. */
export type FieldProps = {
  name: string
  label: string
  hint?: ReactNode
  unit?: string
  optional?: boolean
  explain?: Explanation | null
  reply?: FormReply | null | undefined
}

export type ControlProps = {
  id: string
  name: string
  required: boolean
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** The value to show: what was typed if the form came back, else what is stored. */
export const typedOr = ({ name, reply }: FieldProps, stored?: string) => reply?.values[name] ?? stored

/** Label, hint, explanation, error, and the ids that tie them to the control. The unit stands in the label. */
export function Field({ children, ...props }: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const { name, label, hint, unit, optional, explain } = props
  const error = props.reply?.fields[name]
  return (
    <div className={`flex max-w-prose flex-col gap-1 ${error ? 'border-s-4 border-error ps-4' : ''}`}>
      <label htmlFor={`f-${name}`} className="font-semibold">
        {label}
        {unit ? <span className="font-normal">（{unit}）</span> : null}
        {optional ? <span className="font-normal text-quiet">（选填）</span> : null}
      </label>
      <Hint id={`h-${name}`}>{hint}</Hint>
      <FieldError id={`e-${name}`}>{error}</FieldError>
      {children(controlOf(props))}
      {explain ? <WhyThisDay {...explain} /> : null}
    </div>
  )
}

export function controlOf({ name, hint, optional, reply }: FieldProps): ControlProps {
  const error = reply?.fields[name]
  const described = [hint ? `h-${name}` : '', error ? `e-${name}` : ''].filter(Boolean).join(' ')
  return {
    id: `f-${name}`,
    name,
    required: !optional,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? true : undefined,
  }
}

export function Hint({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null
  return (
    <div id={id} className="text-quiet">
      {children}
    </div>
  )
}

export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null
  return (
    <p id={id} className="font-semibold text-error">
      <span className="sr-only">错误：</span>
      {children}
    </p>
  )
}
