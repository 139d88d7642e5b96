export const root: string
/** Installs the locked packages if they are missing or older than the lock. */
export function ensureDependencies(): void
