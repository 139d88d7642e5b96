import { readRegions, regionName } from '@/db/seed/code-lists'

/** Provinces and prefectures to filter by, and the names of the regions in a list. */
export function readRegionNames(codes: string[]) {
  const regions = readRegions().filter(r => r.level < 3)
  return {
    regions: regions.map(r => ({ value: r.code, text: regionName(r.code) })),
    names: Object.fromEntries([...new Set(codes)].map(code => [code, regionName(code)])),
  }
}
