import { expect, test } from 'vitest'
import { type KeptBid, keptBytes, keptStanding } from '~/trading/bid/kept-bid'
import type { SealScope } from '~/trading/bid/seal-client'

const former = { seq: 1, statementHash: 'f'.repeat(64) }
const scope: SealScope = {
  lotId: 'lot',
  platform: 'P',
  org: 'ours',
  policy: '{"k":2}',
  deadline: '2026-12-01T01:30:00Z',
  termsVersion: 3,
  former,
}
const file = { fileId: 'a', role: 'price', size: 100, root: '0', uploadId: null, sent: 40 }
const kept: KeptBid = {
  id: 'k',
  lotId: 'lot',
  org: 'ours',
  suite: 'intl',
  policy: scope.policy,
  deadline: scope.deadline,
  termsVersion: 3,
  prev: former.statementHash,
  statement: '{}',
  statementHash: 'a'.repeat(64),
  cms: '',
  sealedAt: '2026-11-30T00:00:00.000Z',
  files: [file, { ...file, fileId: 'b', sent: 0 }],
}

const standing = (changed: Partial<SealScope>, isOpen = true) => keptStanding(kept, { ...scope, ...changed }, isOpen)

test('a kept bid goes on while nothing has changed', () => {
  expect(standing({})).toBe('ready')
})

test('it belongs to the organisation that sealed it, whatever else holds', () => {
  expect(standing({ org: 'theirs' })).toBe('other-organisation')
  expect(standing({ org: 'theirs' }, false)).toBe('other-organisation')
})

test('a policy, a document, a deadline or a version changed meanwhile each stops it by name', () => {
  expect(standing({ policy: '{"k":3}' })).toBe('policy')
  expect(standing({ termsVersion: 4 })).toBe('terms')
  expect(standing({ deadline: '2026-12-02T01:30:00Z' })).toBe('terms')
  expect(standing({ former: { seq: 2, statementHash: 'e'.repeat(64) } })).toBe('replaced')
  expect(standing({ former: null })).toBe('replaced')
})

test('after the deadline it was not delivered', () => {
  expect(standing({}, false)).toBe('late')
})

test('a statement the platform already has only lacks its receipt', () => {
  expect(standing({ former: { seq: 2, statementHash: kept.statementHash } })).toBe('delivered')
  expect(standing({ former: { seq: 2, statementHash: kept.statementHash } }, false)).toBe('delivered')
})

test('how much is kept and how much has been sent', () => {
  expect(keptBytes(kept)).toEqual({ total: 200, sent: 40 })
})
