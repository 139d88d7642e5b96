// What a holder of keys gives out, and on what proof: a log, a witness and bids of the test's own making (crypto.md §10.6, §10.7).
import { ed25519 } from '@noble/curves/ed25519.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { base64, hex, unbase64 } from '@/crypto/bytes'
import { type Bundle, giveOut, proveClose, type ServedBid } from '@/crypto/give-out'
import { type Head, headerBytes, parseHead } from '@/crypto/header'
import { type Json, parseCanonicalText } from '@/crypto/jcs'
import { inclusionProof, treeRoot } from '@/crypto/merkle'
import { lotRootOf, messageHash, messageText, type PolicyMessage, readMessage } from '@/crypto/messages'
import { checkpointText, cosignNote, noteKeyType, signNote, verifierKeyOf } from '@/crypto/note'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { ledgerLeaf } from '@/crypto/tlog'
import { bind, custodianNames, headsOf, keyOf, sealAll, stageOf, twoFiles } from './sealing'

const [logSecret, witnessSecret] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const vkeyOf = (name: string, secret: Uint8Array, type?: 1 | 4) => verifierKeyOf(name, ed25519.getPublicKey(secret), type)
const trusted = {
  log: { vkey: vkeyOf('log', logSecret) },
  witnesses: [{ vkey: vkeyOf('witness', witnessSecret, noteKeyType.cosignature) }],
}
const scope = { platform: 'P', project: bind.project, lot: bind.lot, round: bind.round }
const custodian = (i: number) => keyOf('intl', custodianNames[i]!)

const policyText = messageText({
  t: 'tbid/policy@1',
  ...scope,
  suite: 'intl',
  stages: [
    {
      stage: 'main',
      roles: ['price', 'technical'],
      mode: 'both',
      k: 2,
      custodians: custodianNames.map((org, i) => ({
        org,
        group: org,
        cert: '0'.repeat(64),
        lotKey: base64(custodian(i).recipient.spki),
      })),
    },
  ],
  tsa: [],
  witnesses: [],
  prev: null,
} satisfies PolicyMessage)

interface Made {
  served: ServedBid
  leaf: Uint8Array
}

type Bend = (head: Head, at: number) => Uint8Array

/** A bid as the platform serves it to holders of keys, at this place of the log. */
async function aBid(idx: number, bend: Bend = head => head.bytes): Promise<Made> {
  const policy = messageHash(policyText)
  const sealed = await sealAll({ ...stageOf('intl', 'both', nodeRandom), bind: { ...bind, policy } }, twoFiles())
  const heads = headsOf(sealed).map((head, at) => parseHead(nodeSuites, bend(head, at)))
  const files = sealed.map(({ file }, at) => ({ ...file, head: heads[at]!.hash }))
  const statement = messageText({
    t: 'tbid/submit@1',
    ...scope,
    ...{ policy, org: `bidder ${idx}`, cert: bind.bidderCert, seq: 1, prev: null, files },
  })
  const payload = JSON.stringify({ statement })
  const salt = nodeRandom(32)
  const leaf = ledgerLeaf(salt, parseCanonicalText(payload) as Record<string, Json>)
  const served: ServedBid = {
    statementHash: messageHash(statement),
    statement,
    leaf: { idx, salt: hex(salt), payload },
    files: files.map(({ fileId, role, stage }, at) => ({ fileId, role, stage, head: base64(heads[at]!.bytes) })),
  }
  return { served, leaf }
}

interface Wish {
  states?: ('counted' | 'withdrawn')[]
  cosigned?: boolean
}

