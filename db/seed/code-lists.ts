import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One code of a hierarchical list; a longer or less round code lies under every code whose prefix it shares. */
export interface Code {
  code: string
  name: string
  level: number
}

const cache = new Map<string, Code[]>()

function readList(root: string, file: string): Code[] {
  const path = join(root, 'db/seed', file)
  const known = cache.get(path)
  if (known) return known
  const [, ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const codes = lines
    .map(line => line.split('\t'))
    .map(([code = '', name = '', level = '']) => ({ code, name, level: Number(level) }))
  cache.set(path, codes)
  return codes
}

/** Administrative divisions (GB/T 2260): all provinces, the prefectures of 浙江 and 福建, the counties of 福建 and 杭州. */
export const readRegions = (root = process.cwd()) => readList(root, 'regions.tsv')

/** Expert specialties (发改法规〔2018〕316号). */
export const readSpecialties = (root = process.cwd()) => readList(root, 'specialties/2018.tsv')

/** Lines of public copies of the classification that are known to be wrong, with what they most likely should say. */
export function readKnownErrors(root = process.cwd()): { code: string; name: string; likely: string; why: string }[] {
  const [, ...lines] = readFileSync(join(root, 'db/seed/specialties/doubtful.tsv'), 'utf8').trim().split('\n')
  return lines.map(line => {
    const [code = '', name = '', likely = '', why = ''] = line.split('\t')
    return { code, name, likely, why }
  })
}

const prefix = (code: string) => (code.endsWith('0000') ? code.slice(0, 2) : code.endsWith('00') ? code.slice(0, 4) : code)

/** 福建省福州市鼓楼区 for 350102; the code itself when it is not in the list. */
export function regionName(code: string, root = process.cwd()): string {
  const regions = readRegions(root)
  const chain = regions.filter(r => code.startsWith(prefix(r.code)))
  return chain.map(r => r.name).join('') || code
}

/** The leading digits that a region's own code and all codes under it share. */
export const regionPrefix = prefix
