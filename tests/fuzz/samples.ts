import { generateKeyPairSync } from 'node:crypto'
import { concat, hex } from '@/crypto/bytes'
import { sealStage } from '@/crypto/seal'
import type { Random, SuiteId } from '@/crypto/suite'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import type { Recipient } from '@/crypto/wrap'

function recipient(suite: SuiteId): Recipient {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: suite === 'gm' ? 'SM2' : 'prime256v1' })
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  return { alg: suite === 'gm' ? 'SM2' : 'HPKE-P256', kid: hex(nodeRandom(32)), spki }
}

export interface SealedSample {
  bytes: Uint8Array
  /** K of the stage: the first secret the sealer draws. */
  key: Uint8Array
}

/** One small sealed file in mode both, 2 of 3, with the key that opens it. */
export async function sealedSample(suite: SuiteId, role = 'technical'): Promise<SealedSample> {
  const drawn: Uint8Array[] = []
  const random: Random = n => {
    const bytes = nodeRandom(n)
    drawn.push(bytes)
    return bytes
  }
  const text = hex(nodeRandom(32))
  const bind = {
    project: 'P1',
    lot: 'L1',
    round: 1,
    stage: 'main',
    deadline: '2026-12-01T01:30:00Z',
    bidderCert: text,
    policy: text,
  }
  const lotKeys = [recipient(suite), recipient(suite), recipient(suite)]
  const stage = await sealStage({
    suite: nodeSuites[suite],
    random,
    bind,
    mode: 'both',
    bidderKeys: [recipient(suite)],
    lotKeys,
    k: 2,
  })
  const content = nodeRandom(5_000)
  const sealer = await stage.file({ role, name: '技术标.pdf', type: 'application/pdf', size: content.length })
  const sealed = [...(await sealer.push(content)), ...(await sealer.finish()).rest]
  return { bytes: concat(...sealed), key: drawn[0]! }
}
