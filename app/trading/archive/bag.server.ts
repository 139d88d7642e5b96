import { createHash, type Hash } from 'node:crypto'
import { Zip, ZipPassThrough } from 'fflate'
import { type Member, textMember } from './member'

interface Listed {
  path: string
  size: number
  sha256: string
  sm3: string
}

export interface BagParts {
  /** The bag's one folder. */
  folder: string
  madeAt: Date
  /** Lines of bag-info.txt (RFC 8493 §2.2.2). */
  info: [label: string, value: string][]
  /** Payload, each below data/. */
  payload: AsyncIterable<Member>
  /** Signature and time-stamp over tagmanifest-sha256.txt. */
  seal(tagManifest: Uint8Array): Promise<{ cms: Uint8Array; token: Uint8Array | null }>
}

/** ZIP without ZIP64 ends here; a larger archive would have to be several (RFC 8493 allows that). */
const zipLimit = 0xffff_0000

const manifest = (listed: Listed[], hash: 'sha256' | 'sm3') =>
  listed.map(file => `${file[hash]}  ${file.path.replace(/[%\r\n]/g, encodeURIComponent)}\n`).join('')

async function* piecesOf(content: Member['content']): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content
  else yield* content
}

/** Streams a bag as a ZIP of stored members: memory stays at one piece, however large the bids. Throws over 4 GB. */
export async function* packBag(parts: BagParts): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  let total = 0
  const hashes = (): [Hash, Hash] => [createHash('sha256'), createHash('sm3')]

  async function* add({ path, content }: Member, listed: Listed[]): AsyncGenerator<Uint8Array> {
    const entry = new ZipPassThrough(`${parts.folder}/${path}`)
    entry.mtime = parts.madeAt
    zip.add(entry)
    const [sha256, sm3] = hashes()
    let size = 0
    for await (const piece of piecesOf(content)) {
      size += piece.length
      total += piece.length
      if (total > zipLimit) throw new Error('archive: larger than 4 GB')
      sha256.update(piece)
      sm3.update(piece)
      entry.push(new Uint8Array(piece))
      yield* ready.splice(0)
    }
    entry.push(new Uint8Array(), true)
    listed.push({ path, size, sha256: sha256.digest('hex'), sm3: sm3.digest('hex') })
    yield* ready.splice(0)
  }

  const payload: Listed[] = []
  for await (const member of parts.payload) yield* add(member, payload)
  const tags: Listed[] = []
  for (const member of tagMembers(parts, payload)) yield* add(member, tags)
  const tagManifest = textMember('tagmanifest-sha256.txt', manifest(tags, 'sha256'))
  const { cms, token } = await parts.seal(tagManifest.content as Uint8Array)
  const last: Member[] = [tagManifest, { path: 'tagmanifest-sha256.txt.p7s', content: cms }]
  if (token) last.push({ path: 'tagmanifest-sha256.txt.tst', content: token })
  for (const member of last) yield* add(member, [])
  zip.end()
  yield* ready.splice(0)
}

function tagMembers({ info, madeAt }: BagParts, payload: Listed[]): Member[] {
  const octets = payload.reduce((sum, file) => sum + file.size, 0)
  const lines: [string, string][] = [
    ...info,
    ['Bagging-Date', madeAt.toISOString().slice(0, 10)],
    ['Payload-Oxum', `${octets}.${payload.length}`],
  ]
  return [
    textMember('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    textMember('bag-info.txt', lines.map(([label, value]) => `${label}: ${value}\n`).join('')),
    textMember('manifest-sha256.txt', manifest(payload, 'sha256')),
    textMember('manifest-sm3.txt', manifest(payload, 'sm3')),
  ]
}
