// BagIt (RFC 8493): every payload file is in the manifest and unchanged, the manifests are, and the platform's seal is over them.
import { createHash } from 'node:crypto'
import { digestOf } from '../algorithm.ts'
import { fromUtf8 } from '../bytes.ts'
import { checkTimeStamp } from '../cms-verify.ts'
import { readZip } from '../zip.ts'
import { broken, type Finding, judge } from './finding.ts'
import { type Belief, signatureFindings, timeStampFinding } from './trust.ts'

/** Files of a bag by their path below its folder. */
export type Bag = Map<string, Uint8Array>

export const sha256Hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Reads an archive's one folder. Throws if it is no ZIP of stored members or holds more than one folder. */
export function openBag(zip: Uint8Array): Bag {
  const bag: Bag = new Map()
  const roots = new Set<string>()
  for (const [name, content] of readZip(zip)) {
    const slash = name.indexOf('/')
    roots.add(name.slice(0, slash))
    if (!name.endsWith('/')) bag.set(name.slice(slash + 1), content)
  }
  if (roots.size !== 1 || roots.has('')) throw new Error('bag: one folder expected')
  return bag
}

/** Text of a file of the bag; throws if it is missing. */
export function textOf(bag: Bag, path: string): string {
  const bytes = bag.get(path)
  if (!bytes) throw new Error(`bag: ${path} is missing`)
  return fromUtf8(bytes)
}

export const jsonOf = (bag: Bag, path: string): unknown => JSON.parse(textOf(bag, path))

/** Paths below a folder, in order. */
export const pathsIn = (bag: Bag, folder: string): string[] => [...bag.keys()].filter(path => path.startsWith(folder)).sort()

function manifestOf(bag: Bag, path: string): Map<string, string> {
  const lines = textOf(bag, path).split('\n').filter(Boolean)
  return new Map(lines.map(line => [decodeURIComponent(line.slice(66)), line.slice(0, 64)]))
}

function manifestFindings(bag: Bag): Finding[] {
  const listed = manifestOf(bag, 'manifest-sha256.txt')
  const payload = pathsIn(bag, 'data/')
  const wrong = [...listed].filter(([path, hash]) => !bag.has(path) || sha256Hex(bag.get(path)!) !== hash).map(([path]) => path)
  const unlisted = payload.filter(path => !listed.has(path))
  if (wrong.length === 0 && unlisted.length === 0)
    return [judge('manifest', `归档清单中的 ${listed.size} 个文件齐全且未改动`, '归档包没有任何文件', () => listed.size > 0)]
  return [
    ...wrong.map(path => broken('manifest', `文件缺失或已改动：${path}`)),
    ...unlisted.map(path => broken('manifest', `清单之外的文件：${path}`)),
  ]
}

function tagFindings(bag: Bag, belief: Belief, now: Date): Finding[] {
  const listed = manifestOf(bag, 'tagmanifest-sha256.txt')
  const names = ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt']
  const isFit = () =>
    names.every(name => listed.has(name)) && [...listed].every(([path, hash]) => sha256Hex(bag.get(path)!) === hash)
  const signed = bag.get('tagmanifest-sha256.txt')!
  const seal = bag.get('tagmanifest-sha256.txt.p7s')
  const token = bag.get('tagmanifest-sha256.txt.tst') ?? null
  const stamp = token && checkTimeStamp(token, digestOf('sha256', signed))
  return [
    judge('tag-manifest', '清单自身未改动', '清单与其摘要不符', isFit),
    ...(seal
      ? signatureFindings('seal', '归档清单上的平台签章', seal, signed, stamp?.at ?? now, belief)
      : [broken('seal', '归档清单没有签章')]),
    timeStampFinding('seal-time-stamp', token, signed, belief),
  ]
}

/** Judges the bag as a package, whatever it holds. */
export function bagFindings(bag: Bag, belief: Belief, now: Date): Finding[] {
  const form = judge('bagit', '归档包为 BagIt 1.0 格式', '不是 BagIt 1.0 格式', () =>
    textOf(bag, 'bagit.txt').startsWith('BagIt-Version: 1.0\n'),
  )
  if (form.result === 'broken') return [form]
  return [form, ...manifestFindings(bag), ...tagFindings(bag, belief, now)]
}