/** The close over these bids, proven by a checkpoint that log and witness signed. */
async function aBundle(
  made: Made[],
  { states = made.map(() => 'counted' as const), cosigned = true }: Wish = {},
): Promise<Bundle> {
  const leaves = made.map(({ leaf }, idx) => ({ idx, leaf: hex(leaf), state: states[idx]! }))
  const payload = messageText({
    t: 'tbid/lot.close@1',
    ...scope,
    closedAt: '2026-12-01T01:30:00.000Z',
    checkpoint: { size: made.length, root: hex(treeRoot(made.map(one => one.leaf))) },
    leaves,
    lotRoot: lotRootOf(leaves),
    counted: leaves.filter(one => one.state === 'counted').length,
  })
  const salt = nodeRandom(32)
  const all = [...made.map(one => one.leaf), ledgerLeaf(salt, parseCanonicalText(payload) as Record<string, Json>)]
  const text = checkpointText('log', all.length, treeRoot(all))
  const sign = (secret: Uint8Array) => (message: Uint8Array) => ed25519.sign(message, secret)
  const logLine = await signNote(text, { name: 'log', publicKey: ed25519.getPublicKey(logSecret) }, sign(logSecret))
  const who = { name: 'witness', publicKey: ed25519.getPublicKey(witnessSecret) }
  const line = await cosignNote(text, who, 1_796_083_200n, sign(witnessSecret))
  const proof = inclusionProof(made.length, all).map(hex)
  const close = {
    payload,
    salt: hex(salt),
    idx: made.length,
    proof,
    checkpoint: `${text}\n${cosigned ? `${logLine}\n${line}` : logLine}\n`,
  }
  return { close, policy: { payload: policyText }, bids: made.map(one => one.served) }
}

const given = (bundle: Bundle, i = 0, org = custodianNames[i]!) =>
  giveOut(nodeSuites, { bundle, close: proveClose(bundle, trusted), org, keys: [custodian(i).key] })

let bids: Made[]
beforeAll(async () => {
  bids = [await aBid(0), await aBid(1)]
})

test('a custodian gives out its share of each counted bid, a bidder its own part: exactly what the message holds', async () => {
  const bundle = await aBundle(bids)
  const { message, report, unusable } = await given(bundle, 1)
  const release = readMessage('tbid/release@1', message!)
  expect(release).toMatchObject({
    ...scope,
    org: 'custodian 1',
    stage: 'main',
    checkpoint: proveClose(bundle, trusted).checkpoint,
  })
  expect(release.releases.map(one => [one.statement, one.part])).toEqual(bids.map(({ served }) => [served.statementHash, 'c1']))
  expect(release.releases.map(one => unbase64(one.value).length)).toEqual([33, 33])
  expect([report, unusable]).toEqual([null, []])
  const own = { ...bundle, bids: [bundle.bids[0]!] }
  const close = proveClose(own, trusted)
  const bidder = await giveOut(nodeSuites, { bundle: own, close, org: 'bidder 0', keys: [keyOf('intl', 'bidder').key] })
  expect(readMessage('tbid/release@1', bidder.message!).releases).toMatchObject([{ part: 'b' }])
})

describe('nothing is unwrapped unless the close is proven', () => {
  test('no cosignature, another log, another witness, another entry, an entry that is no close', async () => {
    const bundle = await aBundle(bids)
    expect(proveClose(bundle, trusted).message.closedAt).toBe('2026-12-01T01:30:00.000Z')
    const bare = await aBundle(bids, { cosigned: false })
    expect(() => proveClose(bare, trusted)).toThrow('no witness has cosigned')
    expect(proveClose(bare, trusted, true).message.counted).toBe(2)
    const other = vkeyOf('log', new Uint8Array(32).fill(9))
    expect(() => proveClose(bundle, { ...trusted, log: { vkey: other } })).toThrow('the log has not signed')
    expect(() => proveClose(bundle, { ...trusted, witnesses: [] })).toThrow('no witness has cosigned')
    const sooner = bundle.close.payload.replace('2026-12-01T01:30', '2026-11-01T01:30')
    expect(() => proveClose({ close: { ...bundle.close, payload: sooner } }, trusted)).toThrow('not in this checkpoint')
    const { leaf } = bids[0]!.served
    const proof = inclusionProof(0, [...bids.map(one => one.leaf), ledgerOf(bundle)]).map(hex)
    const asClose = { ...bundle.close, payload: leaf!.payload, salt: leaf!.salt, idx: 0, proof }
    expect(() => proveClose({ close: asClose }, trusted)).toThrow('malformed')
  })

  test('a bid that is withdrawn or not listed, another statement under a counted leaf, a head that was not committed', async () => {
    const withdrawn = await aBundle(bids, { states: ['withdrawn', 'counted'] })
    await expect(given(withdrawn)).rejects.toThrow('not a counted bid')
    const bundle = await aBundle(bids)
    const [one, two] = bundle.bids as [ServedBid, ServedBid]
    const bendOne = (bent: ServedBid) => given({ ...bundle, bids: [bent] })
    await expect(bendOne({ ...one, leaf: null })).rejects.toThrow('not a counted bid')
    await expect(bendOne({ ...one, leaf: { ...one.leaf!, idx: 7 } })).rejects.toThrow('not a counted bid')
    await expect(bendOne({ ...one, leaf: two.leaf })).rejects.toThrow('not the statement of its leaf')
    await expect(bendOne({ ...one, statement: two.statement })).rejects.toThrow('does not fit its hash')
    const foreign = one.files.map((file, at) => ({ ...file, head: two.files[at]!.head }))
    await expect(bendOne({ ...one, files: foreign })).rejects.toThrow('a head is not the one that was committed')
  })

  test('a policy that is not the one it was sealed under', async () => {
    const bundle = await aBundle(bids)
    const other = policyText.replace('"k":2', '"k":3')
    await expect(given({ ...bundle, policy: { payload: other } })).rejects.toThrow('not the policy')
  })
})

