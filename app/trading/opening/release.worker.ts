// Unwraps and signs beside the page. It takes the deadline only from the cosigned lot.close (crypto.md §10.6).
import { base64, hex, unbase64, utf8 } from '@/crypto/bytes'
import { signDetached } from '@/crypto/cms'
import { type GivenOut, giveOut, type ProvenClose, proveClose } from '@/crypto/give-out'
import { p256FromScalar } from '@/crypto/hpke'
import { unwrapLotKey } from '@/crypto/lotkey'
import { type KeyEntry, P12Error, readP12 } from '@/crypto/p12'
import { maySign, unwrapOf, webSigner } from '@/crypto/signature-web'
import { webSuites } from '@/crypto/suite-web'
import { hpkeUnwrap, sm2Unwrap, type UnwrapKey } from '@/crypto/wrap'
import type { ReleaseProblem, ReleaseReply, ReleaseTask } from './release-client'

const tell = (reply: ReleaseReply) => self.postMessage(reply)
const refuse = (problem: ReleaseProblem) => tell({ kind: 'refused', problem })

const kindOf = ({ kind }: KeyEntry) => (kind === 'sm2' ? 'gm' : 'intl')

/** The custodian's key of this lot, out of its wrap; null when none of these certificates holds it. */
async function lotKeyOf(task: ReleaseTask, close: ProvenClose, entries: KeyEntry[]): Promise<UnwrapKey | null> {
  const { platform, project, lot, round } = close.message
  const { wrapped, spki } = task.lotKey!
  const kid = hex(webSuites.intl.hash(unbase64(spki)))
  for (const entry of entries) {
    const scope = { platform, project, lot, round, org: task.org }
    const secret = await unwrapLotKey(await unwrapOf(entry), unbase64(wrapped), scope).catch(() => null)
    if (secret) return kindOf(entry) === 'gm' ? sm2Unwrap(kid, secret) : hpkeUnwrap(kid, p256FromScalar(secret))
  }
  return null
}

async function keysOf(task: ReleaseTask, close: ProvenClose, entries: KeyEntry[]): Promise<UnwrapKey[]> {
  if (!task.lotKey) return Promise.all(entries.map(unwrapOf))
  const key = await lotKeyOf(task, close, entries)
  return key ? [key] : []
}

function provenOrNull(task: ReleaseTask): ProvenClose | null {
  try {
    return proveClose(task.bundle, task.trusted, task.allowUncosigned)
  } catch {
    return null
  }
}

async function sign(entry: KeyEntry, { message, given, bySpare, unusable }: GivenOut): Promise<void> {
  const cms = base64(await signDetached(utf8(message!), await webSigner(entry)))
  tell({ kind: 'done', message: message!, cms, given, bySpare, unusable: unusable.length })
}

async function release(task: ReleaseTask): Promise<void> {
  if (!globalThis.crypto.subtle) return refuse('insecure')
  const entries = readP12(new Uint8Array(task.file), task.password)
  const signing = entries.find(maySign)
  if (!signing) return refuse('no-signing-key')
  const close = provenOrNull(task)
  if (!close) return refuse('close-unproven')
  const keys = await keysOf(task, close, entries)
  if (keys.length === 0) return refuse('not-this-key')
  const asked = { bundle: task.bundle, close, org: task.org, keys }
  const given = await giveOut(webSuites, asked, (done, total) => tell({ kind: 'progress', done, total }))
  if (!given.message) return refuse('nothing-to-give')
  await sign(signing, given)
}

self.addEventListener('message', event => {
  release(event.data as ReleaseTask).catch((error: unknown) => refuse(error instanceof P12Error ? 'wrong-password' : 'fault'))
})
