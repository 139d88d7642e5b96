import { Form, Link, useLocation, useSearchParams } from '@remix-run/react'
import type { ReactNode } from 'react'

/** Filters that live in the URL: a plain GET form, so a filtered list can be sent, kept and read without scripts. */
export function FilterBar({ children, count, unit = '条' }: { children: ReactNode; count?: number; unit?: string }) {
  const { pathname } = useLocation()
  return (
    <search data-print="no">
      <Form method="get" className="flex flex-wrap items-end gap-4 border-y border-rule py-4">
        {children}
        <button type="submit" className="btn btn-primary">
          查询
        </button>
        <Link to={pathname} className="inline-flex min-h-11 items-center">
          清除条件
        </Link>
      </Form>
      {count === undefined ? null : (
        <p role="status" className="pt-2">
          共 {count} {unit}
        </p>
      )}
    </search>
  )
}

type FilterSelectProps = { name: string; label: string; choices: { value: string; text: string; count?: number }[] }

/** One filter; each choice shows how many entries it would leave. */
export function FilterSelect({ name, label, choices }: FilterSelectProps) {
  const [params] = useSearchParams()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={`q-${name}`}>{label}</label>
      <select
        key={params.get(name) ?? ''}
        id={`q-${name}`}
        name={name}
        defaultValue={params.get(name) ?? ''}
        className="select min-w-40"
      >
        <option value="">全部</option>
        {choices.map(({ value, text, count }) => (
          <option key={value} value={value}>
            {count === undefined ? text : `${text}（${count}）`}
          </option>
        ))}
      </select>
    </div>
  )
}

/** A day as a filter. */
export function FilterDate({ name, label }: { name: string; label: string }) {
  const [params] = useSearchParams()
  const value = params.get(name) ?? ''
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={`q-${name}`}>{label}</label>
      <input key={value} id={`q-${name}`} type="date" name={name} defaultValue={value} className="input w-44" />
    </div>
  )
}

/** Words to look for; stands first in a filter bar. */
export function SearchBox({ name = 'q', label = '搜索', hint }: { name?: string; label?: string; hint?: string }) {
  const [params] = useSearchParams()
  const value = params.get(name) ?? ''
  return (
    <div className="flex w-full flex-col gap-1 sm:w-96">
      <label htmlFor={`q-${name}`}>{label}</label>
      {hint ? (
        <span id={`qh-${name}`} className="text-quiet">
          {hint}
        </span>
      ) : null}
      <input
        key={value}
        id={`q-${name}`}
        type="search"
        name={name}
        defaultValue={value}
        maxLength={100}
        aria-describedby={hint ? `qh-${name}` : undefined}
        className="input w-full"
      />
    </div>
  )
}
