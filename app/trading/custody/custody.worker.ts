// Makes a custodian's key for one lot: the private half leaves this worker only wrapped to the custodian's own certificate.
import { base64, utf8 } from '@/crypto/bytes'
import { signDetached } from '@/crypto/cms'
import { spkiOfPoint } from '@/crypto/ec-key'
import { wrapLotKey } from '@/crypto/lotkey'
import { messageText } from '@/crypto/messages'
import { P12Error, readP12 } from '@/crypto/p12'
import { derivePublicPoint, freshSecret } from '@/crypto/public-point'
import { keysOf, recipientOf, webSigner } from '@/crypto/signature-web'
import { webRandom } from '@/crypto/suite-web'
import type { LotKeyAnswer, LotKeyTask } from './custody-client'

async function make({ suite, file, password, ...scope }: LotKeyTask): Promise<LotKeyAnswer> {
  if (!globalThis.crypto.subtle) return { ok: false, problem: 'insecure' }
  const { sign, encrypt } = keysOf(readP12(new Uint8Array(file), password))
  if (!sign) return { ok: false, problem: 'no-signing-key' }
  if (!encrypt) return { ok: false, problem: 'no-encryption-key' }
  const curve = suite === 'gm' ? 'SM2' : 'P-256'
  const secret = freshSecret(curve, webRandom)
  const spki = base64(spkiOfPoint(curve, derivePublicPoint(curve, secret)))
  const message = messageText({ t: 'tbid/lotkey@1', ...scope, spki })
  const cms = base64(await signDetached(utf8(message), await webSigner(sign)))
  return {
    ok: true,
    made: { message, cms, wrappedKey: base64(await wrapLotKey(recipientOf(encrypt), secret, scope, webRandom)) },
  }
}

self.addEventListener('message', event => {
  make(event.data as LotKeyTask)
    .catch((error: unknown): LotKeyAnswer => ({ ok: false, problem: error instanceof P12Error ? 'wrong-password' : 'fault' }))
    .then(answer => self.postMessage(answer))
})
