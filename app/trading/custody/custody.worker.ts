// Makes a custodian's key for one lot: the private half leaves this worker only wrapped to the custodian's own certificate.
import { base64, utf8 } from '@/crypto/bytes'
import { spkiOfPoint } from '@/crypto/ec-key'
import { encryptionCertificate, recipientOfHeld, signContent } from '@/crypto/keyprovider'
import { wrapLotKey } from '@/crypto/lotkey'
import { messageText } from '@/crypto/messages'
import { derivePublicPoint, freshSecret } from '@/crypto/public-point'
import { webRandom } from '@/crypto/suite-web'
import { keyFailureOf, openKey } from '~/platform/identity/open-key.worker'
import type { LotKeyAnswer, LotKeyTask } from './custody-client'

async function make({ suite, key, ...scope }: LotKeyTask): Promise<LotKeyAnswer> {
  const provider = await openKey(key)
  const recipient = recipientOfHeld(await encryptionCertificate(provider))
  const curve = suite === 'gm' ? 'SM2' : 'P-256'
  const secret = freshSecret(curve, webRandom)
  const spki = base64(spkiOfPoint(curve, derivePublicPoint(curve, secret)))
  const message = messageText({ t: 'tbid/lotkey@1', ...scope, spki })
  const cms = base64(await signContent(provider, utf8(message)))
  provider.close()
  return { ok: true, made: { message, cms, wrappedKey: base64(await wrapLotKey(recipient, secret, scope, webRandom)) } }
}

self.addEventListener('message', event => {
  make(event.data as LotKeyTask)
    .catch((error: unknown): LotKeyAnswer => ({ ok: false, ...keyFailureOf(error) }))
    .then(answer => self.postMessage(answer))
})
