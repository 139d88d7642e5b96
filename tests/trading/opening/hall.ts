import { digestOf } from '@/crypto/algorithm'
import { unhex } from '@/crypto/bytes'
import { signDigest } from '@/crypto/cms'
import { canonical } from '@/crypto/jcs'
import { type ASigner, signText } from '@/tests/factories/certificate'
import { type ABid, type ATender, type AWitness, afterDeadline, release } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { findLot } from '~/trading/lot/find-lot.server'
import { answerRecord, answerScope } from '~/trading/opening/answer.server'
import { answerTextOf } from '~/trading/opening/answer-text'
import { findOpening } from '~/trading/opening/event.server'
import { readPublicOpening } from '~/trading/opening/read.server'
import { prepareRecord, signRecord } from '~/trading/opening/sign-record.server'

export const publicView = async (t: TestPlatform, { lotId }: ATender) => readPublicOpening(await t.ctx({ kind: 'public' }), lotId)

/** Closes the lot by the clock and lets the witness cosign: from here keys may be released. */
export async function close(t: TestPlatform, witness: AWitness, tender: ATender) {
  await afterDeadline(t, tender)
  await t.tick()
  await witness.cosign()
  await t.tick()
}

/** Everybody who holds a key gives it out. */
export async function releaseAll(t: TestPlatform, tender: ATender, bids: ABid[] = []) {
  for (const one of tender.custodians) await release(t, tender, one)
  for (const one of bids) await release(t, tender, one.bidder)
  await t.tick()
}

/** A bidder's signed word on the record. */
export async function answer(
  t: TestPlatform,
  tender: ATender,
  one: ABid,
  word: 'no-objection' | 'objection' = 'no-objection',
  text = '',
) {
  const ctx = await t.ctx(one.bidder.actor)
  const [found, row] = [await findLot(ctx, tender.lotId), (await findOpening(ctx, tender.lotId))!]
  const signed = answerTextOf(answerScope(ctx, found, row, one.bidder.actor.organisationId), { answer: word, text })
  if (signed !== canonical(JSON.parse(signed))) throw new Error('what is signed is not canonical')
  const cms = new Uint8Array(Buffer.from(await signText(signed, one.bidder.signer), 'base64'))
  return answerRecord(ctx, { lotId: tender.lotId, answer: word, text, cms })
}

/** Signs the record as a client does: asks for room, signs its digest, sends the CMS. */
export async function signTheRecord(t: TestPlatform, tender: ATender, actor: PersonActor, signer: ASigner) {
  const room = await prepareRecord(await t.ctx(actor), { lotId: tender.lotId })
  const digest = unhex(signer.certificate.key === 'sm2' ? room.sm3 : room.sha256)
  const cms = await signDigest({ digest }, signer)
  return { room, cms, send: async () => signRecord(await t.ctx(actor), { lotId: tender.lotId, room: room.room, cms }) }
}

export const sha256 = (bytes: Uint8Array) => Buffer.from(digestOf('sha256', bytes)).toString('hex')
