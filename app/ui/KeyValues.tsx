import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

export type KeyValue = { label: string; value: ReactNode; change?: string }

/** Facts of one thing, a line each, with the way to change one where there is any. */
export function KeyValues({ items, caption }: { items: KeyValue[]; caption?: string }) {
  return (
    <div className="@container">
      {caption ? <h3 className="mb-1 font-semibold">{caption}</h3> : null}
      <dl className={caption ? 'border-t border-rule' : undefined}>
        {items.map(({ label, value, change }) => (
          <div
            key={label}
            className="grid grid-cols-1 gap-x-4 border-b border-rule py-2 compact:py-1 @xs:grid-cols-[7rem_1fr_auto] @xl:grid-cols-[12rem_1fr_auto] elder:grid-cols-1"
          >
            <dt className="text-quiet">{label}</dt>
            <dd className="whitespace-pre-line">{value}</dd>
            {change ? (
              <dd>
                <Link to={change}>
                  更改<span className="sr-only">{label}</span>
                </Link>
              </dd>
            ) : null}
          </div>
        ))}
      </dl>
    </div>
  )
}
