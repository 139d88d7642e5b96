import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

/** One thing among others; never a card inside a card. */
export function Card({ title, to, tag, children }: { title: string; to?: string; tag?: ReactNode; children: ReactNode }) {
  return (
    <article className="flex flex-col gap-2 border border-rule bg-base-100 px-4 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="text-lg font-semibold">{to ? <Link to={to}>{title}</Link> : title}</h3>
        {tag}
      </div>
      {children}
    </article>
  )
}

/** Cards side by side where there is room. */
export function CardGrid({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3 elder:sm:grid-cols-1 elder:lg:grid-cols-1">
      {children}
    </div>
  )
}
