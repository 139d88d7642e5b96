import { join } from 'node:path'
import { Refusal } from '~/shared/refusal'
import { clearAlarm, isAlarmOpen, raiseAlarm } from '../alarm/alarm.server'
import type { AlarmKind } from '../alarm/alarm.text'
import type { Ctx, Platform } from '../ctx'
import { listIssuerStates, takeList } from './revocation.server'
import { trustProblems } from './trust.server'
import { readSource, readTrustFolder, type TrustFolder, trustFolderOf } from './trust-folder.server'

type Problem = { file: string; reason: string }

interface Taken {
  folder: TrustFolder
  problems: Problem[]
}

/** What came of the folder as it lies there; without a problem there is nothing to do until it changes. */
const taken = new WeakMap<Platform, Taken>()

/** Takes in every CRL of the trust folder; what is refused is told with its reason, and tried again: its CA may come later. */
async function takeFolder(ctx: Ctx): Promise<Problem[]> {
  const before = taken.get(ctx.platform)
  const folder = readTrustFolder(ctx.platform, before?.folder)
  if (before?.folder === folder && before.problems.length === 0) return []
  const problems: Problem[] = []
  for (const file of folder.lists) {
    try {
      await takeList(ctx, { crl: readSource(join(trustFolderOf(ctx.platform), file)), source: 'folder' })
    } catch (error) {
      const reason = error instanceof Refusal ? error.text : error instanceof Error ? error.message : ''
      problems.push({ file, reason })
    }
  }
  taken.set(ctx.platform, { folder, problems })
  return problems
}

async function tell(ctx: Ctx, kind: AlarmKind, facts: Record<string, string> | null): Promise<void> {
  if (facts) await raiseAlarm(ctx, { kind, facts })
  else if (await isAlarmOpen(ctx, kind)) await clearAlarm(ctx, { kind })
}

const wordsOf = (problems: Problem[]) => problems.map(({ file, reason }) => `${file}（${reason}）`).join('；')

/** Takes in what lies in the trust folder; alarms the operator of files that cannot be used and of CAs without a current CRL, until it is mended. */
export async function watchTrust(ctx: Ctx): Promise<void> {
  const refused = await takeFolder(ctx)
  const { issuers } = await listIssuerStates(ctx)
  const problems = [...trustProblems(ctx.platform), ...refused]
  await tell(ctx, 'trust-file', problems.length > 0 ? { files: wordsOf(problems).slice(0, 1_000) } : null)
  const behind = issuers.filter(one => one.standing !== 'good')
  const names = behind.map(({ name, nextUpdate }) => `${name}（${nextUpdate ? `至 ${nextUpdate.toISOString()}` : '从未提供'}）`)
  await tell(ctx, 'crl-stale', names.length > 0 ? { issuers: names.join('、').slice(0, 1_000) } : null)
}
