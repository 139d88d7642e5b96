// Bids sealed for tests: fixed keys of both suites, randomness from a seed, all bytes in memory.
import { createHash } from 'node:crypto'
import { concat, hex, unhex } from '@/crypto/bytes'
import { spkiOfPoint } from '@/crypto/ec-key'
import { parseHead, type ReleaseMode } from '@/crypto/header'
import { p256FromScalar } from '@/crypto/hpke'
import { type FileToSeal, type SealedFile, type StageToSeal, sealStage } from '@/crypto/seal'
import { sm2PublicKey } from '@/crypto/sm2'
import type { Random, Suite, SuiteId } from '@/crypto/suite'
import { nodeSuites } from '@/crypto/suite-node'
import { hpkeUnwrap, type Recipient, sm2Unwrap, type UnwrapKey } from '@/crypto/wrap'

const sha256 = (...parts: (string | Uint8Array)[]) =>
  createHash('sha256')
    .update(concat(...parts))
    .digest()

/** The same bytes for the same seed: block i is SHA-256(seed ‖ i). */
export function fixedRandom(seed: string): Random {
  let block = 0
  return n => {
    const blocks = Array.from({ length: Math.ceil(n / 32) }, () => sha256(seed, String(block++)))
    return concat(...blocks).slice(0, n)
  }
}

/** A key pair from a name: its private scalar is SHA-256 of that. */
export function keyOf(suite: SuiteId, name: string): { recipient: Recipient; key: UnwrapKey; secret: Uint8Array } {
  const secret = unhex(`00${hex(sha256(name)).slice(2)}`)
  const point = suite === 'gm' ? sm2PublicKey(secret) : p256FromScalar(secret).point
  const spki = spkiOfPoint(suite === 'gm' ? 'SM2' : 'P-256', point)
  const kid = hex(sha256(spki))
  const alg = suite === 'gm' ? 'SM2' : 'HPKE-P256'
  return {
    recipient: { alg, kid, spki },
    key: suite === 'gm' ? sm2Unwrap(kid, secret) : hpkeUnwrap(kid, p256FromScalar(secret)),
    secret,
  }
}

export const custodianNames = ['custodian 0', 'custodian 1', 'custodian 2']
export const bind = {
  project: 'P-2026-0001',
  lot: 'L-01',
  round: 1,
  stage: 'main',
  deadline: '2026-12-01T01:30:00Z',
  bidderCert: hex(sha256('signing certificate')),
  policy: hex(sha256('policy')),
}

export interface TestFile extends FileToSeal {
  content: Uint8Array
}
export const fileOf = (role: string, name: string, content: Uint8Array): TestFile => ({
  role,
  name,
  type: 'application/pdf',
  size: content.length,
  content,
})

export const twoFiles = () => [
  fileOf('price', '开标一览表.json', concat('{"priceFen":"123456700"}')),
  fileOf(
    'technical',
    '技术标.pdf',
    new Uint8Array(1_234_567).map((_, at) => (at * 7) % 251),
  ),
]

export function stageOf(id: SuiteId, mode: ReleaseMode, random: Random, suite: Suite = nodeSuites[id]): StageToSeal {
  const usesB = mode !== 'custody'
  return {
    suite,
    random,
    bind,
    mode,
    bidderKeys: usesB ? [keyOf(id, 'bidder').recipient] : [],
    lotKeys: mode === 'bidder' ? [] : custodianNames.map(name => keyOf(id, name).recipient),
    k: 2,
  }
}

export interface SealedInMemory {
  bytes: Uint8Array
  file: SealedFile
  announced: number
}

export async function sealAll(stage: StageToSeal, files: TestFile[], step = 400_000): Promise<SealedInMemory[]> {
  const sealer = await sealStage(stage)
  const sealed = []
  for (const { content, ...file } of files) {
    const one = await sealer.file(file)
    const pieces = []
    for (let at = 0; at < content.length; at += step) pieces.push(...(await one.push(content.subarray(at, at + step))))
    const { rest, file: entry } = await one.finish()
    sealed.push({ bytes: concat(...pieces, ...rest), file: entry, announced: one.size })
  }
  return sealed
}

export const headsOf = (sealed: SealedInMemory[]) => sealed.map(one => parseHead(nodeSuites, one.bytes))
