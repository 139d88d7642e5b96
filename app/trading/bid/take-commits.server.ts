import { hex } from '@/crypto/bytes'
import { messageHash, readMessage } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import type { Db } from '@/db/client'
import { pace } from '~/platform/audit/pace.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import type { RevocationEvidence } from '~/platform/identity/certificate.server'
import { verifyMany } from '~/platform/identity/signature.server'
import { appendPrepared, type PayloadBox, prepareEntry } from '~/platform/log/append.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { type CompletePolicy, readCompletePolicies } from '../custody/policy.read.server'
import { listDebarred } from '../eligibility/debarment.server'
import { isUnqualified, listUnqualified } from '../eligibility/prequalification.server'
import { type Admitted, explain, holdLots, isOpen } from './admission.server'
import { commitPool } from './commit-pool.server'
import type { Posted } from './commit-post.server'
import { checkScope } from './commit-scope.server'
import type { KeptStage } from './kept-stage.server'
import { type LotNames, receiptsOf } from './receipt.server'
import { recordRefusal } from './refused.server'
import { type ActBox, type ActToKeep, keepActs, type OwnAct, readActs, tagOf } from './sealed-act.server'
import { checkSealedFiles } from './sealed-files.server'
import { readUploads } from './upload.server'

type Submitted = Extract<OwnAct, { kind: 'submit' }>

/** What became of a commit: kept (or kept before), or why not. `locked`: its lot is being changed by somebody; it is taken alone. */
type Outcome = Taken | { refusal: unknown } | { locked: true }

interface Taken {
  act: ActBox
  /** Where it was kept just now: what its receipt says of its entry and lot. */
  fresh?: { entry: PayloadBox; lot: LotNames }
}

/** A commit on its way through the checks. */
interface Candidate {
  posted: Posted
  held: Admitted
  former: Submitted | null
  /** What its sealed files turned out to be; empty for a withdrawal and until they were checked. */
  stages: KeptStage[]
  /** What was looked up of its certificate's revocation. */
  revocation: RevocationEvidence[]
}

type Outcomes = Map<Posted, Outcome>

/** Runs one check; what it refuses is that commit's outcome and nobody else's. */
async function passes(outcomes: Outcomes, posted: Posted, check: () => unknown): Promise<boolean> {
  try {
    await check()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    outcomes.set(posted, { refusal: error })
    return false
  }
}

/** Tags of the act a statement follows, null for the first, and of its own place, in hex. */
function tagsOf(ctx: Ctx, { commit, message, ctx: own }: Posted, round: number): { before: string | null; own: string } {
  const tag = (seq: number) =>
    Buffer.from(tagOf(ctx, commit.lotId, round, personOf(own).organisationId, 'submit', seq)).toString('hex')
  return { before: message.seq > 1 ? tag(message.seq - 1) : null, own: tag(message.seq) }
}

/** The place after the last own act; a statement that is already there is a repeat, any other out of turn is refused. */
function checkTurn({ message, commit }: Posted, former: Submitted | null, same: Submitted | null): Submitted | null {
  if (same?.statement === commit.statement) return same
  const follows =
    !same && (message.seq === 1 ? message.prev === null : former !== null && message.prev === messageHash(former.statement))
  refuseUnless(follows, 'replayed')
  const isWithdrawal = message.files.length === 0
  refuseUnless(!isWithdrawal || (former && readMessage('tbid/submit@1', former.statement).files.length > 0), 'no-bid')
  return null
}

/** Commits that speak of this lot and come in their turn; repeats have their outcome already. */
async function listCandidates(ctx: Ctx, posted: Posted[], held: Map<string, Admitted>, outcomes: Outcomes): Promise<Candidate[]> {
  const tags = posted.map(one => tagsOf(ctx, one, held.get(one.commit.lotId)!.round))
  const acts = await readActs<'submit'>(
    ctx,
    tags.flatMap(({ before, own }) => (before ? [before, own] : [own])),
  )
  const found: Candidate[] = []
  for (const [i, one] of posted.entries()) {
    const lot = held.get(one.commit.lotId)!
    const { before, own } = tags[i]!
    const former = (before && acts.get(before)) || null
    await passes(outcomes, one, () => {
      checkScope(one.ctx, one.message, lot)
      const repeat = checkTurn(one, former, acts.get(own) ?? null)
      if (repeat) outcomes.set(one, { act: repeat })
      else found.push({ posted: one, held: lot, former, stages: [], revocation: [] })
    })
  }
  return found
}

