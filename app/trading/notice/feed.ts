import { formatInstant } from '~/shared/time'
import { noticeKindText } from './notice.text'
import type { NoticeItem } from './portal.read.server'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Control characters have no place in XML 1.0, escaped or not.
const xml = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"]/g, c => entities[c]!)

function entryOf(item: NoticeItem, origin: string): string {
  const ends = item.biddingEndsAt ? `投标截止：${formatInstant(item.biddingEndsAt)}。` : ''
  const drill = item.isDrill ? '（演练）' : ''
  return `  <entry>
    <id>urn:uuid:${item.id}</id>
    <title>${xml(item.title)}${drill}</title>
    <link href="${xml(origin)}/notices/${item.id}"/>
    <updated>${item.publishedAt.toISOString()}</updated>
    <author><name>${xml(item.tendererName)}</name></author>
    <category term="${item.kind}" label="${noticeKindText[item.kind]}"/>
    <summary>${xml(`${item.projectName} ${item.lotName}（${item.lotCode}）。${ends}`)}</summary>
  </entry>`
}

/** The notices as an Atom feed (RFC 4287), newest first. */
export function atomOf(items: NoticeItem[], { origin, self, now }: { origin: string; self: string; now: Date }): string {
  const updated = (items[0]?.publishedAt ?? now).toISOString()
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
  <id>${xml(self)}</id>
  <title>公共资源交易平台 公告</title>
  <updated>${updated}</updated>
  <link rel="self" href="${xml(self)}"/>
  <link href="${xml(origin)}/"/>
${items.map(item => entryOf(item, origin)).join('\n')}
</feed>
`
}

const utc = (at: Date) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
const escaped = (text: string) => text.replace(/[\\;,]/g, c => `\\${c}`).replace(/\r?\n/g, '\\n')

/** Lines of iCalendar are at most 75 octets; a longer one goes on after a space (RFC 5545 §3.1). */
function folded(line: string): string {
  const rows: string[] = []
  let row = ''
  for (const character of line) {
    if (new TextEncoder().encode(row + character).length > 73) {
      rows.push(row)
      row = character
    } else row += character
  }
  return [...rows, row].join('\r\n ')
}

/** One opening as a calendar event of half an hour (RFC 5545). */
export function icsOf(event: { id: string; title: string; at: Date; address: string; now: Date }): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//open-tender//notices//ZH',
    'BEGIN:VEVENT',
    `UID:${event.id}`,
    `DTSTAMP:${utc(event.now)}`,
    `DTSTART:${utc(event.at)}`,
    'DURATION:PT30M',
    `SUMMARY:${escaped(event.title)}`,
    `URL:${event.address}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
