import { and, eq, sql } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { type CaseState, hallCase, hallStep, type StepAction } from '@/db/schema/hall/case'
import { serviceItem } from '@/db/schema/hall/catalogue'
import type { Ctx } from '~/platform/ctx'
import { append } from '~/platform/log/append.server'
import { notify } from '~/platform/notification/notification.server'
import { nextNumber } from '~/platform/number/number.server'
import { openJson } from '~/platform/vault/vault.server'
import { next } from '~/shared/flow'
import { Refusal } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import { type CaseEvent, caseFlow, dueEvent } from './case'
import type { Applicant } from './case.form.server'
import { caseStateText, paperTitle, stepText } from './case.text'

export type CaseRow = typeof hallCase.$inferSelect
export type ItemRow = typeof serviceItem.$inferSelect

export const applicantAbout = (caseId: string) => `hall case ${caseId}`

/** Name, certificate and phone, out of the box. Whether the reader may see them is the caller's question. */
export const applicantOf = (ctx: Ctx, row: Pick<CaseRow, 'id' | 'applicantBox'>): Applicant =>
  openJson<Applicant>(ctx.platform.vault, applicantAbout(row.id), row.applicantBox)

/** The case and its item, the case locked until the transaction ends. Refuses not-found. */
export async function lockCase(ctx: Ctx, caseId: string): Promise<{ row: CaseRow; item: ItemRow }> {
  const [found] = await ctx.db
    .select({ row: hallCase, item: serviceItem })
    .from(hallCase)
    .innerJoin(serviceItem, eq(serviceItem.id, hallCase.itemId))
    .where(eq(hallCase.id, caseId))
    .for('update', { of: hallCase })
  if (!found) throw new Refusal('not-found')
  return found
}

/** Moves a locked case along its flow with what changes beside the state, and says when the clock must look again. Refuses wrong-state. */
export async function moveCase(ctx: Ctx, row: CaseRow, event: CaseEvent, change: Partial<CaseRow> = {}): Promise<CaseRow> {
  if (!caseFlow[row.state][event]) throw new Refusal('wrong-state', { state: caseStateText[row.state], event: stepText[event] })
  const state: CaseState = next(caseFlow, row.state, event)
  const moved = { ...row, ...change, state }
  const nextCheckAt = dueEvent(moved)?.at ?? null
  const done = await ctx.db
    .update(hallCase)
    .set({ ...change, state, nextCheckAt })
    .where(and(eq(hallCase.id, row.id), eq(hallCase.state, row.state)))
    .returning({ id: hallCase.id })
  if (done.length !== 1) throw new Refusal('changed-meanwhile')
  return { ...moved, nextCheckAt }
}

interface NewStep {
  row: CaseRow
  item: ItemRow
  action: StepAction
  text?: string
  facts?: Record<string, Json>
}

const who = (ctx: Ctx) => (ctx.actor.kind === 'person' ? ctx.actor.name : '系统')

/** Writes the step, its paper's number and its log entry, and tells the applicant. */
export async function writeStep(ctx: Ctx, { row, item, action, text = '', facts = {} }: NewStep): Promise<void> {
  const paperNumber = await paperNumberOf(ctx, action)
  const about = { case: row.id, number: row.number, item: item.code, version: item.version }
  const { entryId } = await append(ctx, `hall.case.${action}`, { facts: { ...about, paper: paperNumber, text, ...facts } })
  const [{ count } = { count: 0 }] = await ctx.db
    .select({ count: sql<number>`count(*)::int` })
    .from(hallStep)
    .where(eq(hallStep.caseId, row.id))
  const step = { id: crypto.randomUUID(), caseId: row.id, ordinal: count + 1, action, text, paperNumber, entryId }
  await ctx.db.insert(hallStep).values({ ...step, actorName: who(ctx), at: ctx.now })
  if (action === 'overdue') return
  const message = `您的办件 ${row.number}（${item.name}）：${stepText[action]}。${text}`
  await notify(ctx, { channel: 'sms', to: applicantOf(ctx, row).phone, text: message })
}

const paperWords: Partial<Record<StepAction, string>> = {
  submit: '收',
  'ask-correction': '补',
  supplement: '补收',
  accept: '受',
  'accept-by-default': '受',
  reject: '不受',
  approve: '准',
  refuse: '不准',
  withdraw: '撤',
}

/** 受〔2026〕0012号: per kind and year, without gaps. */
async function paperNumberOf(ctx: Ctx, action: StepAction): Promise<string> {
  const word = paperWords[action]
  if (!word || !paperTitle[action]) return ''
  const year = dayOf(ctx.now).slice(0, 4)
  const sequence = await nextNumber(ctx, `hall paper ${word} ${year}`)
  return `${word}〔${year}〕${String(sequence).padStart(4, '0')}号`
}
