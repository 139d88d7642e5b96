import { Link, useLocation, useSearchParams } from '@remix-run/react'
import { type ReactNode, useContext } from 'react'
import { SectionTitle } from './section-title'

export type Column<Row> = {
  head: string
  cell: (row: Row) => ReactNode
  /** Figures stand right-aligned, one under the other. */
  numeric?: boolean
  /** Names the row; read aloud with each cell. */
  rowHead?: boolean
  /** The deciding fact: comes first when the table is stacked on a phone. */
  first?: boolean
  /** Key in the URL (`?sort=key`, `?sort=-key`) by which the server sorts. */
  sort?: string
}

type DataTableProps<Row> = {
  caption: string
  rows: Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  empty?: ReactNode
  foot?: ReactNode
  /** A grid keeps its columns on a phone and scrolls sideways, and says so. */
  grid?: boolean
}

/** A table that sorts by links, reads row by row on a phone, and repeats its head on paper. */
export function DataTable<Row>({ caption, rows, columns, rowKey, empty, foot, grid = false }: DataTableProps<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>
  const table = (
    <table className={`ledger ${grid ? '' : 'ledger-stack'}`}>
      <Caption text={caption} />
      <thead>
        <tr>
          {columns.map(column => (
            <Head key={column.head} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 ? (
          <tr>
            <td colSpan={columns.length}>
              <div>无</div>
            </td>
          </tr>
        ) : null}
        {rows.map(row => (
          <tr key={rowKey(row)}>
            {columns.map(column => (
              <Cell key={column.head} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
      {foot ? <tfoot>{foot}</tfoot> : null}
    </table>
  )
  return grid ? <ScrollRegion label={caption}>{table}</ScrollRegion> : table
}

function Caption({ text }: { text: string }) {
  const isSaidAbove = useContext(SectionTitle) === text
  return <caption className={isSaidAbove ? 'sr-only' : undefined}>{text}</caption>
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = [column.numeric ? 'num' : '', column.first ? 'first' : ''].join(' ').trim() || undefined
  if (column.rowHead) {
    return (
      <th scope="row" data-label={column.head} className={className}>
        <div>{column.cell(row)}</div>
      </th>
    )
  }
  return (
    <td data-label={column.head} className={className}>
      <div>{column.cell(row)}</div>
    </td>
  )
}

function Head<Row>({ column }: { column: Column<Row> }) {
  const [params] = useSearchParams()
  const className = column.numeric ? 'num' : undefined
  if (!column.sort) {
    return (
      <th scope="col" className={className}>
        {column.head}
      </th>
    )
  }
  const current = params.get('sort')
  const direction = current === column.sort ? 'ascending' : current === `-${column.sort}` ? 'descending' : undefined
  return (
    <th scope="col" aria-sort={direction ?? 'none'} className={className}>
      <SortLink to={direction === 'ascending' ? `-${column.sort}` : column.sort}>
        {column.head}
        <span aria-hidden="true">{direction === 'ascending' ? ' ↑' : direction === 'descending' ? ' ↓' : ' ↕'}</span>
      </SortLink>
    </th>
  )
}

function SortLink({ to, children }: { to: string; children: ReactNode }) {
  const { pathname } = useLocation()
  const [params] = useSearchParams()
  const next = new URLSearchParams(params)
  next.set('sort', to)
  next.delete('page')
  return (
    <Link to={`${pathname}?${next}`} preventScrollReset>
      {children}
    </Link>
  )
}

/** Something wider than a phone, reachable by keyboard. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <p className="text-quiet sm:hidden">可左右滚动。</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="ledger-scroll" aria-label={label} tabIndex={0}>
        {children}
      </section>
    </div>
  )
}
