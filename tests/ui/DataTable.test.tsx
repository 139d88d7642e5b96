import { expect, test } from 'vitest'
import { type Column, DataTable } from '~/ui/DataTable'
import { Pagination } from '~/ui/Pagination'
import { html } from './render'

type Row = { name: string; price: number }
const rows: Row[] = [
  { name: '甲', price: 1 },
  { name: '乙', price: 2 },
]
const columns: Column<Row>[] = [
  { head: '投标人', rowHead: true, cell: r => r.name },
  { head: '报价（元）', numeric: true, sort: 'price', cell: r => r.price },
]
const table = (at: string) => html(<DataTable caption="一览表" rows={rows} columns={columns} rowKey={r => r.name} />, { at })

test('a table has a caption, scoped heads, and a label for each stacked cell', async () => {
  const out = await table('/')
  expect(out).toContain('<caption>一览表</caption>')
  expect(out.match(/scope="col"/g)).toHaveLength(2)
  expect(out.match(/scope="row"/g)).toHaveLength(2)
  expect(out.match(/data-label="报价（元）"/g)).toHaveLength(2)
})

test('sorting is a link that keeps the filters and goes back to the first page', async () => {
  expect(await table('/list?q=%E8%B7%AF&page=3')).toContain('href="/list?q=%E8%B7%AF&amp;sort=price"')
  expect(await table('/list?sort=price')).toContain('aria-sort="ascending"')
  expect(await table('/list?sort=price')).toContain('href="/list?sort=-price"')
  expect(await table('/list?sort=-price')).toContain('aria-sort="descending"')
})

test('an empty list shows what will appear instead of a bare table', async () => {
  const out = await html(
    <DataTable caption="一览表" rows={[]} columns={columns} rowKey={r => r.name} empty={<p>开标后显示</p>} />,
  )
  expect(out).toBe('<p>开标后显示</p>')
})

test('pages are links in the URL, with the count in words', async () => {
  const out = await html(<Pagination page={2} pageSize={20} total={57} />, { at: '/list?q=a' })
  expect(out).toContain('共 57 条，第 2 / 3 页')
  expect(out).toContain('href="/list?q=a&amp;page=1"')
  expect(out).toContain('href="/list?q=a&amp;page=3"')
  expect(await html(<Pagination page={1} pageSize={20} total={0} />)).not.toContain('href')
})
