import type { ReactNode } from 'react'

/** Says what will appear here and when, and what can be done until then. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="border border-dashed border-[#6b747d] px-4 py-6">
      <p className="font-semibold">{title}</p>
      {children ? <div className="text-quiet">{children}</div> : null}
    </div>
  )
}
