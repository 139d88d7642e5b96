import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { expert } from '@/db/schema/trading/expert'
import { expertApplication, expertEvent } from '@/db/schema/trading/expert-record'
import { regionName } from '@/db/seed/code-lists'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import { openJson } from '~/platform/vault/vault.server'
import { refuseUnless } from '~/shared/refusal'
import { type Application, type ApplicationBox, applicationAbout, ownerTagOf } from './application.server'
import { type Expert, openExpert } from './expert.server'
import { noteLooks } from './look.server'
import { specialtyNames } from './specialty.read.server'

const joined = (ctx: Ctx) =>
  ctx.db
    .select({ application: expertApplication, row: expert })
    .from(expertApplication)
    .innerJoin(expert, eq(expert.id, expertApplication.expertId))

type Joined = { application: Application; row: Expert }

const brief = ({ application: { id, state, createdAt }, row: { code, mainDisc, employerName } }: Joined) => ({
  id,
  state,
  createdAt,
  code,
  mainDisc,
  employerName,
})

/** Applications for the library to work through: waiting ones first, oldest first. No identity. */
export async function listApplications(ctx: Ctx) {
  const waiting = await joined(ctx)
    .where(inArray(expertApplication.state, ['submitted', 'recommended']))
    .orderBy(asc(expertApplication.createdAt))
    .limit(200)
  const done = await joined(ctx)
    .where(inArray(expertApplication.state, ['admitted', 'refused', 'declined', 'withdrawn']))
    .orderBy(desc(expertApplication.createdAt))
    .limit(100)
  return { waiting: waiting.map(brief), done: done.map(brief) }
}

async function detail(ctx: Ctx, { application, row }: Joined) {
  const names = await specialtyNames(ctx)
  const box = openJson<ApplicationBox>(ctx.platform.vault, applicationAbout(application.id), application.box)
  const { id, state, recommendation, recommendationLetter, recommendedAt, decision, decidedAt, createdAt } = application
  return {
    ...{ id, state, recommendation, recommendationLetter, recommendedAt, decision, decidedAt, createdAt },
    ...box,
    code: row.code,
    disc: row.disc.map(code => `${code} ${names.get(code) ?? ''}${code === row.mainDisc ? '（主评）' : ''}`),
    region: regionName(row.regionCode),
    employerName: row.employerName,
    title: openExpert(ctx.platform, row).title,
  }
}

async function readJoined(ctx: Ctx, id: string): Promise<Joined> {
  const [found] = await joined(ctx).where(eq(expertApplication.id, id))
  refuseUnless(found, 'not-found')
  return found
}

/** One application as the library judges it: qualifications, not who; who is a logged look at the record. Refuses not-found. */
export const readApplication = async (ctx: Ctx, id: string) => detail(ctx, await readJoined(ctx, id))

/** The actor's own newest application with the decisions that can be appealed, or null. */
export async function readOwnApplication(ctx: Ctx) {
  const [found] = await joined(ctx)
    .where(eq(expertApplication.ownerTag, ownerTagOf(ctx)))
    .orderBy(desc(expertApplication.createdAt))
    .limit(1)
  if (!found) return null
  const [refusal] = await ctx.db
    .select({ id: expertEvent.id, reason: expertEvent.reason, byPerson: expertEvent.byPerson })
    .from(expertEvent)
    .where(and(eq(expertEvent.expertId, found.row.id), eq(expertEvent.event, 'refuse')))
    .orderBy(desc(expertEvent.at))
    .limit(1)
  const isRefused = found.row.state === 'refused' && refusal && refusal.byPerson !== personOf(ctx).personId
  return {
    ...(await detail(ctx, found)),
    name: openExpert(ctx.platform, found.row).name,
    appealable: isRefused ? refusal.id : null,
  }
}

/** Applications that wait for the word of the actor's own unit. */
export async function listToRecommend(ctx: Ctx) {
  const { creditCode } = await readOrganisation(ctx, personOf(ctx).organisationId)
  const rows = await joined(ctx)
    .where(and(eq(expert.employerCode, creditCode), eq(expertApplication.state, 'submitted')))
    .orderBy(asc(expertApplication.createdAt))
    .limit(100)
  return rows.map(brief)
}

/** One application as the unit that is asked for its word sees it: who applies, too, which is a look the applicant can read of. */
export const readToRecommend = command(
  'expert.recommend',
  async (ctx, { id }: { id: string }) => {
    const found = await readJoined(ctx, id)
    const { creditCode } = await readOrganisation(ctx, personOf(ctx).organisationId)
    refuseUnless(found.row.employerCode === creditCode, 'not-found')
    await noteLooks(ctx, [found.row.id], '单位推荐')
    const result = { ...(await detail(ctx, found)), name: openExpert(ctx.platform, found.row).name }
    return { result, entry: { facts: { application: id, expert: found.row.code, purpose: '单位推荐' } } }
  },
  'expert.look',
)
