// Opens key files, signs and makes keys beside the page, so that neither password nor private key ever stands in it.
import type { KeyKind } from '@/crypto/algorithm'
import { base64, unhex, utf8 } from '@/crypto/bytes'
import { signDetached, signDigest } from '@/crypto/cms'
import { pkcs8OfScalar, spkiOfPoint } from '@/crypto/ec-key'
import { P12Error, readP12, writeP12 } from '@/crypto/p12'
import { maySign, webSigner } from '@/crypto/signature-web'
import { sm2Generate, sm2PublicKey } from '@/crypto/sm2'
import { webRandom } from '@/crypto/suite-web'
import { certificateOf } from '@/crypto/x509'
import type { KeyAnswer, KeyTask } from './key-client'

const subtle = () => {
  if (!globalThis.crypto.subtle) throw new Error('insecure')
  return globalThis.crypto.subtle
}

async function sign({ file, password, texts }: Extract<KeyTask, { task: 'sign' }>): Promise<KeyAnswer> {
  const entry = readP12(new Uint8Array(file), password).find(maySign)
  if (!entry) return { ok: false, problem: 'no-signing-key' }
  subtle()
  const signer = await webSigner(entry)
  const cms = []
  for (const text of texts) cms.push(base64(await signDetached(utf8(text), signer)))
  const { fingerprint, subject } = entry.certificate
  return { ok: true, task: 'sign', cms, fingerprint, subject: subject.commonName }
}

async function signHash({ file, password, sha256, sm3 }: Extract<KeyTask, { task: 'sign-digest' }>): Promise<KeyAnswer> {
  const entry = readP12(new Uint8Array(file), password).find(maySign)
  if (!entry) return { ok: false, problem: 'no-signing-key' }
  subtle()
  const signer = await webSigner(entry)
  const digest = unhex(signer.certificate.key === 'sm2' ? sm3 : sha256)
  return { ok: true, task: 'sign-digest', cms: base64(await signDigest({ digest }, signer)) }
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

async function answer(task: KeyTask): Promise<KeyAnswer> {
  try {
    if (task.task === 'sign') return await sign(task)
    if (task.task === 'sign-digest') return await signHash(task)
    return task.task === 'make' ? await make(task) : close(task)
  } catch (error) {
    if (error instanceof P12Error) return { ok: false, problem: 'wrong-password' }
    return { ok: false, problem: error instanceof Error && error.message === 'insecure' ? 'insecure' : 'fault' }
  }
}

self.addEventListener('message', event => {
  void answer(event.data as KeyTask).then(reply => self.postMessage(reply))
})
