// A draw party's agent (抽取方代理程序): commits, acknowledges and reveals by the rules of tbid-draw/1, for its owner and with its owner's keys.
import { createHash, type KeyObject } from 'node:crypto'
import { checkCommitted, checkFixed, type FixedDraw, lastIndexOf, type TrustedKeys } from '@/crypto/draw-fixed'
import {
  type DrawCommit,
  type DrawMessage,
  type DrawPrelude,
  type DrawScope,
  isSignedBy,
  keysOf,
  readSigned,
  type Signed,
  signMessage,
} from '@/crypto/draw-message'
import {
  ackOf,
  commitOf,
  type DealtSecret,
  type DrawSight,
  type Duty,
  dealSecret,
  dutiesOf,
  openShare,
  publishFor,
  revealOf,
} from '@/crypto/draw-party'
import { p256FromPkcs8 } from '@/crypto/hpke'
import type { Api } from './api'
import { checkOwnerRules, checkPool, type DrawRules, type OwnerRules } from './owner-rules'
import { type Keep, publicSpki } from './store'
import { type Cosigned, historyFile } from './witness'

export type Agent = {
  party: 'agency' | 'supervisor' | 'third'
  name: string
  sign: KeyObject
  wrap: KeyObject
  keep: Keep
  /** What its owner told it to check before it commits. */
  rules: OwnerRules
  /** The log's verifier key, pinned at first use. */
  log: string
}

type Awaiting = { id: string; me: string; signedPrelude: Signed<DrawPrelude> } & DrawSight

/** Registers the agent's public keys with the platform. */
export async function registerAgent(api: Api, { party, name, sign, wrap }: Agent): Promise<void> {
  const keys = { party, name, signKey: publicSpki(sign), wrapKey: publicSpki(wrap) }
  const { status, body } = await api.send('PUT', '/api/v1/party-agents', keys)
  if (status >= 400) throw new Error(`registering the agent: ${status} ${JSON.stringify(body)}`)
}

// The folder's file names never come from the platform's text as it is.
const secretFile = (drawId: string) => `draw-${createHash('sha256').update(drawId).digest('hex').slice(0, 32)}.json`

/** What I dealt in this draw; made and on disk before the commit goes out, so that I can always reveal. */
function ownSecret(agent: Agent, prelude: DrawPrelude): DealtSecret {
  const kept = agent.keep.read<DealtSecret>(secretFile(prelude.drawId))
  if (kept) return kept
  const secret = dealSecret(prelude, agent.party)
  agent.keep.write(secretFile(prelude.drawId), secret)
  return secret
}

/** Refuses to take part in a draw that does not carry my own registered keys or is not signed by the platform's. */
function checkPrelude(agent: Agent, signed: Signed<DrawPrelude>): DrawPrelude {
  const { msg } = readSigned(signed, 'tbid/draw.prelude@1')
  const mine = keysOf(msg, agent.party)
  if (!isSignedBy(signed, keysOf(msg, 'platform').sign)) throw new Error('prelude: signature')
  if (mine.sign !== publicSpki(agent.sign) || mine.wrap !== publicSpki(agent.wrap)) throw new Error('prelude: not my keys')
  if (msg.log !== agent.log) throw new Error('prelude: another log than the pinned one')
  return msg
}

/** What the party checks before it commits: its owner's rules, and for the supervisor that E and the excluded are exactly the pool. */
async function commit(api: Api, agent: Agent, { id }: Awaiting, prelude: DrawPrelude): Promise<DrawMessage[]> {
  const seen = await api.getJson<{ rules: DrawRules }>(`/api/v1/draws/${id}`)
  const problems = seen ? checkOwnerRules(agent.rules, prelude, seen.rules) : ['no rules']
  if (agent.party === prelude.supervisor) problems.push(...(await checkPool(api, agent.rules, id, prelude)))
  if (problems.length > 0) throw new Error(`not committing: ${problems.join('; ')}`)
  return [await commitOf(prelude, ownSecret(agent, prelude))]
}

async function heldShare(agent: Agent, sight: Awaiting, from: string): Promise<{ msg: DrawCommit; share: Uint8Array } | null> {
  const commit = sight.commits.find(({ msg }) => msg.party === from)
  if (!commit || !isSignedBy(readSigned(commit, 'tbid/draw.commit@1'), keysOf(sight.prelude, from).sign)) return null
  const key = await p256FromPkcs8(agent.wrap.export({ format: 'der', type: 'pkcs8' }))
  const share = await openShare(commit.msg, agent.party, key)
  return share && { msg: commit.msg, share }
}

const scopeOf = ({ platform, project, lot, round, drawId }: DrawScope): DrawScope => ({ platform, project, lot, round, drawId })

