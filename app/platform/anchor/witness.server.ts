import { asc, eq } from 'drizzle-orm'
import { noteKeyType, parseVerifierKey } from '@/crypto/note'
import { witness } from '@/db/schema/platform/witness'
import { Refusal } from '~/shared/refusal'
import { command } from '../audit/command.server'
import type { Ctx } from '../ctx'
import { personOf } from '../identity/authorise.server'

export interface WitnessKey {
  name: string
  vkey: string
}

/** The name in a cosigner's verifier key (type 0x04); refuses bad-signature for anything else. */
function nameOfKey(vkey: string): string {
  try {
    const key = parseVerifierKey(vkey)
    if (key.type === noteKeyType.cosignature) return key.name
  } catch {}
  throw new Refusal('bad-signature', { reason: '见证密钥格式有误' })
}

/**
 * Registers the verifier key by which the actor's organisation cosigns checkpoints. The same key again changes nothing; another one is
 * refused (witness-key-fixed): anchors already handed out must keep their meaning. Refuses bad-signature for a malformed key.
 */
export const registerWitness = command(
  'log.cosign',
  async (ctx, { vkey }: { vkey: string }) => {
    const name = nameOfKey(vkey)
    const { organisationId } = personOf(ctx)
    const row = { organisationId, name, vkey, registeredAt: ctx.now }
    const made = await ctx.db.insert(witness).values(row).onConflictDoNothing().returning({ vkey: witness.vkey })
    const result: WitnessKey = { name, vkey }
    if (made.length > 0) return { result, entry: { facts: { witness: name, vkey } } }
    const [known] = await ctx.db.select().from(witness).where(eq(witness.organisationId, organisationId))
    if (known?.vkey !== vkey) throw new Refusal('witness-key-fixed')
    return { result, entry: null }
  },
  'log.register-witness',
)

/** The registered witnesses, in the order in which they came. */
export async function listWitnesses(ctx: Ctx): Promise<WitnessKey[]> {
  return ctx.db.select({ name: witness.name, vkey: witness.vkey }).from(witness).orderBy(asc(witness.registeredAt))
}
