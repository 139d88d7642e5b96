import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { draw, drawContact, drawLot } from '@/db/schema/trading/draw'
import { expert } from '@/db/schema/trading/expert'
import type { LotState } from '@/db/schema/trading/project'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { closeJson } from '~/platform/vault/vault.server'
import { readLotDraw } from '~/trading/draw/committee.server'
import { type DrawRules, rulesOf } from '~/trading/draw/draw'
import { keepLists, listsOf } from '~/trading/draw/draw-lists.server'
import { nameRepresentatives, type Representative } from '~/trading/draw/representative.server'
import { markCompliance, markScore } from '~/trading/evaluation/mark.server'
import { signReport, signScopeOf } from '~/trading/evaluation/sign-report.server'
import { signStatement } from '~/trading/evaluation/sign-text'
import { submitSheet } from '~/trading/evaluation/submit-sheet.server'
import { admitExperts } from '~/trading/expert/expert.server'
import { findLot } from '~/trading/lot/find-lot.server'
import { readOpening } from '~/trading/opening/read.server'
import { anActor } from './actor'
import { type ASigner, aSigner, signText } from './certificate'
import { anExpert } from './draw'
import type { LotWish } from './lot'
import { type ABid, type ATender, type AWitness, afterDeadline, aSealedBid, aTender, release } from './tender'

export interface AMember {
  actor: PersonActor
  expertId: string
  code: string
  /** A key certified for the person, as on arrival. */
  signer(): Promise<ASigner>
}

export interface AnEvaluation {
  tender: ATender
  lotId: string
  bids: ABid[]
  /** Ids of the opened bids, in the order in which they were committed. */
  bidIds: string[]
  members: AMember[]
}

let serial = 0

/** Lets the platform work until the lot stands there; the periods in between pass. */
export async function untilState(t: TestPlatform, lotId: string, state: LotState): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await t.tick()
    if ((await findLot(await t.ctx(), lotId)).lot.state === state) return
    await t.pass(4_000)
  }
  throw new Error(`the lot never became ${state}`)
}

/** Closes the lot by the clock, lets the witness cosign, releases the custodians' keys and lets the periods run out. */
export async function openTender(t: TestPlatform, tender: ATender, witness: AWitness): Promise<void> {
  await afterDeadline(t, tender)
  await untilState(t, tender.lotId, 'opening')
  await witness.cosign()
  await t.tick()
  for (const one of tender.custodians.slice(0, 2)) await release(t, tender, one)
  await untilState(t, tender.lotId, 'opened')
}

/** An expert who was drawn, accepted, arrived and declared, with the account that acceptance makes. */
export async function aMember(t: TestPlatform, drawId: string, seat: string): Promise<AMember> {
  const { db } = t.platform.database
  const wish = anExpert(90_000 + serial++)
  await admitExperts(await t.ctx(), [wish])
  const actor = await anActor(t, 'expert', { name: '综合评标专家库' })
  const [row] = await db.update(expert).set({ personId: actor.personId }).where(eq(expert.code, wish.code)).returning()
  const { now } = await t.ctx()
  const times = { invitedAt: now, expiresAt: now, answeredAt: now, arrivedAt: now, declaredAt: now }
  const who = { id: randomUUID(), drawId, expertId: row!.id, c: row!.leaf, seat, codeHash: randomUUID().replaceAll('-', '') }
  await db.insert(drawContact).values({ ...who, codeHash: who.codeHash.repeat(2), state: 'accepted', ...times })
  return { actor, expertId: row!.id, code: wish.code, signer: () => aSigner(t, actor) }
}

/** A committee as a finished draw leaves it; how it was drawn is the subject of other tests. */
async function aCommittee(t: TestPlatform, tender: ATender, size: number, named: Representative[]): Promise<AMember[]> {
  const ctx = await t.ctx()
  const { lot } = await findLot(ctx, tender.lotId)
  const id = randomUUID()
  const { db } = t.platform.database
  await db.insert(draw).values({
    id,
    lotId: lot.id,
    round: lot.round,
    kind: 'committee',
    number: 1,
    drawId: `${lot.code}-committee-1`,
    state: 'complete',
    rules: rulesOf([{ seat: '技术专家', disc: ['A08', 'A06'], region: null, n: size }]),
    avoidBox: closeJson(t.platform.vault, `draw avoid ${id}`, []),
    evaluationAt: ctx.now,
    city: '福州市',
    place: '评标室 3',
    hours: 4,
    answerSeconds: 60,
    revealSeconds: 60,
    requestedBy: tender.agency.organisationId,
    createdAt: ctx.now,
  })
  await db.insert(drawLot).values({ drawId: id, lotId: lot.id, round: lot.round })
  await nameRepresentatives(ctx, id, named)
  const members = []
  for (let i = 0; i < size; i++) members.push(await aMember(t, id, i === 0 ? '造价专家' : '技术专家'))
  return members
}

