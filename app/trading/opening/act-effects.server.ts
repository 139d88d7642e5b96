import type { Ctx } from '~/platform/ctx'
import type { FoundLot } from '../lot/find-lot.server'
import type { Cause } from '../rules/opening-acts'
import { abort } from './abort.server'
import type { ActDone, ActWish, ProposedKind } from './act'
import { adjourn, resume } from './adjourn.server'
import { admitTwin } from './admit-twin.server'
import { destroy } from './destroy.server'
import { callEnvelope } from './envelope.server'
import type { OpeningRow } from './event.server'
import { extend, restart } from './release-window.server'

/** A lot and its opening, both locked. */
export type Hall = { found: FoundLot; row: OpeningRow }
export type Proposed = { cause: Cause; reason: string; by: string; wish: ActWish }

/** What an act does when it takes effect. `check` refuses it where it makes no sense now; `run` changes rows and tells the hall. */
export type Effect = {
  check(hall: Hall, ctx: Ctx): void | Promise<void>
  run(ctx: Ctx, hall: Hall, proposed: Proposed): Promise<ActDone>
  /** What the supervisor's refusal does, where it does anything. */
  decline?(ctx: Ctx, hall: Hall, proposed: Proposed): Promise<void>
}

export const effects: Record<ProposedKind, Effect> = {
  adjourn,
  resume,
  abort,
  extend,
  restart,
  destroy,
  twin: admitTwin,
  'second-envelope': callEnvelope,
}
