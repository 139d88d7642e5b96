import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { append } from '~/platform/log/append.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { admit } from './admission.server'
import { recordRefusal } from './refused.server'
import { countOwnActs, keepAct } from './sealed-act.server'

/** More than anybody needs; beyond it the answer stays the same, unrecorded, so that nobody can fill the log. */
const mostPerLot = 200

/** SHA-256 of the empty text: stands for a statement that was not signed yet. */
const unsigned = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

interface Beginning {
  lotId: string
  /** SHA-256 of the signed statement, when there is one already. */
  statement?: string
}

const begin = command('bid.submit', async (ctx, { lotId, statement }: Beginning) => {
  const held = await admit(ctx, lotId)
  const { organisationId, personId } = personOf(ctx)
  const owner = { lotId, round: held.round, organisationId }
  const earlier = await countOwnActs(ctx, owner, 'begun', mostPerLot)
  const result = { at: held.now.toISOString() }
  if (earlier >= mostPerLot) return { result, entry: null }
  const payload = { t: 'tbid/entry.begin@1', lot: lotId, org: organisationId, statement: statement ?? null, ...result }
  const { entryId } = await append(ctx, 'bid.begin', { sealed: true, payload: { ...payload, address: ctx.address } })
  const about = { ...owner, personId, ...result, entryId, address: ctx.address }
  const isKept = await keepAct(ctx, earlier + 1, { kind: 'begun', ...about, statementHash: statement ?? null })
  refuseUnless(isKept, 'changed-meanwhile')
  return { result, entry: null }
})

/**
 * Says that sending a bid begins, sealed like every act on a bid: what has not come when the deadline does counts as withdrawn
 * (《电子招标投标办法》27), and its bidder is told so. Uploads themselves are tied to no lot (crypto.md §10.2). After the deadline refused
 * and recorded like a commit.
 */
export async function beginBid(ctx: Ctx, beginning: Beginning): Promise<{ at: string }> {
  try {
    return await begin(ctx, beginning)
  } catch (error) {
    const { lotId, statement = unsigned } = beginning
    if (error instanceof Refusal) await recordRefusal(ctx, { lotId, statementHash: statement, refusal: error })
    throw error
  }
}
