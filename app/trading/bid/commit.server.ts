import { type ConfirmMessage, messageHash, readMessage } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import type { Ctx } from '~/platform/ctx'
import { authorise, personOf } from '~/platform/identity/authorise.server'
import type { RevocationEvidence } from '~/platform/identity/certificate.server'
import { verifySigned } from '~/platform/identity/signature.server'
import { append } from '~/platform/log/append.server'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { readCompletePolicy } from '../custody/policy.read.server'
import { refuseIneligible } from '../eligibility/eligibility.server'
import { latestNotice } from '../notice/insert-notice.server'
import { type Admitted, admit } from './admission.server'
import { commitPool } from './commit-pool.server'
import { post } from './commit-post.server'
import { checkScope } from './commit-scope.server'
import { receiptOf } from './receipt.server'
import { recordRefusal, refuseUnreadable } from './refused.server'
import { type ActBox, keepAct, listOwnActs, type OwnAct } from './sealed-act.server'
import { takeCommits } from './take-commits.server'

export interface Commit {
  lotId: string
  /** Canonical text of tbid/submit@1. */
  statement: string
  /** Detached CMS over it, base64. */
  cms: string
  /** fileId → id of its upload. */
  uploads: Record<string, string>
}

type Submitted = Extract<OwnAct, { kind: 'submit' }>

/** Reads a statement; one that cannot be read is refused and recorded like any other attempt. */
async function readOrRefuse<T>(ctx: Ctx, { lotId, statement }: Pick<Commit, 'lotId' | 'statement'>, read: () => T): Promise<T> {
  authorise(ctx.actor, 'bid.submit')
  personOf(ctx)
  try {
    return read()
  } catch (error) {
    throw await refuseUnreadable(ctx, lotId, statement, error instanceof Error ? error.message : 'statement')
  }
}

async function checkSignature(ctx: Ctx, message: ConfirmMessage, content: string, cms: string): Promise<RevocationEvidence[]> {
  const { fingerprint, revocation } = await verifySigned(ctx, { content, cms, organisationId: message.org })
  refuseUnless(fingerprint === message.cert, 'bad-signature', { reason: '签名证书与声明中的证书不同' })
  return revocation
}

async function checkPolicy(ctx: Ctx, message: ConfirmMessage, held: Admitted) {
  const policy = await readCompletePolicy(ctx, held.lotId, held.round)
  refuseUnless(policy && policy.hash === message.policy, 'policy-mismatch')
  return policy
}

type Signed = Pick<Commit, 'statement' | 'cms'>

/** The log entry of a confirmation, sealed, and what its box holds of it. */
async function enter(ctx: Ctx, held: Admitted, { statement, cms }: Signed, revocation: RevocationEvidence[]) {
  const { lotId, round, termsVersion } = held
  const at = held.now.toISOString()
  const payload = { t: 'tbid/entry.confirm@1', statement, cms, at, termsVersion, revocation }
  const { entryId } = await append(ctx, 'bid.confirm', { sealed: true, payload })
  const { organisationId, personId } = personOf(ctx)
  return { lotId, round, organisationId, personId, at, entryId, statement, cms, termsVersion }
}

async function keep(ctx: Ctx, seq: number, box: ActBox): Promise<ActBox> {
  refuseUnless(await keepAct(ctx, seq, box), 'changed-meanwhile')
  return box
}

/** Runs a confirmation in one short transaction on its own pool; whatever the rules refuse is recorded, sealed, before it is said. */
async function inCommit(ctx: Ctx, lotId: string, text: string, run: (inner: Ctx) => Promise<ActBox>): Promise<Receipt> {
  const box = await commitPool(ctx.platform)
    .db.transaction(tx => run({ ...ctx, db: tx }))
    .catch(async (error: unknown) => {
      if (error instanceof Refusal) await recordRefusal(ctx, { lotId, statementHash: messageHash(text), refusal: error })
      throw error
    })
  await ctx.platform.sequencer.flush()
  return receiptOf(ctx, box)
}

/**
 * Commits, replaces or (without files) withdraws a bid: on time iff the database's clock says so at its arrival (crypto.md §10.1,
 * 《电子招标投标办法》26–28). The same statement again gets the same receipt. Every refusal is recorded with its time (条例 36).
 */
export async function commitBid(ctx: Ctx, commit: Commit): Promise<Receipt> {
  const message = await readOrRefuse(ctx, commit, () => readMessage('tbid/submit@1', commit.statement))
  return post(ctx, commit, message, takeCommits)
}

/** The bid to be confirmed is the current one, made under older terms, and the notice is the one that changed them. */
async function checkChange(ctx: Ctx, message: ConfirmMessage, held: Admitted, last: Submitted | undefined): Promise<void> {
  refuseUnless(last && readMessage('tbid/submit@1', last.statement).files.length > 0, 'no-bid')
  refuseUnless(messageHash(last.statement) === message.statement, 'replayed')
  refuseUnless(last.termsVersion < held.termsVersion, 'already-current')
  const change = await latestNotice(ctx, held.lotId, 'correction')
  refuseUnless(change?.id === message.notice && change.bodyHash === message.noticeHash, 'notice-not-latest')
}

async function takeConfirmation(ctx: Ctx, commit: Signed & { lotId: string }, message: ConfirmMessage): Promise<ActBox> {
  const held = await admit(ctx, commit.lotId)
  const inner = { ...ctx, now: held.now }
  checkScope(inner, message, held)
  const own = { ...held, organisationId: personOf(ctx).organisationId }
  const earlier = await listOwnActs(inner, own, 'confirm')
  const same = earlier.find(act => act.statement === commit.statement)
  if (same) return same
  await checkChange(inner, message, held, (await listOwnActs(inner, own, 'submit')).at(-1))
  const revocation = await checkSignature(inner, message, commit.statement, commit.cms)
  await refuseIneligible(inner, own)
  await checkPolicy(inner, message, held)
  const entered = await enter(inner, held, commit, revocation)
  return keep(inner, earlier.length + 1, { kind: 'confirm', ...entered, statementHash: message.statement })
}

/** Keeps a sealed bid valid after a change of the tender document that leaves policy and keys as they were (crypto.md §10.6). */
export async function confirmBid(ctx: Ctx, commit: Omit<Commit, 'uploads'>): Promise<Receipt> {
  const message = await readOrRefuse(ctx, commit, () => readMessage('tbid/confirm@1', commit.statement))
  return inCommit(ctx, commit.lotId, commit.statement, inner => takeConfirmation(inner, commit, message))
}
