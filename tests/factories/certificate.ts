import { generateKeyPairSync } from 'node:crypto'
import type { KeyKind } from '@/crypto/algorithm'
import { type Signer, signDetached } from '@/crypto/cms'
import { signerOfPkcs8 } from '@/crypto/signature-node'
import { certificateOf } from '@/crypto/x509'
import type { TestPlatform } from '@/tests/setup/platform'
import type { PersonActor } from '~/platform/ctx'
import { type CertificateUse, issueDemoCertificate } from '~/platform/identity/certificate.server'

export interface KeyPair {
  spki: Uint8Array
  pkcs8: Uint8Array
}

/** A fresh key pair; an SM2 one is exported only in the forms that do not abort Node. */
export function aKeyPair(algorithm: KeyKind = 'p256'): KeyPair {
  const pair =
    algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: algorithm === 'sm2' ? 'SM2' : 'P-256' })
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' })
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  return { spki: new Uint8Array(spki), pkcs8: new Uint8Array(pkcs8) }
}

export interface ASigner extends Signer {
  fingerprint: string
  keys: KeyPair
}

/** A key certified by the demo CA for the actor's organisation (an expert: the person), ready to sign CMS. */
export async function aSigner(
  test: TestPlatform,
  actor: PersonActor,
  { algorithm = 'p256', use = 'sign' }: { algorithm?: KeyKind; use?: CertificateUse } = {},
): Promise<ASigner> {
  const keys = aKeyPair(algorithm)
  const spki = Buffer.from(keys.spki).toString('base64')
  const issued = await issueDemoCertificate(await test.ctx(actor), {
    use,
    suite: algorithm === 'sm2' ? 'gm' : 'intl',
    algorithm,
    spki,
  })
  const certificate = certificateOf(issued.certificate)
  const chain = issued.chain.map(certificateOf)
  return { certificate, chain, fingerprint: issued.fingerprint, keys, sign: signerOfPkcs8(algorithm, keys.pkcs8) }
}

/** A detached CMS over the UTF-8 bytes of a text, in base64. */
export const signText = async (text: string, signer: Signer): Promise<string> =>
  Buffer.from(await signDetached(new Uint8Array(Buffer.from(text)), signer)).toString('base64')
