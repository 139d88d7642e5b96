/** What a state means for the reader. The word says the state; the tone only helps the eye. */
export type Tone = 'quiet' | 'active' | 'done' | 'warn' | 'bad'

const tones: Record<Tone, string> = {
  quiet: 'border-[#6b747d] text-base-content',
  active: 'border-primary text-primary',
  done: 'border-success text-success',
  warn: 'border-warning text-warning',
  bad: 'border-error text-error',
}

export function Tag({ children, tone = 'quiet' }: { children: string; tone?: Tone }) {
  return (
    <strong
      className={`inline-block whitespace-nowrap border bg-base-100 px-2 text-[0.9375rem] font-semibold leading-6 ${tones[tone]}`}
    >
      {children}
    </strong>
  )
}
