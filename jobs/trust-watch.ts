import { watchTrust } from '~/platform/identity/trust-watch.server'
import { watch } from './watch'

/** Looks every five seconds for CRLs that have come and for CAs whose CRL has run out. */
export const trustTick = watch('trust.watch', 5_000, watchTrust)
