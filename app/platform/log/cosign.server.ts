import { and, eq, isNull, sql } from 'drizzle-orm'
import { parseNote, readCheckpoint as readNote, signedLine } from '@/crypto/note'
import { logCheckpoint } from '@/db/schema/platform/log'
import { witness } from '@/db/schema/platform/witness'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { personOf } from '../identity/authorise.server'
import { readCheckpoint } from './read.server'

function readHandedIn(note: string) {
  try {
    return { parsed: parseNote(note), size: readNote(note).size }
  } catch {
    throw new Refusal('bad-signature', { reason: '不是检查点' })
  }
}

async function witnessKeys(ctx: Ctx, organisationId: string): Promise<string[]> {
  const rows = await ctx.db.select({ vkey: witness.vkey }).from(witness).where(eq(witness.organisationId, organisationId))
  return rows.map(row => row.vkey)
}

/**
 * Keeps the witness's cosignature of one of our public checkpoints. The same one twice is once; a note that is not ours,
 * or not signed by this witness's registered key, is refused (bad-signature). Not logged: an entry per cosignature would
 * make the log grow for ever.
 */
export const cosign = command('log.cosign', async (ctx, note: string) => {
  const { parsed, size } = readHandedIn(note)
  const ours = await readCheckpoint(ctx, size)
  refuseUnless(ours.isPublic && ours.note.startsWith(`${parsed.text}\n`), 'bad-signature', {
    reason: '检查点与本平台日志不一致',
  })
  const keys = await witnessKeys(ctx, personOf(ctx).organisationId)
  const line = keys.map(vkey => signedLine(parsed, vkey)).find(found => found !== null)
  if (!line) throw new Refusal('bad-signature', { reason: '见证签名不符' })
  const fresh = and(eq(logCheckpoint.size, size), isNull(logCheckpoint.cosignature))
  await ctx.db.update(logCheckpoint).set({ cosignature: line, cosignedAt: ctx.now }).where(fresh)
  // Openings wait for this: the clock need not find out by itself.
  await ctx.db.execute(sql`select pg_notify('due', '')`)
  return { result: { size }, entry: null }
})
