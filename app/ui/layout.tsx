import type { ReactNode } from 'react'
import { SectionTitle } from './section-title'

/** A titled part of a page. */
export function Section({ title, id, aside, children }: { title: string; id?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section id={id} aria-label={title} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2 border-b border-rule pb-2">
        <h2 className="text-xl font-bold">{title}</h2>
        {aside ? <div className="text-quiet">{aside}</div> : null}
      </div>
      <SectionTitle.Provider value={title}>{children}</SectionTitle.Provider>
    </section>
  )
}

/** Running text, no wider than the eye can follow. */
export function Prose({ children }: { children: ReactNode }) {
  return <div className="flex max-w-prose flex-col gap-4 whitespace-pre-line">{children}</div>
}

/** A quiet remark under something. */
export function Remark({ children }: { children: ReactNode }) {
  return <p className="max-w-prose text-quiet">{children}</p>
}

/** The buttons of a page or form; on a phone the row stays at the bottom edge. */
export function Actions({ children, pinned = false }: { children: ReactNode; pinned?: boolean }) {
  return (
    <div data-print="no" className={`flex flex-wrap items-center gap-4 ${pinned ? 'pinned' : ''}`}>
      {children}
    </div>
  )
}

/** Two columns where there is room, the first one wider. One column in elder mode. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-1 gap-6 lg:grid-cols-[2fr_1fr] elder:lg:grid-cols-1">{children}</div>
}

/** Things one under the other. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className="flex min-w-0 flex-col gap-6">{children}</div>
}

/** A plain list of short entries. */
export function Bullets({ items }: { items: ReactNode[] }) {
  return (
    <ul className="list-disc ps-6">
      {items.map((item, i) => (
        <li key={i} className="py-1">
          {item}
        </li>
      ))}
    </ul>
  )
}

/** At most three figures that open a desk. */
export function Figures({ items }: { items: { label: string; value: ReactNode; unit?: string }[] }) {
  return (
    <dl className="grid grid-cols-1 gap-px border border-rule bg-base-300 sm:grid-cols-3">
      {items.map(({ label, value, unit }) => (
        <div key={label} className="flex flex-col-reverse bg-base-100 px-4 py-2">
          <dt className="text-quiet">{label}</dt>
          <dd className="text-2xl font-bold">
            {value}
            {unit ? <span className="ms-1 text-base font-normal">{unit}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A second, quieter line under the first in a cell. */
export function SubLine({ children }: { children: ReactNode }) {
  return <span className="block text-quiet">{children}</span>
}

/** Words for those who hear the page: what the eye takes from the surroundings. */
export function ForReaders({ children }: { children: ReactNode }) {
  return <span className="sr-only">{children}</span>
}

/** Machine text, broken where it must. */
export function Code({ children }: { children: ReactNode }) {
  return <code className="break-all font-mono">{children}</code>
}
