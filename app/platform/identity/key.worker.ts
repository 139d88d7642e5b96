// Signs and makes keys beside the page, so that no private key ever stands in it.
import type { KeyKind } from '@/crypto/algorithm'
import { base64, unhex, utf8 } from '@/crypto/bytes'
import { pkcs8OfScalar, spkiOfPoint } from '@/crypto/ec-key'
import { KeyError, type KeyUse, signContent, signContentDigest, signingCertificate } from '@/crypto/keyprovider'
import { makeBrowserKey } from '@/crypto/keyprovider-browser'
import { writeP12 } from '@/crypto/p12'
import { sm2Generate, sm2PublicKey } from '@/crypto/sm2'
import { webRandom } from '@/crypto/suite-web'
import { certificateOf } from '@/crypto/x509'
import type { KeyAnswer, KeyTask } from './key-client'
import { type ShelvedKey, shelveKeys } from './key-shelf'
import { keyFailureOf, openKey } from './open-key.worker'

const subtle = () => {
  if (!globalThis.crypto.subtle) throw new KeyError('insecure')
  return globalThis.crypto.subtle
}

async function sign({ key, texts }: Extract<KeyTask, { task: 'sign' }>): Promise<KeyAnswer> {
  const provider = await openKey(key)
  const { fingerprint, subject } = (await signingCertificate(provider)).certificate
  const cms = []
  for (const text of texts) cms.push(base64(await signContent(provider, utf8(text))))
  provider.close()
  return { ok: true, task: 'sign', cms, fingerprint, subject: subject.commonName }
}

async function signHash({ key, sha256, sm3 }: Extract<KeyTask, { task: 'sign-digest' }>): Promise<KeyAnswer> {
  const provider = await openKey(key)
  const cms = base64(await signContentDigest(provider, { sha256: unhex(sha256), sm3: unhex(sm3) }))
  provider.close()
  return { ok: true, task: 'sign-digest', cms }
}

interface MadeKey {
  pkcs8: Uint8Array
  spki: Uint8Array
}

/** Keys made and not yet closed into a file, in the order in which they were asked for. */
const made: MadeKey[] = []

async function makeKey(kind: KeyKind): Promise<MadeKey> {
  if (kind === 'sm2') {
    const secret = sm2Generate(webRandom)
    const point = sm2PublicKey(secret)
    return { pkcs8: pkcs8OfScalar('SM2', secret, point), spki: spkiOfPoint('SM2', point) }
  }
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
  const pair = await subtle().generateKey(kind === 'rsa' ? rsa : { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no key pair')
  const [pkcs8, spki] = await Promise.all([
    subtle().exportKey('pkcs8', pair.privateKey),
    subtle().exportKey('spki', pair.publicKey),
  ])
  return { pkcs8: new Uint8Array(pkcs8), spki: new Uint8Array(spki) }
}

async function make({ kind, count }: Extract<KeyTask, { task: 'make' }>): Promise<KeyAnswer> {
  made.length = 0
  for (let i = 0; i < count; i++) made.push(await makeKey(kind))
  return { ok: true, task: 'make', spki: made.map(key => base64(key.spki)) }
}

function close({ certificates, password }: Extract<KeyTask, { task: 'close' }>): KeyAnswer {
  const entries = certificates.map(({ certificate, chain }, i) => {
    const key = made[i]
    if (!key) throw new Error('no key for this certificate')
    return { pkcs8: key.pkcs8, certificate: certificateOf(certificate).der, chain: chain.map(text => certificateOf(text).der) }
  })
  const file = writeP12(entries, password)
  made.length = 0
  return { ok: true, task: 'close', file: file.buffer }
}

/** Keys made to stay here and not yet shelved, in the order in which they were asked for. */
const held: { use: KeyUse; key: CryptoKey }[] = []

async function makeHeld({ kind, uses }: Extract<KeyTask, { task: 'make-held' }>): Promise<KeyAnswer> {
  held.length = 0
  const spki = []
  for (const use of uses) {
    const { key, spki: publicKey } = await makeBrowserKey(kind, use)
    held.push({ use, key })
    spki.push(base64(publicKey))
  }
  return { ok: true, task: 'make-held', spki }
}

async function shelve({ certificates }: Extract<KeyTask, { task: 'shelve' }>): Promise<KeyAnswer> {
  const setId = crypto.randomUUID()
  const keys = certificates.map(({ certificate: text, chain }, i): ShelvedKey => {
    const key = held[i]
    if (!key) throw new Error('no key for this certificate')
    const { der, fingerprint, subject, notAfter } = certificateOf(text)
    const facts = { fingerprint, setId, subject: subject.commonName, notAfter: notAfter.toISOString() }
    return { ...key, ...facts, certificate: der, chain: chain.map(one => certificateOf(one).der) }
  })
  await shelveKeys(keys)
  held.length = 0
  return { ok: true, task: 'shelve', setId }
}

const tasks: { [T in KeyTask['task']]: (task: Extract<KeyTask, { task: T }>) => KeyAnswer | Promise<KeyAnswer> } = {
  sign,
  'sign-digest': signHash,
  make,
  close,
  'make-held': makeHeld,
  shelve,
}

async function answer(task: KeyTask): Promise<KeyAnswer> {
  try {
    return await (tasks[task.task] as (task: KeyTask) => Promise<KeyAnswer>)(task)
  } catch (error) {
    return { ok: false, ...keyFailureOf(error) }
  }
}

self.addEventListener('message', event => {
  void answer(event.data as KeyTask).then(reply => self.postMessage(reply))
})
