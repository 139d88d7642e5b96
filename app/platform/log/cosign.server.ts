import { createHash, createPublicKey, verify } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import { logCheckpoint } from '@/db/schema/platform/log'
import { witness } from '@/db/schema/platform/witness'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { personOf } from '../identity/authorise.server'
import { readCheckpoint } from './read.server'

const cosignatureV1 = 0x04
const ed25519Spki = Buffer.from('302a300506032b6570032100', 'hex')

/** Name, key id and Ed25519 key of a cosigner's verifier key (C2SP signed-note, type 0x04); refuses bad-signature if malformed. */
export function parseVerifierKey(vkey: string): { name: string; keyId: Buffer; publicKey: Buffer } {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const keyId = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4)
  refuseUnless(bytes.length === 33 && bytes[0] === cosignatureV1 && keyId.toString('hex') === id, 'bad-signature', {
    reason: '见证密钥格式有误',
  })
  return { name, keyId, publicKey: bytes.subarray(1) }
}

/** Whether `line` is this key's cosignature/v1 over the checkpoint body (C2SP tlog-cosignature): key id ‖ time ‖ signature. */
export function cosignatureHolds(vkey: string, body: string, line: string): boolean {
  const key = parseVerifierKey(vkey)
  const [, name, encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (name !== key.name || bytes.length !== 76 || !bytes.subarray(0, 4).equals(key.keyId)) return false
  const message = Buffer.from(`cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${body}`)
  const publicKey = createPublicKey({ key: Buffer.concat([ed25519Spki, key.publicKey]), format: 'der', type: 'spki' })
  return verify(null, message, publicKey, bytes.subarray(12))
}

/** The note's text (origin, size, root) and its signature lines. */
function splitNote(note: string): { body: string; size: number; lines: string[] } {
  const at = note.indexOf('\n\n')
  refuseUnless(at > 0, 'bad-signature', { reason: '不是检查点' })
  const body = note.slice(0, at + 1)
  return {
    body,
    size: Number(body.split('\n')[1]),
    lines: note
      .slice(at + 2)
      .split('\n')
      .filter(Boolean),
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
  const { body, size, lines } = splitNote(note)
  const ours = await readCheckpoint(ctx, size)
  refuseUnless(ours.isPublic && ours.note.startsWith(`${body}\n`), 'bad-signature', { reason: '检查点与本平台日志不一致' })
  const keys = await witnessKeys(ctx, personOf(ctx).organisationId)
  const line = lines.find(l => keys.some(vkey => cosignatureHolds(vkey, body, l)))
  if (!line) throw new Refusal('bad-signature', { reason: '见证签名不符' })
  const fresh = and(eq(logCheckpoint.size, size), isNull(logCheckpoint.cosignature))
  await ctx.db.update(logCheckpoint).set({ cosignature: line, cosignedAt: ctx.now }).where(fresh)
  return { result: { size }, entry: null }
})
