import type { ConfirmMessage, SubmitMessage } from '@/crypto/messages'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import type { Admitted } from './admission.server'

/** The statement speaks of this platform, lot and round, and of the actor's own organisation. */
export function checkScope(ctx: Ctx, message: SubmitMessage | ConfirmMessage, held: Admitted): void {
  const isHere = message.platform === ctx.platform.config.platformId && message.project === held.projectId
  refuseUnless(isHere && message.lot === held.lotId && message.round === held.round, 'wrong-lot', { sealedFor: message.lot })
  refuseUnless(message.org === personOf(ctx).organisationId, 'cert-not-bound')
}
