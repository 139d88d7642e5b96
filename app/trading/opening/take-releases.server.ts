import { sql } from 'drizzle-orm'
import { packed } from '@/db/packed'
import { tradeClock } from '~/platform/audit/clock.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { appendMany } from '~/platform/log/append.server'
import { systemCtx } from '~/platform/start.server'
import { refuseLate } from './early-release.server'
import type { OpeningRow } from './event.server'
import type { ReleasedLine } from './hall'
import {
  addPart,
  forgetHall,
  type KnownHall,
  knownHalls,
  messageBox,
  type Parts,
  refreshHalls,
  stageName,
} from './known-hall.server'
import { latestOpenings, lockOpenings } from './move-many.server'
import { afterOutcome, keepOutcomes, type Outcome } from './outcome.server'
import type { ReleaseAnswer } from './release-check.server'
import { answerBefore, checkGroup, type Group, type Letter, refuse, refuseOutside } from './release-group.server'
import type { Posted } from './release-post.server'
import { openWith } from './unlock.server'

const answerOf = ({ parts, refused }: Letter): ReleaseAnswer => ({
  accepted: parts.map(({ statement, part }) => ({ statement, part })),
  refused,
})

/** The bids these letters touch, and the parts of each as they are with them. */
function withParts(hall: KnownHall, letters: Letter[]) {
  const merged = new Map<string, Parts>()
  const bids = new Set<string>()
  for (const { bidId, stage, part, value } of letters.flatMap(letter => letter.parts)) {
    const name = stageName(bidId, stage)
    const before = merged.get(name) ?? hall.parts.get(name) ?? { shares: [], partB: null }
    const shares = [...before.shares]
    if (part !== 'b') shares[Number(part.slice(1))] = value
    merged.set(name, { shares, partB: part === 'b' ? value : before.partB })
    bids.add(bidId)
  }
  return { bids: hall.bids.filter(one => bids.has(one.id)), partsOf: (name: string) => merged.get(name) ?? hall.parts.get(name) }
}

const openedBy = (ctx: Ctx, hall: KnownHall, row: OpeningRow, letters: Letter[]) => {
  const { bids, partsOf } = withParts(hall, letters)
  return openWith(ctx, hall, row, bids, partsOf)
}

const byLot = (letters: Letter[]): Map<string, Letter[]> => {
  const lots = new Map<string, Letter[]>()
  for (const letter of letters) lots.set(letter.lotId, [...(lots.get(letter.lotId) ?? []), letter])
  return lots
}

/** Before anything is locked: what the messages open is opened, and the prices in it are read. */
async function openAhead(ctx: Ctx, { halls, rows, letters }: Group): Promise<void> {
  for (const [lotId, own] of byLot(letters)) await openedBy(ctx, halls.get(lotId)!, rows.get(lotId)!, own)
}

type Late = { letter: Letter; endedAt: Date }
type Taken = { outcomes: Outcome[]; letters: Letter[]; late: Late[] }

/** Of a lot's letters those that are taken now, under its lock: not answered before, and inside the window. */
function takeable(ctx: Ctx, hall: KnownHall, row: OpeningRow, letters: Letter[], late: Late[]): Letter[] {
  const seen = new Set<string>()
  return letters.filter(letter => {
    const before = answerBefore(hall, letter.hash, letter.posted[0]!)
    if (before) for (const one of letter.posted) one.answer(before)
    if (before || seen.has(letter.hash)) return false
    if (row.releaseEndsAt && ctx.now >= row.releaseEndsAt) {
      late.push({ letter, endedAt: row.releaseEndsAt })
      return false
    }
    refuseOutside(row, ctx.now)
    seen.add(letter.hash)
    return true
  })
}

const lineOf = ({ posted, parts, refused }: Letter): ReleasedLine => {
  const { role, organisationName: by } = personOf(posted[0]!.ctx)
  return { by, role: role === 'custodian' ? 'custodian' : 'bidder', accepted: parts.length, refused: refused.length }
}

async function outcomeOf(ctx: Ctx, hall: KnownHall, row: OpeningRow, letters: Letter[]): Promise<Outcome> {
  const opened = await openedBy(ctx, hall, row, letters)
  const settled = opened.flatMap(({ bid, read }) => (read === undefined ? [] : [{ bid, read }]))
  return {
    hall,
    row,
    says: [['released', { releases: letters.map(lineOf) }]],
    changes: { releaseCount: row.releaseCount + letters.length },
    opened,
    settled,
    isOver: false,
  }
}

/** Evidence: who sent what from where, and how each part of it was judged; hashes of the parts, never their bytes. */
const factsOf = ({ posted, hash, parts, refused }: Letter) => {
  const { ctx } = posted[0]!
  const { personId: person, organisationId: org, role } = personOf(ctx)
  const accepted = parts.map(({ statement, part, valueHash }) => ({ statement, part, valueHash }))
  return { person, org, role, address: ctx.address, message: hash, accepted, refused }
}