/** The lists of a committee's draw as they are computed for a draw that begins now, with some who work for the first bidder. */
export async function keepDrawLists(t: TestPlatform, { lotId, bids }: AnEvaluation): Promise<string> {
  const ctx = await t.ctx()
  const { organisationName: employerName } = bids[0]!.bidder.actor
  const tied = [0, 2, 4].map(() => anExpert(90_000 + serial++, { employerName }))
  await admitExperts(ctx, tied)
  const row = (await readLotDraw(ctx, lotId))!
  await keepLists(ctx, row.id, await listsOf(ctx, row, row.rules as DrawRules))
  return row.id
}

/** A lot under evaluation: bids really sealed and opened, a committee seated. With representatives it waits for them, and is still opened. */
export async function anEvaluation(
  t: TestPlatform,
  witness: AWitness,
  wish: Omit<LotWish, 'state'> & { prices?: string[] } & CommitteeWish = {},
): Promise<AnEvaluation> {
  const { prices = ['1000000000', '900000000', '950000000'], size = 3, representatives = [], ...rest } = wish
  const tender = await aTender(t, rest)
  const bids: ABid[] = []
  for (const priceFen of prices) bids.push(await aSealedBid(t, tender, { price: { priceFen } }))
  await openTender(t, tender, witness)
  return evaluationOf(t, tender, bids, { size, representatives })
}

type CommitteeWish = { size?: number; representatives?: Representative[] }

/** The evaluation of a lot that was opened: a committee seated. */
export async function evaluationOf(
  t: TestPlatform,
  tender: ATender,
  bids: ABid[],
  { size = 3, representatives = [] }: CommitteeWish = {},
): Promise<AnEvaluation> {
  const members = await aCommittee(t, tender, size, representatives)
  if (representatives.length === 0) await untilState(t, tender.lotId, 'evaluating')
  const opened = await readOpening(await t.ctx(), tender.lotId)
  const idOf = (one: ABid) => opened.bids.find(({ bid }) => bid.organisationId === one.bidder.actor.organisationId)!.bid.id
  return { tender, lotId: tender.lotId, bids, bidIds: bids.map(idOf), members }
}

export interface SheetWish {
  /** Bids this member finds not to pass the first compliance item. */
  failed?: string[]
  points?: Record<string, string>
}

/** Fills every line of a member's sheet: technical and business points the same for every bid unless told. */
export async function fillSheet(t: TestPlatform, { lotId, bidIds }: AnEvaluation, { actor }: AMember, wish: SheetWish = {}) {
  const ctx = await t.ctx(actor)
  const { lot } = await findLot(ctx, lotId)
  const scoring = lot.scoring as { compliance: { code: string }[]; items: { code: string; max: string }[] }
  for (const bidId of bidIds) {
    const pass = !wish.failed?.includes(bidId)
    for (const { code } of scoring.compliance)
      await markCompliance(ctx, { lotId, bidId, item: code, pass, reason: pass ? '' : '投标函未签字，第 3 页' })
    if (!pass) continue
    for (const { code } of scoring.items) await markScore(ctx, { lotId, bidId, item: code, score: wish.points?.[code] ?? '10' })
  }
}

/** Every member fills and locks the sheet; returns the report's hash. */
export async function finishSheets(t: TestPlatform, evaluation: AnEvaluation, wish: SheetWish = {}): Promise<string> {
  let hash: string | null = null
  for (const member of evaluation.members) {
    await fillSheet(t, evaluation, member, wish)
    hash = (await submitSheet(await t.ctx(member.actor), { lotId: evaluation.lotId })).reportHash
  }
  return hash!
}

export interface WordWish {
  answer?: 'sign' | 'dissent' | 'refuse'
  reason?: string
  /** What the signature is made over instead of the report's hash. */
  reportHash?: string
  /** Whose key signs instead of the member's own. */
  signer?: ASigner
}

/** A member's word on the report, signed as the page does. */
export async function sayWord(t: TestPlatform, { lotId }: AnEvaluation, member: AMember, hash: string, wish: WordWish = {}) {
  const ctx = await t.ctx(member.actor)
  const { answer = 'sign', reason = '' } = wish
  const scope = signScopeOf(ctx, await findLot(ctx, lotId), wish.reportHash ?? hash)
  const statement = signStatement(scope, { answer, reason })
  const cms = await signText(statement, wish.signer ?? (await member.signer()))
  return signReport(ctx, { lotId, answer, reason, cms })
}

/** The evaluation carried through to its sealed report. */
export async function finishEvaluation(t: TestPlatform, evaluation: AnEvaluation, wish: SheetWish = {}): Promise<string> {
  const hash = await finishSheets(t, evaluation, wish)
  for (const member of evaluation.members) await sayWord(t, evaluation, member, hash)
  await t.tick()
  return hash
}
