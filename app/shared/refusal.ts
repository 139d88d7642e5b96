import { type RefusalCode, type RefusalFacts, refusalText } from './refusal.text'

/** The platform says no, for a reason the user can read. Never a bug, never retried. */
export class Refusal extends Error {
  override name = 'Refusal'
  constructor(
    readonly code: RefusalCode,
    readonly facts: RefusalFacts = {},
  ) {
    super(code)
  }

  /** The sentence a person reads: what, why, and what can be done. */
  get text(): string {
    return refusalText[this.code](this.facts)
  }

  get status(): number {
    return statusOf(this.code)
  }
}

/** Goes on only if the rule holds; otherwise refuses with the code and its facts. */
export function refuseUnless(holds: unknown, code: RefusalCode, facts: RefusalFacts = {}): asserts holds {
  if (!holds) throw new Refusal(code, facts)
}

const statuses: Partial<Record<RefusalCode, number>> = {
  'not-signed-in': 401,
  'bad-credentials': 401,
  'token-invalid': 401,
  'not-allowed': 403,
  'csrf-failed': 403,
  'not-found': 404,
  'bad-input': 422,
  'crl-malformed': 422,
  'statement-malformed': 422,
  'idempotency-key-reused': 422,
  'file-too-big': 413,
  'storage-full': 507,
  'clock-unsound': 503,
  'too-many': 429,
  'locked-out': 429,
}

/** The HTTP status of a refusal: 409 unless the table says otherwise. */
export function statusOf(code: RefusalCode): number {
  return statuses[code] ?? 409
}
