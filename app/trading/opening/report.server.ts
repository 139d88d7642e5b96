import { createHash } from 'node:crypto'
import type { ReportMessage } from '@/crypto/messages'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { authorise, personOf } from '~/platform/identity/authorise.server'
import { countAttempt } from '~/platform/identity/rate.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { refuseUnless } from '~/shared/refusal'
import { refuseEarly } from './early-release.server'
import type { OpeningRow } from './event.server'
import { type KnownHall, knownHalls } from './known-hall.server'
import { latestOpenings } from './move-many.server'
import { checkScope, readPosted, refuseOutside, rootsOf } from './release-group.server'
import type { ReleaseInput } from './release-post.server'

type Report = ReportMessage['reports'][number]
type Slip = { statement: string; part: string; code: 'unknown-bid' | 'not-yours' }
export type ReportAnswer = { recorded: { statement: string; part: string }[]; refused: Slip[] }

/** Of one lot, by one organisation, in an hour: each wrap is reported once, in a message or two. */
const reportsPerHour = 20

/** Whether a report is of a counted bid and of the share that its author holds. */
function slipOf({ byStatement, custodians }: KnownHall, org: string, { statement, part }: Report): Slip | null {
  if (!byStatement.has(statement)) return { statement, part, code: 'unknown-bid' }
  return part === `c${custodians.get(org)}` ? null : { statement, part, code: 'not-yours' }
}

type Checked = ReleaseInput & { message: string; report: ReportMessage; row: OpeningRow; hall: KnownHall }

const record = command(
  'opening.release',
  async (ctx, { lotId, message, cms, report, row, hall }: Checked) => {
    refuseUnless(row.stage === null || row.stage === report.stage, 'release-not-open')
    refuseOutside(row, ctx.now)
    checkScope(ctx, hall, row, report, await rootsOf(ctx, [report]))
    await verifySigned(ctx, { content: message, cms, organisationId: report.org })
    const judged = report.reports.map(one => ({ one, slip: slipOf(hall, report.org, one) }))
    const refused = judged.flatMap(({ slip }) => slip ?? [])
    const recorded = judged.flatMap(({ one: { statement, part }, slip }) => (slip ? [] : [{ statement, part }]))
    const { personId: person, organisationId: org } = personOf(ctx)
    const signed = { message, cms: Buffer.from(cms).toString('base64') }
    return { result: { recorded, refused }, entry: { lotId, facts: { person, org, ...signed, refused } } }
  },
  'key.report',
)

/**
 * Takes a custodian's signed report of shares that it cannot use (tbid/report@1, crypto.md §10.7): kept as evidence in the log, with its
 * signature. It decides nothing: the share counts as missing as long as none that fits has come.
 */
export async function reportShares(ctx: Ctx, input: ReleaseInput): Promise<ReportAnswer> {
  authorise(ctx.actor, 'opening.release')
  const { lotId, message } = input
  const report = readPosted('tbid/report@1', message)
  await countAttempt(ctx, `key-report ${lotId} ${personOf(ctx).organisationId}`, reportsPerHour, 3600)
  const rows = await latestOpenings(ctx, [lotId])
  const row = rows.get(lotId)
  if (!row) return refuseEarly(ctx, lotId, createHash('sha256').update(message).digest('hex'))
  const hall = (await knownHalls(ctx, rows)).get(lotId)!
  return record(ctx, { ...input, report, row, hall })
}
