import type { ReactNode } from 'react'

/** Why a limit falls on this day: the rule, its article, what went into it and the calendar used. */
export type Explanation = {
  rule: string
  article: string
  inputs: { label: string; value: string }[]
  calendar?: string
  provisional?: boolean
}

/** More, on demand; native, so it works without scripts and opens for print. */
export function Disclosure({ summary, open, children }: { summary: string; open?: boolean; children: ReactNode }) {
  return (
    <details open={open} className="max-w-prose">
      <summary className="w-fit py-1 text-primary underline underline-offset-4">{summary}</summary>
      <div className="mt-1 border-s-2 border-rule ps-4">{children}</div>
    </details>
  )
}

export function WhyThisDay({ rule, article, inputs, calendar, provisional }: Explanation) {
  return (
    <Disclosure summary="为何是这一天">
      <p>{rule}</p>
      <p className="text-quiet">依据：{article}</p>
      <dl className="mt-1">
        {inputs.map(({ label, value }) => (
          <div key={label} className="flex flex-wrap gap-x-2">
            <dt className="text-quiet">{label}：</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {calendar ? <p className="text-quiet">日历：{calendar}</p> : null}
      {provisional ? <p className="font-semibold text-warning">暂定：所涉年份的放假安排尚未公布，公布后重算。</p> : null}
    </Disclosure>
  )
}