/** Those whose organisation may bid here now: not debarred, and prequalified where the lot asks for it. */
async function listEligible(ctx: Ctx, candidates: Candidate[], outcomes: Outcomes): Promise<Candidate[]> {
  const bids = candidates.map(({ posted, held }) => ({ ...held, organisationId: personOf(posted.ctx).organisationId }))
  const debarred = await listDebarred(ctx, [...new Set(bids.map(one => one.organisationId))])
  const unqualified = await listUnqualified(ctx, bids)
  const found: Candidate[] = []
  for (const [i, one] of candidates.entries()) {
    const ban = debarred.get(bids[i]!.organisationId)
    const holds = await passes(outcomes, one.posted, () => {
      // Whoever may no longer bid may still withdraw (招标投标法 29).
      const isBid = one.posted.message.files.length > 0
      refuseUnless(!isBid || !ban, 'debarred', { endsOn: ban?.endsOn ?? '', source: ban?.source ?? '' })
      refuseUnless(!isBid || !isUnqualified(unqualified, bids[i]!), 'not-prequalified')
    })
    if (holds) found.push(one)
  }
  return found
}

/** Those whose signature holds now, made with the certificate the statement names. */
async function listSigned(ctx: Ctx, candidates: Candidate[], outcomes: Outcomes): Promise<Candidate[]> {
  const inputs = candidates.map(({ posted: { commit, message } }) => ({
    content: commit.statement,
    cms: commit.cms,
    organisationId: message.org,
  }))
  const verified = await verifyMany(ctx, inputs)
  const found: Candidate[] = []
  for (const [i, one] of candidates.entries()) {
    const result = verified[i]!
    const holds = await passes(outcomes, one.posted, () => {
      if (result instanceof Refusal) throw result
      refuseUnless(result.fingerprint === one.posted.message.cert, 'bad-signature', {
        reason: '签名证书与声明中的证书不同',
      })
    })
    if (holds && !(result instanceof Refusal)) found.push({ ...one, revocation: result.revocation })
  }
  return found
}

/** Those whose sealed files are here, whole, and sealed for this lot under its policy. */
async function listSealed(ctx: Ctx, candidates: Candidate[], outcomes: Outcomes): Promise<Candidate[]> {
  const policies: Map<string, CompletePolicy> = await readCompletePolicies(
    ctx,
    candidates.map(({ held }) => held),
  )
  const rows = await readUploads(
    ctx,
    candidates.flatMap(({ posted }) => Object.values(posted.commit.uploads)),
  )
  const turn = pace()
  const found: Candidate[] = []
  for (const one of candidates) {
    const { commit, message, ctx: own } = one.posted
    await passes(outcomes, one.posted, async () => {
      const policy = policies.get(one.held.lotId)
      refuseUnless(policy && policy.hash === message.policy, 'policy-mismatch')
      const uploaded = { uploads: commit.uploads, rows }
      const stages = await checkSealedFiles({ ...own, db: ctx.db, now: ctx.now }, message, policy.message, uploaded)
      found.push({ ...one, stages })
    })
    await turn()
  }
  return found
}

function actOf({ posted: { ctx, commit, message }, held, stages, revocation }: Candidate) {
  const { lotId, round, termsVersion } = held
  const at = held.now.toISOString()
  const { statement, cms, uploads } = commit
  const entry = prepareEntry(ctx, 'bid.submit', {
    sealed: true,
    payload: { t: 'tbid/entry.submit@1', statement, cms, at, termsVersion, revocation },
  })
  const { organisationId, personId } = personOf(ctx)
  const about = { lotId, round, organisationId, personId, at, entryId: entry.appended.entryId, statement, cms, termsVersion }
  const box: ActBox = { kind: 'submit', ...about, seq: message.seq, uploads, stages }
  const { salt, payload } = entry.appended
  const taken: Taken = { act: box, fresh: { entry: { salt: hex(salt), payload }, lot: held } }
  return { entry, taken, keep: { seq: message.seq, box } satisfies ActToKeep }
}