type Served = Omit<FixedDraw, 'v'> & { v: FixedDraw['v'] | null }

/** Whom to believe: the log key pinned at first use, and the witnesses the platform's anchors name. */
async function readTrusted(api: Api, agent: Agent): Promise<TrustedKeys> {
  const anchors = await api.getJson<{ witnesses: { vkey: string }[] }>('/api/v1/anchors')
  return { logs: [agent.log], witnesses: (anchors?.witnesses ?? []).map(({ vkey }) => vkey) }
}

/** The first checkpoint my own witness cosigned after the last commit entry, and the size it cosigned before that one. */
async function nameV(api: Api, agent: Agent, { id }: Awaiting, prelude: DrawPrelude): Promise<DrawMessage[]> {
  const fixed = await api.getJson<Served>(`/api/v1/draws/${id}/fixed`)
  if (!fixed) return []
  const { v: _, ...committed } = fixed
  const last = lastIndexOf(committed)
  const history = agent.keep.lines<Cosigned>(historyFile)
  const at = history.findIndex(one => one.size > last)
  const first = history[at]
  if (!first || first.note !== fixed.checkpoint) return []
  const { broken } = checkCommitted(committed, await readTrusted(api, agent))
  if (broken.length > 0) throw new Error(`not naming V: ${broken.map(({ code }) => code).join(', ')}`)
  return [{ ...scopeOf(prelude), t: 'tbid/draw.v@1', checkpoint: first.note, previousSize: history[at - 1]?.size ?? 0 }]
}

/** Nobody reveals before V is fixed: every commit proved in a witnessed checkpoint that the supervisor named. */
async function checkBeforeReveal(api: Api, agent: Agent, { id }: Awaiting): Promise<void> {
  const fixed = await api.getJson<Served>(`/api/v1/draws/${id}/fixed`)
  if (!fixed?.v) throw new Error('not revealing: V is not fixed')
  const { broken } = checkFixed({ ...fixed, v: fixed.v }, await readTrusted(api, agent))
  if (broken.length > 0) throw new Error(`not revealing: ${broken.map(({ code }) => code).join(', ')}`)
}

async function messagesFor(api: Api, agent: Agent, sight: Awaiting, duty: Duty): Promise<DrawMessage[]> {
  const { prelude } = sight
  if (duty.do === 'commit') return commit(api, agent, sight, prelude)
  if (duty.do === 'name-v') return nameV(api, agent, sight, prelude)
  if (duty.do === 'reveal') {
    await checkBeforeReveal(api, agent, sight)
    return revealOf(prelude, ownSecret(agent, prelude))
  }
  const held = await heldShare(agent, sight, duty.from)
  if (!held) return []
  if (duty.do === 'ack') return [ackOf(prelude, held.msg, agent.party)]
  await checkBeforeReveal(api, agent, sight)
  return [publishFor(prelude, duty.from, agent.party, held.share)]
}

/** All that one draw waits for from me. */
async function drawStep(api: Api, agent: Agent, sight: Awaiting): Promise<string[]> {
  const prelude = checkPrelude(agent, sight.signedPrelude)
  const checked = { ...sight, prelude }
  const done: string[] = []
  for (const duty of dutiesOf(checked, agent.party)) {
    for (const msg of await messagesFor(api, agent, checked, duty)) {
      const { status, body } = await api.send('POST', `/api/v1/draws/${sight.id}/messages`, signMessage(msg, agent.sign))
      if (status >= 400) throw new Error(`${msg.t}: ${status} ${JSON.stringify(body)}`)
      done.push(`${prelude.drawId} ${msg.t}`)
    }
  }
  return done
}

/** Draws worked on at the same time: enough to keep the platform busy, few enough to leave it room for others. */
const atOnce = 8

/**
 * One round over the draws that wait for me, some at a time. Returns what was done, for the record of its owner. A draw that goes wrong holds
 * up no other; if any did, all reasons are thrown at the end.
 */
export async function agentStep(api: Api, agent: Agent): Promise<string[]> {
  const answer = await api.getJson<{ draws: Awaiting[] }>('/api/v1/draws?awaiting=me')
  const queue = [...(answer?.draws ?? [])]
  const done: string[] = []
  const failed: string[] = []
  const work = async () => {
    for (let sight = queue.shift(); sight; sight = queue.shift()) {
      const { drawId } = sight.prelude
      await drawStep(api, agent, sight).then(
        some => done.push(...some),
        error => failed.push(`${drawId}: ${error instanceof Error ? error.message : String(error)}`),
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (failed.length > 0) throw new Error(failed.join('\n'))
  return done
}