const ledgerOf = ({ close }: Bundle) =>
  ledgerLeaf(Uint8Array.from(Buffer.from(close.salt, 'hex')), parseCanonicalText(close.payload) as Record<string, Json>)

type Shares = NonNullable<Head['header']['parts']['c']>['shares']

/** A head whose shares were dealt as `change` says, whatever they are. */
const dealt =
  (change: (shares: Shares, header: Head['header']) => Shares): Bend =>
  ({ header, bytes }) => {
    const c = header.parts.c!
    const before = headerBytes({ ...header, parts: { ...header.parts, c: { ...c, shares: change(c.shares, header) } } })
    return Buffer.concat([before, bytes.subarray(bytes.length - 56)])
  }

const first = (change: (share: Shares[number]) => Shares[number]) => dealt(shares => [change(shares[0]!), ...shares.slice(1)])

test('shares that are of no use are reported under the right name, the others given out', async () => {
  const wrong = await aBid(
    0,
    first(share => ({ ...share, commit: '0'.repeat(64) })),
  )
  const damaged = await aBid(
    1,
    first(share => ({ ...share, ct: base64(unbase64(share.ct).map((byte, at) => (at ? byte : byte ^ 1))) })),
  )
  // A share of another sealing for this very lot: it opens, and is not the one that the head commits to.
  const elsewhere = (await aBid(9)).served
  const foreign = parseHead(nodeSuites, unbase64(elsewhere.files[0]!.head)).header.parts.c!.shares
  const swapped = dealt(shares => [{ ...foreign[0]!, commit: shares[0]!.commit }, ...shares.slice(1)])
  const bound = await aBid(2, swapped)
  const good = await aBid(3)
  const bundle = await aBundle([wrong, damaged, bound, good])
  const { message, report, unusable } = await given(bundle)
  expect(readMessage('tbid/release@1', message!).releases.map(one => one.statement)).toEqual([good.served.statementHash])
  const told = readMessage('tbid/report@1', report!)
  expect(told).toMatchObject({ ...scope, org: 'custodian 0', stage: 'main' })
  expect(told.reports.map(({ statement, part, code }) => [statement, part, code])).toEqual([
    [wrong.served.statementHash, 'c0', 'dealt-wrong'],
    [damaged.served.statementHash, 'c0', 'damaged'],
    [bound.served.statementHash, 'c0', 'dealt-wrong'],
  ])
  expect(unusable).toHaveLength(3)
  // The next custodian has nothing to complain of.
  expect(await given(bundle, 1)).toMatchObject({ report: null, given: 4 })
})

test('a share bound to another lot is not given out, and said to be', async () => {
  const other = await sealAll({ ...stageOf('intl', 'both', nodeRandom), bind: { ...bind, lot: 'L-02' } }, twoFiles())
  const foreign = headsOf(other)[0]!.header.parts.c!.shares
  const bundle = await aBundle([
    await aBid(
      0,
      dealt(() => foreign),
    ),
  ])
  const { message, report } = await given(bundle)
  expect(message).toBeNull()
  expect(readMessage('tbid/report@1', report!).reports).toMatchObject([{ part: 'c0', code: 'wrong-binding' }])
})

test('a key that was dealt nothing has nothing to give and nothing to report', async () => {
  const bundle = await aBundle(bids)
  const stranger = keyOf('intl', 'stranger').key
  const told = await giveOut(nodeSuites, { bundle, close: proveClose(bundle, trusted), org: 'stranger', keys: [stranger] })
  expect([told.message, told.report, told.unusable.length]).toEqual([null, null, 2])
})
