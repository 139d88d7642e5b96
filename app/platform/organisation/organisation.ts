import type { Role } from '@/db/schema/platform/identity'

/** Roles an organisation may register by itself; the others are granted after a check by the platform (平台核验). */
export const openRoles = ['bidder', 'tenderer', 'agency', 'citizen'] as const satisfies readonly Role[]

/** Roles offered at registration: in the sandbox anybody may take any part but that of an evaluation expert, who comes from the pool. */
export const rolesOffered = (isSandbox: boolean, all: readonly Role[]): readonly Role[] =>
  isSandbox ? all.filter(role => role !== 'expert') : openRoles
