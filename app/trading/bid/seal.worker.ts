// Seals and signs a bid beside the page: keys, passwords and plaintext never stand in it, and nothing blocks it. It never speaks to the
// network; ciphertext goes into the browser's own store, from where the delivering worker takes it. What it knew ends with it.
import { base64, hex, unbase64, utf8 } from '@/crypto/bytes'
import { canonicalBytes } from '@/crypto/jcs'
import { keepsakeText } from '@/crypto/keepsake'
import {
  encryptionCertificate,
  type HeldCertificate,
  type KeyProvider,
  recipientOfHeld,
  signContent,
  signingCertificate,
  spareRecipient,
  tryKey,
} from '@/crypto/keyprovider'
import {
  type ConfirmMessage,
  messageHash,
  messageText,
  type PolicyMessage,
  type PolicyStage,
  readMessage,
  type SubmitMessage,
} from '@/crypto/messages'
import { type SealedFile, type StageSealer, sealStage } from '@/crypto/seal'
import { webRandom, webSuites } from '@/crypto/suite-web'
import type { Recipient } from '@/crypto/wrap'
import type { ChosenKey } from '~/platform/identity/chosen-key'
import { openKey } from '~/platform/identity/open-key.worker'
import { Failed, failureOf } from './failed.worker'
import type { KeptBid } from './kept-bid'
import { discardKeptBid, listKeptBids, putKeptBid } from './kept-bid-client'
import type { SealAnswer, SealScope, SealTask, Signed } from './seal-client'
import { type Content, checkFile, roomFor, sealAll } from './seal-files.worker'
import { checkRoom, checkStore, holdBid, sweepStore } from './sealed-store.worker'

const say = (answer: SealAnswer) => self.postMessage(answer)

/** The bidder's key, and the certificate that its acts on this lot are signed with. */
interface Hand {
  provider: KeyProvider
  sign: HeldCertificate
}

async function handOf(key: ChosenKey): Promise<Hand> {
  const provider = await openKey(key)
  return { provider, sign: await signingCertificate(provider) }
}

const kidOf = (spki: Uint8Array) => hex(webSuites.intl.hash(spki))

async function startStage(
  scope: SealScope,
  policy: PolicyMessage,
  stage: PolicyStage,
  { provider, sign }: Hand,
  spares: Recipient[],
): Promise<StageSealer> {
  const isGm = policy.suite === 'gm'
  const usesB = stage.mode !== 'custody'
  const lock = usesB ? recipientOfHeld(await encryptionCertificate(provider)) : null
  if (lock && (lock.alg === 'SM2') !== isGm) throw new Failed('wrong-suite')
  if (spares.some(one => (one.alg === 'SM2') !== isGm || one.kid === lock?.kid)) throw new Failed('spare-unfit')
  const { project, lot, round } = policy
  const bidderCert = sign.certificate.fingerprint
  return sealStage({
    suite: webSuites[policy.suite],
    random: webRandom,
    bind: { project, lot, round, stage: stage.stage, deadline: scope.deadline, bidderCert, policy: messageHash(scope.policy) },
    mode: stage.mode,
    bidderKeys: lock ? [lock, ...spares] : [],
    lotKeys: stage.custodians.map(({ lotKey }) => {
      const spki = unbase64(lotKey)
      return { alg: isGm ? ('SM2' as const) : ('HPKE-P256' as const), kid: kidOf(spki), spki }
    }),
    k: stage.k,
  })
}

function statementOf(scope: SealScope, policy: PolicyMessage, cert: string, files: SealedFile[]): string {
  const { platform, org, former } = scope
  const { project, lot, round } = policy
  const common = { platform, project, lot, round, policy: messageHash(scope.policy), org, cert }
  const message: SubmitMessage = {
    t: 'tbid/submit@1',
    ...common,
    seq: (former?.seq ?? 0) + 1,
    prev: former?.statementHash ?? null,
    files,
  }
  return messageText(message)
}

const signed = async ({ provider }: Hand, statement: string): Promise<string> =>
  base64(await signContent(provider, utf8(statement)))

/** A statement without files: signed, and told. */
async function tellSigned({ lotId }: SealScope, hand: Hand, statement: string, path: Signed['path']): Promise<void> {
  const cms = await signed(hand, statement)
  const signer = hand.sign.certificate.subject.commonName
  const what = { lotId, path, statement, cms, keptId: null }
  say({ kind: 'prepared', signed: what, statementHash: messageHash(statement), signer, files: [], keepsake: null })
}

/** What is kept of a bid until the platform has it: nothing that opens it, no name of a file. */
function keptOf(
  bidId: string,
  scope: SealScope,
  suite: KeptBid['suite'],
  statement: string,
  cms: string,
  files: SealedFile[],
): KeptBid {
  const { lotId, org, policy, deadline, termsVersion, former } = scope
  const kept = files.map(({ fileId, role, size, root }) => ({ fileId, role, size, root, uploadId: null, sent: 0 }))
  return {
    id: bidId,
    ...{ lotId, org, suite, policy, deadline, termsVersion, statement, cms },
    prev: former?.statementHash ?? null,
    statementHash: messageHash(statement),
    sealedAt: new Date().toISOString(),
    files: kept,
  }
}

