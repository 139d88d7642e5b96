// A whole draw in memory for tests: a log, its witness, four parties, a pool; nothing of the platform.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { employerTag, expertLeaf, expertSalt, hashOf, poolRoot } from '@/crypto/draw'
import { checkFixed, entryLeaf, type FixedDraw, type ProvenEntry } from '@/crypto/draw-fixed'
import { type DrawMessage, type DrawPrelude, drawIdOf, type PartyKeys, type Signed, signMessage } from '@/crypto/draw-message'
import { ackOf, commitOf, type DealtSecret, dealSecret, openShare, revealOf } from '@/crypto/draw-party'
import type { ContactEvent, RulesV2 } from '@/crypto/draw-rules'
import { type DrawTranscript, outcomeOf, replayEvents } from '@/crypto/draw-transcript'
import { p256FromPkcs8 } from '@/crypto/hpke'
import { consistencyProof, inclusionProof, treeRoot } from '@/crypto/merkle'

const sha = (...parts: (string | Uint8Array)[]) => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest()
const hexOf = (nodes: Uint8Array[]) => nodes.map(node => Buffer.from(node).toString('hex'))

type NoteKey = { name: string; type: number; key: KeyObject; vkey: string; id: Buffer }

/** A C2SP note key: type 1 signs as a log, type 4 as a witness. */
export function noteKey(name: string, type: 1 | 4): NoteKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  const bytes = Buffer.concat([Buffer.of(type), raw])
  const id = sha(`${name}\n`, bytes).subarray(0, 4)
  return { name, type, key: privateKey, id, vkey: `${name}+${id.toString('hex')}+${bytes.toString('base64')}` }
}

const signLine = (key: NoteKey, message: string, head = Buffer.alloc(0)) =>
  `— ${key.name} ${Buffer.concat([key.id, head, sign(null, Buffer.from(message), key.key)]).toString('base64')}\n`

