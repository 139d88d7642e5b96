import { and, desc, eq, inArray } from 'drizzle-orm'
import { expert, expertAvoid, expertEmployment } from '@/db/schema/trading/expert'
import { type ApplicationState, expertApplication } from '@/db/schema/trading/expert-record'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { nextNumber } from '~/platform/number/number.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { closeJson } from '~/platform/vault/vault.server'
import { type Flow, next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { dayOf } from '~/shared/time'
import type { ApplicationInput, DecisionInput, RecommendationInput } from './application.form.server'
import { closeExpert, type Expert, idTagOf, insertBatch, leafOf, lockExpert, moveExpert } from './expert.server'
import { ageOn } from './id-number'
import { accountOf } from './library.server'
import { refusePunished } from './penalty.server'
import { rulesInForce } from './rule.server'
import { refuseUnknown } from './specialty.read.server'

/** From application to entry (Order 26 of 2024, 6): the unit recommends first, then the library decides. */
export const applicationFlow: Flow<ApplicationState, 'recommend' | 'decline' | 'admit' | 'refuse' | 'withdraw'> = {
  submitted: { recommend: 'recommended', decline: 'declined', withdraw: 'withdrawn' },
  recommended: { admit: 'admitted', refuse: 'refused', withdraw: 'withdrawn' },
  declined: {},
  admitted: {},
  refused: {},
  withdrawn: {},
}

export type Application = typeof expertApplication.$inferSelect
export type ApplicationBox = Pick<ApplicationInput, 'yearsInField' | 'degree' | 'certificates' | 'experience'>
export const applicationAbout = (id: string) => `expert application ${id}`

/** Ties an application to the account that made it without saying which person an expert is. */
export const ownerTagOf = (ctx: Ctx): string =>
  Buffer.from(ctx.platform.vault.tag('expert applicant', personOf(ctx).personId)).toString('hex')

/** Eight years in the field (招标投标法 37) and, where the library has set one, the age limit. */
async function refuseUnqualified(ctx: Ctx, input: ApplicationInput): Promise<void> {
  refuseUnless(input.yearsInField >= 8, 'expert-unqualified', {
    reason: `从事相关领域工作 ${input.yearsInField} 年，应当满八年`,
    source: '《招标投标法》第三十七条',
    field: 'yearsInField',
  })
  const age = ageOn(input.idNumber, dayOf(ctx.now))
  const limit = (await rulesInForce(ctx, 'age')).find(rule => age > rule.value)
  refuseUnless(!limit, 'expert-unqualified', {
    reason: `年龄 ${age} 周岁，超过本库上限 ${limit?.value} 周岁`,
    source: limit?.source ?? '',
    field: 'idNumber',
  })
}

/** Somebody once refused or gone may apply again under the old number; anybody else known is refused as already there. */
async function oldRow(ctx: Ctx, input: ApplicationInput): Promise<Expert | null> {
  const [known] = await ctx.db
    .select()
    .from(expert)
    .where(eq(expert.idTag, idTagOf(ctx.platform, input.idNumber)))
    .for('update')
  refuseUnless(!known || known.state === 'left' || known.state === 'refused', 'expert-exists', { field: 'idNumber' })
  return known ?? null
}

async function writeRow(ctx: Ctx, input: ApplicationInput): Promise<{ id: string; code: string }> {
  const { name, phone, idNumber, title, email, bank, disc, mainDisc, regionCode, employerName, employerCode } = input
  const person = { name, phone, idNumber, title, email, bank }
  const record = { disc: disc.toSorted(), mainDisc, regionCode, employerName, employerCode }
  const known = await oldRow(ctx, input)
  if (known) {
    const moved = await moveExpert(ctx, known, { event: 'reapply', reason: '本人重新申请' })
    const leaf = leafOf(ctx.platform, { ...moved, ...record }, person)
    const box = closeExpert(ctx.platform, known.code, person)
    await ctx.db
      .update(expert)
      .set({ ...record, leaf, box })
      .where(eq(expert.id, known.id))
    return known
  }
  const code = `S${100_000 + (await nextNumber(ctx, 'expert'))}`
  const [id] = await insertBatch(ctx, [{ ...record, code, person, state: 'applying', source: 'application' }])
  return { id: id!, code }
}

/** What the applicant states of the own history and ties, for avoidance. */
async function writeTies(ctx: Ctx, expertId: string, { employments, avoid }: ApplicationInput): Promise<void> {
  await ctx.db.delete(expertEmployment).where(eq(expertEmployment.expertId, expertId))
  await ctx.db.delete(expertAvoid).where(eq(expertAvoid.expertId, expertId))
  const jobs = employments.map(one => ({ ...one, id: crypto.randomUUID(), expertId }))
  if (jobs.length > 0) await ctx.db.insert(expertEmployment).values(jobs)
  if (avoid.length > 0) await ctx.db.insert(expertAvoid).values(avoid.map(one => ({ ...one, expertId })))
}

/** An application to enter the library. Refuses specialty-unknown, expert-unqualified, expert-punished, expert-exists, application-exists. */
export const applyToLibrary = command('expert.apply', async (ctx, input: ApplicationInput) => {
  await refuseUnknown(ctx, input.disc, 'disc')
  await refuseUnqualified(ctx, input)
  await refusePunished(ctx, idTagOf(ctx.platform, input.idNumber))
  const ownerTag = ownerTagOf(ctx)
  const live = and(
    eq(expertApplication.ownerTag, ownerTag),
    inArray(expertApplication.state, ['submitted', 'recommended', 'admitted']),
  )
  const [mine] = await ctx.db.select().from(expertApplication).where(live)
  refuseUnless(!mine, 'application-exists')
  const { id: expertId, code } = await writeRow(ctx, input)
  await writeTies(ctx, expertId, input)
  const id = crypto.randomUUID()
  const { yearsInField, degree, certificates, experience } = input
  const box = closeJson(ctx.platform.vault, applicationAbout(id), { yearsInField, degree, certificates, experience })
  await ctx.db.insert(expertApplication).values({ id, expertId, ownerTag, state: 'submitted', box, createdAt: ctx.now })
  return { result: { id, code }, entry: { facts: { application: id, expert: code, disc: input.disc } } }
})

async function lockApplication(ctx: Ctx, id: string): Promise<{ row: Application; of: Expert }> {
  const [row] = await ctx.db.select().from(expertApplication).where(eq(expertApplication.id, id)).for('update')
  refuseUnless(row, 'not-found')
  const [of] = await ctx.db.select().from(expert).where(eq(expert.id, row.expertId)).for('update')
  refuseUnless(of, 'not-found')
  return { row, of }
}

/** The unit's word on an application: by a member of that unit. Refuses not-found to others. */
export const recommend = command('expert.recommend', async (ctx, { id, agree, text }: RecommendationInput & { id: string }) => {
  const { row, of } = await lockApplication(ctx, id)
  const { creditCode } = await readOrganisation(ctx, personOf(ctx).organisationId)
  refuseUnless(creditCode === of.employerCode, 'not-found')
  // Nobody vouches for himself.
  refuseUnless(row.ownerTag !== ownerTagOf(ctx), 'two-person-rule')
  const state = next(applicationFlow, row.state, agree ? 'recommend' : 'decline')
  const word = { state, recommendedBy: personOf(ctx).personId, recommendation: text, recommendedAt: ctx.now }
  await ctx.db.update(expertApplication).set(word).where(eq(expertApplication.id, id))
  if (!agree) await moveExpert(ctx, of, { event: 'refuse', reason: `单位不予推荐：${text}` })
  return { result: { state }, entry: { facts: { application: id, expert: of.code, state, text } } }
})

/** A recommendation on paper, of a unit that is not on this platform: the library notes the letter it has seen. */
export const noteLetter = command(
  'expert.manage',
  async (ctx, { id, letter }: { id: string; letter: string }) => {
    const { row, of } = await lockApplication(ctx, id)
    const state = next(applicationFlow, row.state, 'recommend')
    const word = { state, recommendationLetter: letter, recommendedBy: personOf(ctx).personId, recommendedAt: ctx.now }
    await ctx.db.update(expertApplication).set(word).where(eq(expertApplication.id, id))
    return { result: { state }, entry: { facts: { application: id, expert: of.code, letter } } }
  },
  'expert.letter',
)

/** The library decides, by a person who did not note the recommendation; whoever is admitted gets the expert's account. */
export const decideApplication = command(
  'expert.manage',
  async (ctx, { id, admit, reason }: DecisionInput & { id: string }) => {
    const { row, of } = await lockApplication(ctx, id)
    const { personId } = personOf(ctx)
    refuseUnless(row.recommendedBy !== personId && row.ownerTag !== ownerTagOf(ctx), 'two-person-rule')
    const event = admit ? 'admit' : 'refuse'
    const state = next(applicationFlow, row.state, event)
    await ctx.db
      .update(expertApplication)
      .set({ state, decidedBy: personId, decision: reason, decidedAt: ctx.now })
      .where(eq(expertApplication.id, id))
    if (admit) await refusePunished(ctx, of.idTag)
    await moveExpert(ctx, of, { event, reason })
    if (admit) await accountOf(ctx, of.id)
    return { result: { state }, entry: { facts: { application: id, expert: of.code, state, reason } } }
  },
  'expert.decide',
)

/** The applicant takes the own application back. */
export const withdrawApplication = command(
  'expert.apply',
  async (ctx, { id }: { id: string }) => {
    const { row, of } = await lockApplication(ctx, id)
    refuseUnless(row.ownerTag === ownerTagOf(ctx), 'not-found')
    const state = next(applicationFlow, row.state, 'withdraw')
    await ctx.db.update(expertApplication).set({ state }).where(eq(expertApplication.id, id))
    await moveExpert(ctx, await lockExpert(ctx, of.code), { event: 'refuse', reason: '本人撤回申请' })
    return { result: { state }, entry: { facts: { application: id, expert: of.code, state } } }
  },
  'expert.withdraw',
)

/** The account of the expert whom the actor's own admitted application made. Refuses not-found. */
export async function admittedAccount(ctx: Ctx): Promise<{ personId: string; membershipId: string }> {
  const mine = and(eq(expertApplication.ownerTag, ownerTagOf(ctx)), eq(expertApplication.state, 'admitted'))
  const [row] = await ctx.db.select().from(expertApplication).where(mine).orderBy(desc(expertApplication.createdAt)).limit(1)
  refuseUnless(row, 'not-found')
  return accountOf(ctx, row.expertId)
}
