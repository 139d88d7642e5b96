import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import { drawContact, drawEvent, drawMessage } from '@/db/schema/trading/draw'
import type { DrawParty } from '@/db/schema/trading/expert'
import type { Ctx } from '~/platform/ctx'
import { contactStateText, drawPartyText } from './draw.text'
import { readDrawRow } from './draw-store.server'
import { readMisconduct } from './misconduct.server'

export type DrawLine = { at: Date; text: string }

const partyName = (party: string) => drawPartyText[party as DrawParty] ?? party

/** One line for everything a party said, acknowledgements and shares of one party taken together. */
function messageLine(t: string, party: string): string | null {
  if (t === 'tbid/draw.prelude@1') return '公布专家库快照、合格名单和规则的承诺值，抽取开始'
  if (t === 'tbid/draw.commit@1') return `${partyName(party)}提交承诺`
  if (t === 'tbid/draw.ack@1') return `${partyName(party)}确认所持份额`
  if (t === 'tbid/draw.v@1') return '监督部门指定见证检查点，公开值由此确定'
  return t === 'tbid/draw.void@1' ? '两人确认，本次抽取作废' : null
}

async function messageLines(ctx: Ctx, drawId: string): Promise<DrawLine[]> {
  const rows = await ctx.db
    .select({ t: drawMessage.t, party: drawMessage.party, at: drawMessage.receivedAt })
    .from(drawMessage)
    .where(and(eq(drawMessage.drawId, drawId), ne(drawMessage.t, 'tbid/draw.share@1')))
    .orderBy(asc(drawMessage.receivedAt))
  const said = new Set<string>()
  return rows.flatMap(({ t, party, at }) => {
    const text = messageLine(t, party)
    if (text === null || said.has(text)) return []
    said.add(text)
    return [{ at, text }]
  })
}

/** Whose shares are out, and by whom: a silent party's are published by those who hold them (crypto.md §10.10). */
async function shareLines(ctx: Ctx, drawId: string): Promise<DrawLine[]> {
  const rows = await ctx.db
    .select({ party: drawMessage.party, about: drawMessage.about, at: drawMessage.receivedAt })
    .from(drawMessage)
    .where(and(eq(drawMessage.drawId, drawId), eq(drawMessage.t, 'tbid/draw.share@1')))
    .orderBy(asc(drawMessage.receivedAt))
  const said = new Set<string>()
  return rows.flatMap(({ party, about, at }) => {
    const from = about.split('>')[0] ?? ''
    const text =
      party === from ? `${partyName(from)}公开随机数` : `${partyName(from)}未按时公开，由${partyName(party)}公开其所持份额`
    if (said.has(text)) return []
    said.add(text)
    return [{ at, text }]
  })
}

/** What a party did against the protocol: recorded, the draw goes on (crypto.md §10.10). */
async function misconductLines(ctx: Ctx, drawId: string): Promise<DrawLine[]> {
  const rows = await readMisconduct(ctx, drawId)
  return rows.map(({ party, kind, at }) => ({
    at,
    text:
      kind === 'commitment-misfit'
        ? `${partyName(party)}的承诺与其份额不符，按份额计算，已记录`
        : `${partyName(party)}公开了与承诺不符的份额，未接收，已记录`,
  }))
}

/** Contacts by seat, never by name; an outcome that empties a seat is followed by the substitute's invitation. */
async function contactLines(ctx: Ctx, drawId: string): Promise<DrawLine[]> {
  const events = await ctx.db
    .select({ c: drawEvent.c, outcome: drawEvent.outcome, at: drawEvent.at })
    .from(drawEvent)
    .where(eq(drawEvent.drawId, drawId))
    .orderBy(asc(drawEvent.seq))
  const cs = events.map(({ c }) => c)
  if (cs.length === 0) return []
  const seats = await ctx.db
    .select({ c: drawContact.c, seat: drawContact.seat })
    .from(drawContact)
    .where(and(eq(drawContact.drawId, drawId), inArray(drawContact.c, cs)))
  const seatOf = new Map(seats.map(({ c, seat }) => [c, seat]))
  return events.map(({ c, outcome, at }) => {
    const what = contactStateText[outcome as keyof typeof contactStateText]
    const then = outcome === 'accepted' ? '' : '，按同一排序由下一名递补'
    return { at, text: `席位“${seatOf.get(c) ?? ''}”一名专家${what}${then}` }
  })
}

/** Everything that happened in a draw, in order, for the room's big screen and the supervisor: no name, no secret (crypto.md §10.12). */
export async function readDrawLines(ctx: Ctx, id: string): Promise<DrawLine[]> {
  const row = await readDrawRow(ctx, id)
  const lines = [...(await messageLines(ctx, row.id)), ...(await shareLines(ctx, row.id))]
  if (row.approvedAt) lines.unshift({ at: row.approvedAt, text: '监督部门两人审核、核准' })
  if (row.drawnAt) lines.push({ at: row.drawnAt, text: '按种子排序，各席位产生，自动通知专家' })
  lines.push(...(await misconductLines(ctx, row.id)))
  lines.push(...(await contactLines(ctx, row.id)))
  if (row.completedAt) lines.push({ at: row.completedAt, text: '全部席位接受，评标委员会组成' })
  if (row.endedAt) lines.push({ at: row.endedAt, text: '所评标段均已终止或流标，抽取结束，已通知的专家不再占用' })
  return lines.toSorted((a, b) => a.at.getTime() - b.at.getTime())
}
