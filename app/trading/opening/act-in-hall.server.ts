import type { Ctx } from '~/platform/ctx'
import { decideAct, proposeAct } from './act.server'
import type { HallForm } from './acts.form.server'
import { replyObjection } from './answer.server'
import { signIn } from './attendance.server'
import { answerCall, callRoll, muteBidder, sayInHall } from './talk.server'
import { allowReleaseByTimestamp } from './tsa-release.server'

/** Does what a form of the hall's page asks for. */
export async function actInHall(ctx: Ctx, lotId: string, input: HallForm): Promise<unknown> {
  switch (input.intent) {
    case 'reply':
      return replyObjection(ctx, { lotId, organisationId: input.organisationId, text: input.text })
    case 'allow':
      return allowReleaseByTimestamp(ctx, { lotId, reason: input.allowReason })
    case 'act': {
      const { kind, cause, reason, minutes, resumesAt } = input
      return proposeAct(ctx, { lotId, kind, cause, reason, resumesAt, seconds: minutes && Math.round(minutes * 60) })
    }
    case 'decide':
      return decideAct(ctx, { lotId, kind: input.kind, approved: input.approved === 'yes', decision: input.decision })
    case 'say':
      return sayInHall(ctx, { lotId, text: input.message })
    case 'mute':
      return muteBidder(ctx, { lotId, no: input.no, isMuted: input.isMuted === 'yes', reason: input.muteReason })
    case 'call':
      return callRoll(ctx, { lotId, seconds: input.seconds })
    case 'here':
      return answerCall(ctx, { lotId })
    case 'sign-in':
      return signIn(ctx, { lotId })
  }
}
