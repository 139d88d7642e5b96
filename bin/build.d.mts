/** Builds if needed; returns whether anything was built. Throws with the tool's own words. */
export function buildAll(): Promise<boolean>
/** The offline tools, each one file that Node runs alone, into dist/offline. */
export function bundleOffline(): Promise<void>
