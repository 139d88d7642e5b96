import type { BidState } from '@/db/schema/trading/bid'

/** Whose fault it is that a bid stayed closed: the bidder's makes it 撤销, anybody else's 撤回 (《电子招标投标办法》31). */
export type Fault = 'bidder' | 'custodian' | 'platform'

/** Why a bid was not read. */
export const failures = [
  'no-release',
  'wrong-key',
  'shares-missing',
  'file-corrupt',
  'storage-damaged',
  'price-unreadable',
  'not-confirmed',
] as const
export type Failure = (typeof failures)[number]

type Verdict = { state: Extract<BidState, 'revoked' | 'withdrawn' | 'refused'>; fault: Fault; article: string }

const undecrypted = '《电子招标投标办法》第三十一条'

const faults: Record<Failure, Verdict> = {
  'no-release': { state: 'revoked', fault: 'bidder', article: undecrypted },
  'wrong-key': { state: 'revoked', fault: 'bidder', article: undecrypted },
  'shares-missing': { state: 'withdrawn', fault: 'custodian', article: undecrypted },
  'file-corrupt': { state: 'revoked', fault: 'bidder', article: undecrypted },
  'storage-damaged': { state: 'withdrawn', fault: 'platform', article: undecrypted },
  // It was decrypted, so article 31 says nothing of it: what cannot be read does not answer the tender document.
  'price-unreadable': { state: 'refused', fault: 'bidder', article: '《招标投标法》第二十七条' },
  // Committed under older terms and not confirmed after the change: void (crypto.md §10.6).
  'not-confirmed': { state: 'refused', fault: 'bidder', article: '《招标投标法》第二十三条' },
}

/** What a bid that was not read counts as, by whose fault, and under which article. */
export const verdictOf = (failure: Failure): Verdict => faults[failure]

/** How combining a stage's parts ended (crypto/stage.ts). */
export type KeyVerdict = { state: 'opened' } | { state: 'waiting'; missing: ('b' | 'c')[] } | { state: 'bidder-fault' }

/**
 * Why a stage that stayed closed failed, asked when its release window is over (crypto.md §10.7). Until then a bidder may
 * still send the right key and custodians more shares, so nothing is decided before.
 */
export function failureOfKeys(verdict: KeyVerdict, sentOwnPart: boolean): Failure | null {
  if (verdict.state === 'opened') return null
  if (verdict.state === 'bidder-fault') return 'wrong-key'
  // Its own part came and opened nothing: in mode rescue the custodians need not have come at all.
  if (!verdict.missing.includes('b')) return sentOwnPart && verdict.missing.length === 0 ? 'wrong-key' : 'shares-missing'
  // With both missing the bidder did not do its own part, whatever the custodians did.
  return 'no-release'
}
