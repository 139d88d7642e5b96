import { expect, test } from 'vitest'
import { hex } from '@/crypto/bytes'
import { spkiOfPoint } from '@/crypto/ec-key'
import { p256FromScalar } from '@/crypto/hpke'
import { type LotKeyScope, unwrapLotKey, wrapLotKey } from '@/crypto/lotkey'
import { nodeRandom } from '@/crypto/suite-node'
import { hpkeUnwrap } from '@/crypto/wrap'

const kid = hex(nodeRandom(32))
const own = p256FromScalar(new Uint8Array(32).fill(7))
const self = { alg: 'HPKE-P256' as const, kid, spki: spkiOfPoint('P-256', own.point) }
const scope: LotKeyScope = { platform: 'E3500000717', project: 'P1', lot: 'L1', round: 1, org: 'O1' }
const secret = nodeRandom(32)

test('the custodian gets its lot key back with its own certificate key', async () => {
  const wrapped = await wrapLotKey(self, secret, scope, nodeRandom)
  expect(await unwrapLotKey(hpkeUnwrap(kid, own), wrapped, scope)).toEqual(secret)
})

test('a wrap made for another lot, round or certificate gives nothing', async () => {
  const wrapped = await wrapLotKey(self, secret, scope, nodeRandom)
  expect(await unwrapLotKey(hpkeUnwrap(kid, own), wrapped, { ...scope, lot: 'L2' })).toBeNull()
  expect(await unwrapLotKey(hpkeUnwrap(kid, own), wrapped, { ...scope, round: 2 })).toBeNull()
  expect(await unwrapLotKey(hpkeUnwrap(hex(nodeRandom(32)), own), wrapped, scope)).toBeNull()
})

test('a damaged wrap is refused', async () => {
  const wrapped = await wrapLotKey(self, secret, scope, nodeRandom)
  await expect(unwrapLotKey(hpkeUnwrap(kid, own), wrapped.subarray(1), scope)).rejects.toThrow()
  await expect(unwrapLotKey(hpkeUnwrap(kid, own), new Uint8Array(5_000), scope)).rejects.toThrow('too large')
  await expect(wrapLotKey(self, secret.subarray(1), scope, nodeRandom)).rejects.toThrow('32 bytes')
})
