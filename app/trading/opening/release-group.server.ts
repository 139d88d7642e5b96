import { hash } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import { equal } from '@/crypto/bytes'
import { type Message, type MessageType, type ReleaseMessage, readMessage } from '@/crypto/messages'
import { logCheckpoint } from '@/db/schema/platform/log'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { verifyMany } from '~/platform/identity/signature.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { refuseEarly, refuseLate, refuseOtherStage } from './early-release.server'
import type { OpeningRow } from './event.server'
import { type KnownHall, knownHalls } from './known-hall.server'
import { latestOpenings } from './move-many.server'
import { whenResumed } from './opening.text'
import { type CheckedPart, checkParts, type RefusedPart } from './release-check.server'
import type { Posted } from './release-post.server'

/** A message that speaks of an opening it may be for. The same one twice is one, with all who wait for its answer. */
export type Letter = {
  posted: Posted[]
  lotId: string
  text: string
  hash: string
  cms: Uint8Array
  message: ReleaseMessage
  parts: CheckedPart[]
  refused: RefusedPart[]
}

export type Group = { rows: Map<string, OpeningRow>; halls: Map<string, KnownHall>; letters: Letter[] }

/** A message that somebody posted. Refuses bad-input, saying what is wrong with it. */
export function readPosted<T extends MessageType>(type: T, text: string): Message<T> {
  try {
    return readMessage(type, text)
  } catch (error) {
    throw new Refusal('bad-input', { reason: error instanceof Error ? error.message : type })
  }
}

/** Whether an opening takes releases at this time. */
export function refuseOutside(row: OpeningRow, now: Date): void {
  refuseUnless(row.phase !== 'adjourned', 'opening-adjourned', { when: whenResumed(row) })
  refuseUnless(row.releaseEndsAt && row.releaseOpenedAt, 'release-not-open')
  refuseUnless(now < row.releaseEndsAt, 'release-window-closed', { endedAt: formatInstant(row.releaseEndsAt) })
}

/** What was answered to this very message before, or null: the same message is one message. */
export function answerBefore(hall: KnownHall, hash: string, { ctx }: Posted) {
  const before = hall.messages.get(hash)
  return before?.organisationId === personOf(ctx).organisationId ? before.answer : null
}

async function readLetter(ctx: Ctx, { rows, halls }: Group, posted: Posted): Promise<Letter | null> {
  const { lotId, message: text, cms } = posted.input
  const message = readPosted('tbid/release@1', text)
  const messageHash = hash('sha256', text)
  const row = rows.get(lotId)
  const own = { ...posted.ctx, now: ctx.now }
  if (!row) return refuseEarly(own, lotId, messageHash)
  const before = answerBefore(halls.get(lotId)!, messageHash, posted)
  if (before) {
    posted.answer(before)
    return null
  }
  if (row.stage !== null && row.stage !== message.stage) return refuseOtherStage(own, lotId, messageHash, message.stage)
  if (row.releaseEndsAt && ctx.now >= row.releaseEndsAt) return refuseLate(own, lotId, messageHash, row.releaseEndsAt)
  refuseOutside(row, ctx.now)
  return { posted: [posted], lotId, text, hash: messageHash, cms, message, parts: [], refused: [] }
}

/** The messages that may be for these openings; the others are answered or refused. */
async function readLetters(ctx: Ctx, group: Group, posted: Posted[]): Promise<void> {
  const known = new Map<string, Letter[]>()
  for (const one of posted) {
    try {
      const letter = await readLetter(ctx, group, one)
      if (!letter) continue
      const name = `${letter.hash} ${personOf(one.ctx).organisationId}`
      const alike = known.get(name) ?? []
      const same = alike.find(other => equal(other.cms, letter.cms))
      if (same) same.posted.push(one)
      else known.set(name, [...alike, letter])
    } catch (error) {
      one.refuse(error)
    }
  }
  group.letters = [...known.values()].flat()
}

export function refuse(letter: Letter, error: unknown): void {
  for (const one of letter.posted) one.refuse(error)
}

/** Roots of our log at the sizes that the messages name. */
export async function rootsOf(ctx: Ctx, messages: About[]): Promise<Map<number, string>> {
  const sizes = [...new Set(messages.map(message => message.checkpoint.size))]
  if (sizes.length === 0) return new Map()
  const { size, root } = logCheckpoint
  const rows = await ctx.db.select({ size, root }).from(logCheckpoint).where(inArray(size, sizes))
  return new Map(rows.map(row => [row.size, Buffer.from(row.root).toString('hex')]))
}

/** What releases and reports say of themselves alike. */
export type About = Pick<ReleaseMessage, 'platform' | 'project' | 'lot' | 'round' | 'org' | 'stage' | 'checkpoint'>

/** The message must be about this lot and round, by the actor's organisation, and name a checkpoint of our log after the deadline's. */
export function checkScope(
  ctx: Ctx,
  { found, round }: KnownHall,
  row: OpeningRow,
  message: About,
  roots: Map<number, string>,
): void {
  const isHere = message.platform === ctx.platform.config.platformId && message.project === found.project.id
  refuseUnless(isHere && message.lot === found.lot.id && message.round === round, 'wrong-lot', { sealedFor: message.lot })
  refuseUnless(message.org === personOf(ctx).organisationId, 'not-allowed', { permission: 'opening.release' })
  const { size, root } = message.checkpoint
  const fits = roots.get(size) === root && size >= (row.deadlineSize ?? 0)
  refuseUnless(fits, 'bad-signature', { reason: '检查点与本平台日志不一致' })
}

/** Keeps the letters for which `check` gives no refusal; the others are refused with it. */
function keepSound(group: Group, check: (letter: Letter, at: number) => void): void {
  group.letters = group.letters.filter((letter, i) => {
    try {
      check(letter, i)
      return true
    } catch (error) {
      refuse(letter, error)
      return false
    }
  })
}

/** Checks a group of messages: whom and what each is about, its signature, and every part of it by itself. */
export async function checkGroup(ctx: Ctx, byLot: Map<string, Posted[]>): Promise<Group> {
  const rows = await latestOpenings(ctx, [...byLot.keys()])
  const group: Group = { rows, halls: await knownHalls(ctx, rows), letters: [] }
  await readLetters(ctx, group, [...byLot.values()].flat())
  const messages = group.letters.map(letter => letter.message)
  const roots = await rootsOf(ctx, messages)
  keepSound(group, ({ posted: by, lotId, message }) =>
    checkScope({ ...by[0]!.ctx, now: ctx.now }, group.halls.get(lotId)!, rows.get(lotId)!, message, roots),
  )
  const inputs = group.letters.map(({ text, cms, message }) => ({ content: text, cms, organisationId: message.org }))
  const verified = await verifyMany(ctx, inputs)
  keepSound(group, (letter, i) => {
    const result = verified[i]
    if (result instanceof Refusal) throw result
    Object.assign(letter, checkParts(group.halls.get(letter.lotId)!, rows.get(letter.lotId)!, letter.message))
  })
  return group
}