/** A checkpoint note, log-signed and, unless `witness` is null, cosigned. */
export function noteOf(log: NoteKey, witness: NoteKey | null, size: number, root: Uint8Array): string {
  const body = `${log.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(1_790_000_000n)
  const cosigned = witness ? signLine(witness, `cosignature/v1\ntime 1790000000\n${body}`, time) : ''
  return `${body}\n${signLine(log, body)}${cosigned}`
}

export type Party = { party: string; sign: KeyObject; wrap: KeyObject; keys: PartyKeys }

export function partyOf(party: string): Party {
  const signing = generateKeyPairSync('ed25519').privateKey
  const wrapping = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
  const spki = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
  return { party, sign: signing, wrap: wrapping, keys: { party, sign: spki(signing), wrap: spki(wrapping) } }
}

export const rules: RulesV2 = {
  v: 2,
  seats: [
    { seat: '技术', disc: ['A08'], region: null, n: 3 },
    { seat: '经济', disc: ['A06'], region: ['350100'], n: 2 },
  ],
  maxPerEmployer: 1,
  alternates: 2,
}

const key = new Uint8Array(32).fill(9)
const records = Array.from({ length: 60 }, (_, at) => ({
  id: `E${at}`,
  name: `专家${at}`,
  disc: at % 3 === 0 ? ['A0601'] : ['A0801', 'B0101'],
  region: '350100',
  emp: `ORG${at % 17}`,
  status: 'active',
}))

/** The log of a world: leaves are added, entries proved later. */
function makeLog() {
  const leaves: Uint8Array[] = []
  return {
    leaves,
    add(payload: Signed<DrawMessage>) {
      const salt = sha(`salt ${leaves.length}`).toString('hex')
      leaves.push(entryLeaf(payload, salt))
      return { payload, salt, index: leaves.length - 1 }
    },
    cover: (count: number) => {
      for (let at = 0; at < count; at++) leaves.push(sha(`cover ${leaves.length}`))
    },
  }
}

export type World = { transcript: DrawTranscript; parties: Party[]; log: NoteKey; witness: NoteKey; secrets: DealtSecret[] }

/** Plays a whole draw. `outcomes` fall on the places in turn; `liar` commits to something else than its shares. */
export async function playDraw(outcomes: ContactEvent['outcome'][] = [], liar = ''): Promise<World> {
  const [log, witness] = [noteKey('test/log', 1), noteKey('witness', 4)]
  const parties = ['agency', 'platform', 'supervisor', 'third'].map(partyOf)
  const scope = { platform: 'test', project: 'p1', lot: 'lot1', round: 1 }
  const drawId = drawIdOf({ ...scope, kind: 'committee', number: 1 })
  const committed = records
    .map(record => ({ record, c: expertLeaf(expertSalt(key, record.id), record) }))
    .toSorted((a, b) => (a.c < b.c ? -1 : 1))
  const rows = committed.map(({ record, c }) => [
    c,
    { disc: record.disc, region: record.region, emp: employerTag(key, drawId, record.emp) },
  ])
  const [eligible, excluded] = [rows.slice(5), committed.slice(0, 5).map(({ c }) => [c, 'bidder-unit'])]
  const prelude: DrawPrelude = {
    ...scope,
    drawId,
    t: 'tbid/draw.prelude@1',
    kind: 'committee',
    number: 1,
    pool: { root: poolRoot(committed.map(({ c }) => c)), size: committed.length },
    eligible: { hash: hashOf(eligible), size: eligible.length },
    excluded: { hash: hashOf(excluded), size: excluded.length },
    rules: { hash: hashOf(rules), size: 0 },
    parties: parties.map(({ keys }) => keys),
    supervisor: 'supervisor',
    log: log.vkey,
    witness: witness.vkey,
    revealAfter: 5,
  }
  const tree = makeLog()
  tree.cover(16)
  const before = { size: tree.leaves.length, root: treeRoot(tree.leaves) }
  const of = (party: string) => parties.find(one => one.party === party)!
  const opening = tree.add(signMessage(prelude, of('platform').sign))
  const secrets = parties.map(({ party }) => dealSecret(prelude, party))
  const commits = []
  for (const secret of secrets) {
    const honest = await commitOf(prelude, secret)
    const msg = secret.party === liar ? { ...honest, c: '00'.repeat(32) } : honest
    commits.push(tree.add(signMessage(msg, of(secret.party).sign)))
  }
  const acks = []
  for (const { payload } of commits) {
    if (payload.msg.t !== 'tbid/draw.commit@1') throw new Error('not a commit')
    for (const holder of parties.filter(one => one.party !== (payload.msg as { party: string }).party)) {
      const pkcs8 = holder.wrap.export({ format: 'der', type: 'pkcs8' })
      if (!(await openShare(payload.msg, holder.party, await p256FromPkcs8(pkcs8)))) throw new Error('a share does not open')
      acks.push(tree.add(signMessage(ackOf(prelude, payload.msg, holder.party), holder.sign)))
    }
  }
  tree.cover(7)
  const size = tree.leaves.length
  const prove = <M extends DrawMessage>(entry: { payload: Signed<DrawMessage>; salt: string; index: number }) =>
    ({ ...entry, proof: hexOf(inclusionProof(entry.index, tree.leaves)) }) as ProvenEntry<M>
  const checkpoint = noteOf(log, witness, size, treeRoot(tree.leaves))
  const v = signMessage(
    { ...scope, drawId, t: 'tbid/draw.v@1', checkpoint, previousSize: before.size } as const,
    of('supervisor').sign,
  )
  const fixed: FixedDraw = {
    prelude: prove(opening),
    commits: commits.map(entry => prove(entry)),
    acks: acks.map(entry => prove(entry)),
    previous: noteOf(log, witness, before.size, before.root),
    checkpoint,
    consistency: hexOf(consistencyProof(before.size, tree.leaves)),
    v,
  }
  const shares = secrets.flatMap(secret => revealOf(prelude, secret).map(msg => signMessage(msg, of(secret.party).sign)))
  const found = checkFixed(fixed, null)
  const outcome = outcomeOf(prelude, { rules, eligible, shares }, found.v!)!
  const events: ContactEvent[] = []
  for (const [at, outcome2] of outcomes.entries()) {
    const panel = replayEvents(rules, outcome, events)
    const c = panel.places[at % panel.places.length]!.c!
    events.push({ c, outcome: outcome2, at: '2026-11-24T02:00:00Z' })
  }
  const panel = replayEvents(rules, outcome, events)
  const leaves = committed.map(({ c }) => Buffer.from(c, 'hex'))
  const contacted = panel.contacted.map(c => {
    const index = committed.findIndex(one => one.c === c)
    return { c, index, proof: hexOf(inclusionProof(index, leaves)) }
  })
  const { attempt, seated: selected, alternates } = outcome.selection
  const result = { attempt, selected, alternates, events, panel: panel.places, contacted }
  return {
    transcript: { t: 'tbid/draw.transcript@1', drawId, rules, eligible, ...fixed, shares, ...result },
    parties,
    log,
    witness,
    secrets,
  }
}