function contentsOf({ scope, form, files }: Extract<SealTask, { task: 'prepare' }>): Content[] {
  const price = new Blob([canonicalBytes({ t: 'tbid/price@1', lot: scope.lotId, ...form })])
  return [
    { role: 'price', name: '开标一览表.json', type: 'application/json', blob: price },
    ...files.map(({ role, file }) => ({ role, name: file.name, type: file.type, blob: file })),
  ]
}

function sparesOf({ spare }: Extract<SealTask, { task: 'prepare' }>): Recipient[] {
  try {
    return spare ? [spareRecipient(new Uint8Array(spare))] : []
  } catch {
    throw new Failed('spare-unfit')
  }
}

async function sealAndSign(bidId: string, task: Extract<SealTask, { task: 'prepare' }>): Promise<void> {
  const { scope, key, files } = task
  const hand = await handOf(key)
  const { certificate } = hand.sign
  for (const file of files) await checkFile(file)
  const policy = readMessage('tbid/policy@1', scope.policy)
  const contents = contentsOf(task)
  await sweepStore()
  // A wrong PIN is told now, not after a gigabyte was sealed.
  await tryKey(hand.provider, hand.sign)
  await checkRoom(roomFor(contents))
  const spares = sparesOf(task)
  const twins = await sealAll(bidId, contents, {
    policy,
    sealerOf: stage => startStage(scope, policy, stage, hand, spares),
    onSealed: progress => say({ kind: 'progress', ...progress }),
  })
  const sealed = twins.map(({ file }) => file)
  const statement = statementOf(scope, policy, certificate.fingerprint, sealed)
  const cms = await signed(hand, statement)
  const kept = keptOf(bidId, scope, policy.suite, statement, cms, sealed)
  await putKeptBid(kept)
  const lines = sealed.map(({ role, size, root }, i) => ({ role, size, root, name: contents[i]?.name ?? '' }))
  const { lotId, statementHash } = kept
  const price = new Uint8Array(await contents[0]!.blob.arrayBuffer())
  const signer = certificate.subject.commonName
  say({
    kind: 'prepared',
    signed: { lotId, path: 'bids', statement, cms, keptId: bidId },
    ...{ statementHash, signer, files: lines },
    keepsake: keepsakeText({ lot: policy.lot, suite: policy.suite, statement: statementHash, price }, twins),
  })
}

/** Throws kept-already where this browser has a bid of this lot that has not reached the platform: of two only one could count. */
async function refuseSecond({ lotId, org }: SealScope): Promise<void> {
  if ((await listKeptBids()).some(kept => kept.lotId === lotId && kept.org === org)) throw new Failed('kept-already')
}

/**
 * Seals everything and signs at once, so that going on later needs no key. What is broken off leaves nothing behind; two pages never
 * seal for one lot at once.
 */
async function prepare(task: Extract<SealTask, { task: 'prepare' }>): Promise<void> {
  await checkStore()
  const { lotId, org } = task.scope
  await holdBid(`${lotId} ${org}`, async () => {
    await refuseSecond(task.scope)
    const bidId = crypto.randomUUID()
    await holdBid(bidId, () => sealAndSign(bidId, task)).catch(async error => {
      await discardKeptBid(bidId)
      throw error
    })
  })
}

async function withdraw({ scope, key }: Extract<SealTask, { task: 'withdraw' }>): Promise<void> {
  const hand = await handOf(key)
  const policy = readMessage('tbid/policy@1', scope.policy)
  await tellSigned(scope, hand, statementOf(scope, policy, hand.sign.certificate.fingerprint, []), 'bids')
}

async function confirm({ scope, key, statement, notice, noticeHash }: Extract<SealTask, { task: 'confirm' }>): Promise<void> {
  const hand = await handOf(key)
  const { project, lot, round } = readMessage('tbid/policy@1', scope.policy)
  const { platform, org } = scope
  const common = {
    platform,
    project,
    lot,
    round,
    policy: messageHash(scope.policy),
    org,
    cert: hand.sign.certificate.fingerprint,
  }
  const message: ConfirmMessage = { t: 'tbid/confirm@1', ...common, statement, notice, noticeHash }
  await tellSigned(scope, hand, messageText(message), 'bids/confirmation')
}

async function check(): Promise<void> {
  if (!globalThis.crypto.subtle) throw new Failed('insecure-page')
  await checkStore()
  say({ kind: 'able' })
}

async function run(task: SealTask): Promise<void> {
  try {
    if (task.task === 'check') await check()
    else if (task.task === 'prepare') await prepare(task)
    else if (task.task === 'withdraw') await withdraw(task)
    else await confirm(task)
  } catch (error) {
    say(failureOf(error))
  }
}

self.addEventListener('message', event => void run(event.data as SealTask))
