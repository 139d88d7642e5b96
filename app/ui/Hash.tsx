import { useState } from 'react'

/** A digest, short to the eye, whole to the clipboard, to the reader of the page source and to paper. */
export function Hash({ value, label = '摘要' }: { value: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  const short = value.length > 20 ? `${value.slice(0, 8)}…${value.slice(-8)}` : value
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <code title={value} className="font-mono text-[0.9375rem] print:hidden">
        {short}
      </code>
      <code className="hidden font-mono print:inline">{value}</code>
      <button
        type="button"
        data-print="no"
        onClick={copy}
        className="min-h-6 cursor-pointer px-1 text-primary underline underline-offset-4"
      >
        复制<span className="sr-only">{label}</span>
      </button>
      <span role="status" className="text-quiet">
        {copied ? '已复制' : ''}
      </span>
    </span>
  )
}