/** Writes acts and entries; of two at once for one place one is kept. */
async function keepAll(ctx: Ctx, candidates: Candidate[], outcomes: Outcomes): Promise<void> {
  const made = candidates.map(actOf)
  const kept = await keepActs(
    ctx,
    made.map(one => one.keep),
  )
  await appendPrepared(
    ctx,
    made.flatMap((one, i) => (kept[i] ? [one.entry] : [])),
  )
  for (const [i, { posted }] of candidates.entries())
    outcomes.set(posted, kept[i] ? made[i]!.taken : { refusal: new Refusal('changed-meanwhile') })
}

/** One transaction: every lot held, every commit checked by itself, what passes kept. */
async function takeAll(ctx: Ctx, posted: Posted[], isAlone: boolean): Promise<Outcomes> {
  const outcomes: Outcomes = new Map()
  const held = await holdLots(ctx.db, [...new Set(posted.map(one => one.commit.lotId))], isAlone)
  for (const one of posted)
    if (!held.has(one.commit.lotId)) {
      const isLocked = !isAlone && (await isOpen(ctx.db, one.commit.lotId))
      outcomes.set(one, isLocked ? { locked: true } : { refusal: await explain(ctx.db, one.commit.lotId) })
    }
  const now = [...held.values()][0]?.now ?? ctx.now
  const inner = { ...ctx, now }
  const inTurn = await listCandidates(
    inner,
    posted.filter(one => held.has(one.commit.lotId)),
    held,
    outcomes,
  )
  const signed = await listSigned(inner, inTurn, outcomes)
  const sealed = await listSealed(inner, await listEligible(inner, signed, outcomes), outcomes)
  await keepAll(inner, sealed, outcomes)
  return outcomes
}

async function refuse({ ctx, commit, refuse: answer }: Posted, error: unknown): Promise<void> {
  if (error instanceof Refusal)
    await recordRefusal(ctx, { lotId: commit.lotId, statementHash: messageHash(commit.statement), refusal: error })
  answer(error)
}

/** The receipts of what was taken; nothing that is known from taking it is read again. */
function receiptsOfTaken(ctx: Ctx, taken: Taken[]): Promise<Receipt[]> {
  const fresh = taken.flatMap(({ act, fresh }) => (fresh ? [{ act, ...fresh }] : []))
  return receiptsOf(
    ctx,
    taken.map(one => one.act),
    {
      entries: new Map(fresh.map(({ act, entry }) => [act.entryId, entry])),
      lots: new Map(fresh.map(({ act, lot }) => [act.lotId, lot])),
    },
  )
}

async function settle(ctx: Ctx, outcomes: Outcomes): Promise<void> {
  const kept = [...outcomes].flatMap(([posted, outcome]) => ('act' in outcome ? [{ posted, taken: outcome }] : []))
  await Promise.all(
    [...outcomes].map(([posted, outcome]) => ('refusal' in outcome ? refuse(posted, outcome.refusal) : undefined)),
  )
  if (kept.length > 0) {
    await ctx.platform.sequencer.flush()
    const receipts = await receiptsOfTaken(
      ctx,
      kept.map(one => one.taken),
    )
    for (const [i, { posted }] of kept.entries()) posted.answer(receipts[i]!)
  }
  for (const [posted, outcome] of outcomes) {
    if ('locked' in outcome) await takeCommits(ctx.platform, [posted], true)
  }
}

const own = (ctx: Ctx, db: Db): Ctx => ({ ...ctx, db, actor: { kind: 'system', name: 'commit' } })

/**
 * Takes commits as one group (crypto.md §10.1): the first statement holds their lots and gives the instant that counts, the rest
 * happens in the same short transaction, one checkpoint and one time-stamp serve all receipts. Every commit is answered or
 * refused by itself; every refusal is recorded with its time (条例 36).
 */
export async function takeCommits(platform: Platform, posted: Posted[], isAlone = false): Promise<void> {
  const { ctx } = posted[0]!
  try {
    const outcomes = await commitPool(platform).db.transaction(tx => takeAll(own(ctx, tx), posted, isAlone))
    await settle(own(ctx, platform.database.db), outcomes)
  } catch (error) {
    for (const one of posted) one.refuse(error)
  }
}
