// Unwraps and signs beside the page. It takes the deadline only from the cosigned lot.close (crypto.md §10.6).
import { base64, hex, unbase64, utf8 } from '@/crypto/bytes'
import { type GivenOut, giveOut, type ProvenClose, proveClose } from '@/crypto/give-out'
import { p256FromScalar } from '@/crypto/hpke'
import { KeyError, type KeyProvider, signContent, signingCertificate, unwrappersOf } from '@/crypto/keyprovider'
import { unwrapLotKey } from '@/crypto/lotkey'
import { webSuites } from '@/crypto/suite-web'
import { hpkeUnwrap, sm2Unwrap, type UnwrapKey } from '@/crypto/wrap'
import { keyFailureOf, openKey } from '~/platform/identity/open-key.worker'
import type { ReleaseProblem, ReleaseReply, ReleaseTask } from './release-client'

const tell = (reply: ReleaseReply) => self.postMessage(reply)
const refuse = (problem: ReleaseProblem) => tell({ kind: 'refused', problem })

/** A wrap that this key cannot open is passed over; a key that cannot be used ends the release. */
const passedOver = (error: unknown): null => {
  if (error instanceof KeyError) throw error
  return null
}

/** The custodian's key of this lot, out of its wrap; null when none of these certificates holds it. */
async function lotKeyOf(task: ReleaseTask, close: ProvenClose, keys: UnwrapKey[]): Promise<UnwrapKey | null> {
  const { platform, project, lot, round } = close.message
  const { wrapped, spki } = task.lotKey!
  const kid = hex(webSuites.intl.hash(unbase64(spki)))
  for (const key of keys) {
    const scope = { platform, project, lot, round, org: task.org }
    const secret = await unwrapLotKey(key, unbase64(wrapped), scope).catch(passedOver)
    if (secret) return key.alg === 'SM2' ? sm2Unwrap(kid, secret) : hpkeUnwrap(kid, p256FromScalar(secret))
  }
  return null
}

async function keysOf(task: ReleaseTask, close: ProvenClose, provider: KeyProvider): Promise<UnwrapKey[]> {
  const own = await unwrappersOf(provider)
  if (!task.lotKey) return own
  const key = await lotKeyOf(task, close, own)
  return key ? [key] : []
}

function provenOrNull(task: ReleaseTask): ProvenClose | null {
  try {
    return proveClose(task.bundle, task.trusted, task.allowUncosigned)
  } catch {
    return null
  }
}

async function sign(provider: KeyProvider, { message, report, given, bySpare, unusable }: GivenOut): Promise<void> {
  const signed = async (text: string | null) =>
    text ? { message: text, cms: base64(await signContent(provider, utf8(text))) } : null
  const [release, reported] = [await signed(message), await signed(report)]
  tell({ kind: 'done', release, report: reported, given, bySpare, unusable: unusable.length })
}

async function release(task: ReleaseTask): Promise<void> {
  const provider = await openKey(task.key)
  await signingCertificate(provider)
  const close = provenOrNull(task)
  if (!close) return refuse('close-unproven')
  const keys = await keysOf(task, close, provider)
  if (keys.length === 0) return refuse('not-this-key')
  const asked = { bundle: task.bundle, close, org: task.org, keys }
  const given = await giveOut(webSuites, asked, (done, total) => tell({ kind: 'progress', done, total }))
  if (!given.message && !given.report) return refuse('nothing-to-give')
  await sign(provider, given)
}

self.addEventListener('message', event => {
  release(event.data as ReleaseTask).catch((error: unknown) => tell({ kind: 'refused', ...keyFailureOf(error) }))
})
