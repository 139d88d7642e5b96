import type { Json } from '@/crypto/jcs'
import type { ActKind } from '@/db/schema/trading/opening-act'
import type { Cause } from '../rules/opening-acts'

/** Acts that a person proposes. */
export type ProposedKind = ActKind

/** What exactly is proposed. Seconds, instants in ISO 8601, numbers of the hall's list. */
export type ActWish = {
  seconds?: number
  resumesAt?: string
  nos?: number[]
}

export type ActInput = ActWish & { lotId: string; kind: ProposedKind; cause: Cause; reason: string }

/** What an act did, for the log. */
export type ActDone = Record<string, Json>
