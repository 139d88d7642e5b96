import { expect, test } from 'vitest'
import { atomOf, icsOf } from '~/trading/notice/feed'
import type { NoticeItem } from '~/trading/notice/portal.read.server'

const item: NoticeItem = {
  id: '11111111-1111-4111-8111-111111111111',
  kind: 'tender',
  version: 1,
  title: '甲 & 乙 <工程> 招标公告\u0001',
  publishedAt: new Date('2026-12-01T01:30:00Z'),
  biddingEndsAt: new Date('2026-12-21T01:30:00Z'),
  periodEndsAt: null,
  lotId: '22222222-2222-4222-8222-222222222222',
  lotCode: 'E3500000717000001001001',
  lotName: '一标段',
  lotState: 'bidding',
  projectName: '项目',
  tradeKind: 'works',
  method: 'open-tender',
  regionCode: '350102',
  tendererName: '招标人',
  isDrill: true,
}

test('the feed escapes what XML would read as markup and drops what XML forbids', () => {
  const xml = atomOf([item], { origin: 'http://127.0.0.1', self: 'http://127.0.0.1/feed.atom?q=a&kind=works', now: new Date() })
  expect(xml).toContain('<title>甲 &amp; 乙 &lt;工程&gt; 招标公告（演练）</title>')
  expect(xml).toContain('feed.atom?q=a&amp;kind=works')
  expect(xml).toContain('<updated>2026-12-01T01:30:00.000Z</updated>')
  expect(xml).toContain('投标截止：2026年12月21日 09:30:00')
  expect(xml).not.toContain('\u0001')
})

test('an empty feed is still a feed', () => {
  const now = new Date('2026-12-01T00:00:00Z')
  expect(atomOf([], { origin: 'http://h', self: 'http://h/feed.atom', now })).toContain(
    '<updated>2026-12-01T00:00:00.000Z</updated>',
  )
})

test('an opening is a calendar event in UTC whose lines are at most 75 octets', () => {
  const event = {
    id: item.id,
    title: `${'很长的标题'.repeat(20)}，含逗号, 与分号;`,
    at: item.biddingEndsAt!,
    address: 'http://h/notices/1',
    now: item.publishedAt,
  }
  const ics = icsOf(event)
  expect(ics).toContain('DTSTART:20261221T013000Z\r\n')
  for (const line of ics.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  expect(ics.replaceAll('\r\n ', '')).toContain('含逗号\\, 与分号\\;')
})