/** The messages as they came, in their order, and one entry of the log for those of a lot. */
async function keepLetters(ctx: Ctx, taken: Map<string, Letter[]>, rows: Map<string, OpeningRow>): Promise<void> {
  const lots = [...taken]
  const entries = lots.map(([lotId, letters]) => ({ lotId, facts: { releases: letters.map(factsOf) } }))
  const appended = await appendMany(ctx, 'key.release', entries)
  const all = lots.flatMap(([lotId, letters], i) =>
    letters.map((letter, n) => {
      const { round, releaseCount } = rows.get(lotId)!
      return { letter, round, no: releaseCount + 1 + n, entryId: appended[i]!.entryId }
    }),
  )
  const of = <T>(value: (one: (typeof all)[number]) => T) => sql.param(all.map(value))
  const { vault } = ctx.platform
  const boxes = packed(all.map(({ letter: { lotId, hash, text } }) => vault.close(messageBox(lotId, hash), Buffer.from(text))))
  const cms = packed(all.map(one => one.letter.cms))
  await ctx.db.execute(sql`
    insert into release_message (lot_id, round, message_hash, no, organisation_id, box, cms, entry_id, accepted, refused, received_at)
    select n.lot, n.round, n.hash, n.no, n.org, substr(${boxes.bytes}::bytea, bs, bz), substr(${cms.bytes}::bytea, cs, cz), n.entry,
      n.accepted, n.refused, ${ctx.now.toISOString()}::timestamptz
    from unnest(${of(o => o.letter.lotId)}::uuid[], ${of(o => o.round)}::int[], ${of(o => o.letter.hash)}::text[],
      ${of(o => o.no)}::int[], ${of(o => o.letter.message.org)}::uuid[], ${sql.param(boxes.starts)}::int[],
      ${sql.param(boxes.sizes)}::int[], ${sql.param(cms.starts)}::int[], ${sql.param(cms.sizes)}::int[],
      ${of(o => o.entryId)}::uuid[], ${of(o => o.letter.parts.length)}::int[],
      ${of(o => JSON.stringify(o.letter.refused))}::jsonb[])
      as n(lot, round, hash, no, org, bs, bz, cs, cz, entry, accepted, refused)`)
}

/** Inside the transaction: what the openings say now that they are locked decides, whatever was read before. */
async function takeLocked(ctx: Ctx, { halls, letters }: Group): Promise<Taken> {
  const wanted = byLot(letters)
  const rows = await lockOpenings(ctx, [...wanted.keys()])
  await refreshHalls(ctx, new Map([...wanted.keys()].map(lotId => [lotId, halls.get(lotId)!])), rows)
  const taken = new Map<string, Letter[]>()
  const late: Late[] = []
  const outcomes: Outcome[] = []
  for (const [lotId, own] of wanted) {
    const [hall, row] = [halls.get(lotId)!, rows.get(lotId)!]
    const now = takeable(ctx, hall, row, own, late)
    if (now.length === 0) continue
    taken.set(lotId, now)
    outcomes.push(await outcomeOf(ctx, hall, row, now))
  }
  if (taken.size > 0) await keepLetters(ctx, taken, rows)
  const after = await keepOutcomes(ctx, outcomes)
  return { outcomes: outcomes.map((one, i) => ({ ...one, row: after[i]! })), letters: [...taken.values()].flat(), late }
}

/** What is known after the commit, and the answers. */
function afterCommit(platform: Platform, { outcomes, letters }: Taken, halls: Map<string, KnownHall>): void {
  for (const letter of letters) {
    const hall = halls.get(letter.lotId)!
    const answer = answerOf(letter)
    for (const { bidId, stage, part, value } of letter.parts) addPart(hall, bidId, stage, part, value)
    hall.messages.set(letter.hash, { organisationId: letter.message.org, answer })
    for (const one of letter.posted) one.answer(answer)
  }
  for (const one of outcomes) {
    afterOutcome(one, one.row)
    if (one.row.phase !== 'releasing') forgetHall(platform, one.row.lotId)
  }
}

async function keepGroup(ctx: Ctx, group: Group): Promise<void> {
  const taken = await ctx.db.transaction(async tx => takeLocked({ ...ctx, db: tx, now: await tradeClock(tx) }, group))
  afterCommit(ctx.platform, taken, group.halls)
  for (const { letter, endedAt } of taken.late) {
    for (const one of letter.posted)
      await refuseLate({ ...one.ctx, now: ctx.now }, letter.lotId, letter.hash, endedAt).catch(one.refuse)
  }
  ctx.platform.sequencer.nudge()
}

/** A group that fails is done again lot by lot: what is broken in one is nobody else's affair. */
async function keepOrSplit(ctx: Ctx, group: Group): Promise<void> {
  const lots = byLot(group.letters)
  if (lots.size === 0) return
  try {
    await keepGroup(ctx, group)
  } catch (error) {
    for (const lotId of lots.keys()) forgetHall(ctx.platform, lotId)
    if (lots.size === 1) for (const letter of group.letters) refuse(letter, error)
    else for (const [, letters] of lots) await keepOrSplit(ctx, await again(ctx, letters))
  }
}

/** The same letters against what the database says now. */
async function again(ctx: Ctx, letters: Letter[]): Promise<Group> {
  const rows = await latestOpenings(ctx, [letters[0]!.lotId])
  return { rows, halls: await knownHalls(ctx, rows), letters }
}

/** Takes a group of messages: checks them, opens what they open, and writes all of it in one transaction. Every one is answered or refused. */
export async function takeReleases(platform: Platform, posted: Map<string, Posted[]>): Promise<void> {
  try {
    const ctx = await systemCtx(platform, 'opening.release')
    const group = await checkGroup(ctx, posted)
    await openAhead(ctx, group)
    await keepOrSplit(ctx, group)
  } catch (error) {
    for (const one of [...posted.values()].flat()) one.refuse(error)
  }
}
