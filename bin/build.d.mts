/** Builds if needed; returns whether anything was built. Throws with the tool's own words. */
export function buildAll(): Promise<boolean>
