import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startToken, type Token, type TokenOptions } from '@/bin/token/token'
import type { KeyKind } from '@/crypto/algorithm'
import { digestOf } from '@/crypto/algorithm'
import { utf8 } from '@/crypto/bytes'
import { checkDetached } from '@/crypto/cms-verify'
import {
  encryptionCertificate,
  type KeyProblem,
  type KeyProvider,
  type KeyUse,
  keyProblems,
  recipientOfHeld,
  signContent,
  signContentDigest,
  signingCertificate,
  unwrappersOf,
} from '@/crypto/keyprovider'
import { type BrowserKey, browserProvider, makeBrowserKey } from '@/crypto/keyprovider-browser'
import { fileProvider } from '@/crypto/keyprovider-file'
import { type TokenExchange, tokenProvider } from '@/crypto/keyprovider-token'
import { unwrapLotKey, wrapLotKey } from '@/crypto/lotkey'
import { writeP12 } from '@/crypto/p12'
import { nodeSuites } from '@/crypto/suite-node'
import { webRandom } from '@/crypto/suite-web'
import { bindingHash, unwrapSecret, wrapSecret } from '@/crypto/wrap'
import type { KeyUsage } from '@/crypto/x509'
import { type TestAuthority, testAuthority } from '@/tests/factories/authority'
import { tokenExchange } from '~/platform/identity/token-exchange'

const password = '口令 demo-2026'
const pin = '135790'
const usages: Record<KeyUse, KeyUsage[]> = {
  sign: ['digitalSignature', 'nonRepudiation'],
  encrypt: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
}
const uses = ['sign', 'encrypt'] as const

let authority: TestAuthority
const tokens: Token[] = []
beforeAll(async () => {
  authority = await testAuthority('p256')
})
afterAll(() => Promise.all(tokens.map(token => token.close())))

/** Making RSA keys and stretching passwords takes long: a file of a kind is made once. */
const files = new Map<string, Promise<Uint8Array>>()
function keyFile(kind: KeyKind, wanted: readonly KeyUse[] = uses): Promise<Uint8Array> {
  const name = [kind, ...wanted].join()
  const file = files.get(name) ?? makeKeyFile(kind, wanted)
  files.set(name, file)
  return file
}

async function makeKeyFile(kind: KeyKind, wanted: readonly KeyUse[]): Promise<Uint8Array> {
  const made = await Promise.all(wanted.map(use => authority.signer(kind, { usages: usages[use] })))
  const entry = ({ keys, certificate }: (typeof made)[number]) => ({ pkcs8: keys.pkcs8, certificate: certificate.der })
  return writeP12(
    made.map(one => ({ ...entry(one), chain: [authority.root.der] })),
    password,
  )
}

async function browserKeys(kind: KeyKind, wanted: readonly KeyUse[] = uses): Promise<BrowserKey[]> {
  const make = async (use: KeyUse): Promise<BrowserKey> => {
    const { key, spki } = await makeBrowserKey(kind, use)
    const certificate = await authority.issue(spki, { usages: usages[use] })
    return { use, key, certificate: certificate.der, chain: [authority.root.der] }
  }
  return Promise.all(wanted.map(make))
}

async function plugIn(file: Uint8Array, options: Partial<TokenOptions> = {}): Promise<Token> {
  const token = await startToken({ file, password, pin, ...options })
  tokens.push(token)
  return token
}

/** Every provider with every kind of key it can hold: all of them answer the same questions the same way. */
const providers: [string, KeyKind, (wanted?: readonly KeyUse[]) => Promise<KeyProvider>][] = [
  ...(['rsa', 'p256', 'sm2'] as const).flatMap((kind): typeof providers => [
    ['file', kind, async wanted => fileProvider(await keyFile(kind, wanted), password)],
    ['token', kind, async wanted => tokenProvider(tokenExchange([(await plugIn(await keyFile(kind, wanted))).url]), pin)],
  ]),
  ...(['rsa', 'p256'] as const).map((kind): (typeof providers)[number] => [
    'browser',
    kind,
    async wanted => browserProvider(await browserKeys(kind, wanted)),
  ]),
]

const bind = {
  project: 'P',
  lot: 'L',
  round: 1,
  stage: 'main',
  deadline: '2026-12-01T01:00:00Z',
  bidderCert: '00'.repeat(32),
  policy: '11'.repeat(32),
}
const problemOf = (work: Promise<unknown>): Promise<KeyProblem> =>
  work.then(
    () => expect.fail('it was not refused'),
    error => error.problem,
  )

describe.each(providers)('%s provider, %s', (source, kind, open) => {
  test('says what it is, lists its certificates with their uses, and never shows a key', async () => {
    const provider = await open()
    expect(provider.source).toBe(source)
    expect(provider.can.sign).toContain(kind)
    expect(provider.can.unwrap).toContain(kind)
    const held = await provider.certificates()
    expect(held.map(one => one.uses)).toEqual([['sign'], ['encrypt']])
    expect(held.map(one => one.certificate.key)).toEqual([kind, kind])
    expect(held[0]!.chain.map(one => one.fingerprint)).toEqual([authority.root.fingerprint])
    for (const one of held) expect(Object.keys(one).sort()).toEqual(['certificate', 'chain', 'uses'])
    provider.close()
  })

  test('signs a message, and content known by its digests, as CMS that holds', async () => {
    const provider = await open()
    const content = utf8('递交声明')
    const cms = await signContent(provider, content)
    const check = checkDetached(cms, content)
    expect(check).toMatchObject({ ok: true })
    const { certificate } = await signingCertificate(provider)
    expect(check.ok && check.message.signer.fingerprint).toBe(certificate.fingerprint)
    expect(checkDetached(cms, utf8('另一份')).ok).toBe(false)
    const digests = { sha256: digestOf('sha256', content), sm3: digestOf('sm3', content) }
    expect(checkDetached(await signContentDigest(provider, digests), content).ok).toBe(true)
  })

  test('opens what was wrapped to its encryption certificate, and nothing that is damaged or for somebody else', async () => {
    const provider = await open()
    const recipient = recipientOfHeld(await encryptionCertificate(provider))
    const suite = nodeSuites[kind === 'sm2' ? 'gm' : 'intl']
    const binding = bindingHash(suite, bind, 'b')
    const wrap = await wrapSecret(recipient, utf8('三十二字节的密钥'), binding, webRandom)
    const [key] = await unwrappersOf(provider)
    expect(key!.kid).toBe(recipient.kid)
    expect(await unwrapSecret(key!, wrap, binding)).toEqual(utf8('三十二字节的密钥'))
    expect(await unwrapSecret(key!, { ...wrap, kid: 'f'.repeat(64) }, binding)).toBeNull()
    expect(await unwrapSecret(key!, wrap, bindingHash(suite, { ...bind, lot: 'M' }, 'b'))).toBeNull()
    const damaged = `${wrap.ct.slice(0, -8)}${wrap.ct.endsWith('AAAAAAA=') ? 'BBBBBBB=' : 'AAAAAAA='}`
    await expect(unwrapSecret(key!, { ...wrap, ct: damaged }, binding)).rejects.toThrow()
  })

  test('keeps a custodian’s lot key', async () => {
    const provider = await open()
    const scope = { platform: 'E3500000717', project: 'P', lot: 'L', round: 1, org: 'O' }
    const secret = new Uint8Array(32).fill(7)
    const wrapped = await wrapLotKey(recipientOfHeld(await encryptionCertificate(provider)), secret, scope, webRandom)
    const [key] = await unwrappersOf(provider)
    expect(await unwrapLotKey(key!, wrapped, scope)).toEqual(secret)
  })

  test('without a certificate for the use it says which is missing', async () => {
    expect(await problemOf(signContent(await open(['encrypt']), utf8('甲')))).toBe('no-signing-key')
    expect(await problemOf(encryptionCertificate(await open(['sign'])))).toBe('no-encryption-key')
  })

  test('a certificate is used only as it allows, and only by its own provider', async () => {
    const provider = await open()
    const [sign, encrypt] = await provider.certificates()
    const { certificate } = await authority.signer('p256')
    const foreign = { certificate, chain: [], uses: [...uses] }
    expect(await problemOf(provider.signer(encrypt!))).toBe('unsupported')
    expect(await problemOf(provider.unwrapper(sign!))).toBe('unsupported')
    expect(await problemOf(provider.signer(foreign))).toBe('unsupported')
  })
})

describe('a key file', () => {
  test('does not open with another password or damaged', async () => {
    const file = await keyFile('sm2')
    for (const [bytes, word] of [[file, 'x'] as const, [file.subarray(0, 900), password] as const])
      expect(await problemOf((async () => fileProvider(bytes, word))())).toBe('wrong-password')
  })

  test('with SM2 keys goes through every use without an export call that ends Node', async () => {
    const source = `
      import { readFileSync } from 'node:fs'
      const { fileProvider } = await import('./crypto/keyprovider-file.ts')
      const { signContent, unwrappersOf, encryptionCertificate, recipientOfHeld } = await import('./crypto/keyprovider.ts')
      const provider = fileProvider(new Uint8Array(readFileSync(0)), ${JSON.stringify(password)})
      await signContent(provider, new Uint8Array(9))
      const [key] = await unwrappersOf(provider)
      console.log(key.alg, recipientOfHeld(await encryptionCertificate(provider)).alg)`
    const args = ['--import', 'tsx', '--input-type=module', '-e', source]
    const said = execFileSync(process.execPath, args, { input: await keyFile('sm2'), encoding: 'utf8' })
    expect(said.trim()).toBe('SM2 SM2')
  })
})

describe('browser-held keys', () => {
  test('cannot be exported, and there is no SM2 among them', async () => {
    for (const kind of ['rsa', 'p256'] as const)
      for (const use of uses) {
        const { key } = await makeBrowserKey(kind, use)
        expect(key.extractable).toBe(false)
        await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow()
      }
    expect(await problemOf(makeBrowserKey('sm2', 'sign'))).toBe('unsupported')
  })

  test('an empty shelf is told', async () => {
    expect(await problemOf((async () => browserProvider([]))())).toBe('no-browser-key')
  })
})

describe('a USB key', () => {
  const withPin = (token: Token, given: string | null = pin) => tokenProvider(tokenExchange([token.url]), given)

  test('a wrong PIN is told with the tries left; the third locks; the right one in between forgives', async () => {
    const token = await plugIn(await keyFile('p256'))
    const wrong = await withPin(token, '000000')
    await expect(signContent(wrong, utf8('甲'))).rejects.toMatchObject({ problem: 'wrong-pin', left: 2 })
    await signContent(await withPin(token), utf8('甲'))
    await expect(signContent(wrong, utf8('甲'))).rejects.toMatchObject({ problem: 'wrong-pin', left: 2 })
    await expect(signContent(wrong, utf8('甲'))).rejects.toMatchObject({ problem: 'wrong-pin', left: 1 })
    expect(await problemOf(signContent(wrong, utf8('甲')))).toBe('pin-locked')
    expect(await problemOf(signContent(await withPin(token), utf8('甲')))).toBe('pin-locked')
  })

  test('the middleware may ask its owner itself, who may cancel', async () => {
    let typed: string | null = pin
    const token = await plugIn(await keyFile('sm2'), { askOwner: async () => typed })
    const provider = await withPin(token, null)
    expect(checkDetached(await signContent(provider, utf8('甲')), utf8('甲')).ok).toBe(true)
    typed = null
    expect(await problemOf(signContent(provider, utf8('甲')))).toBe('cancelled')
  })

  test('not plugged in, pulled out in between, middleware not running, no answer in time: each by its name', async () => {
    const token = await plugIn(await keyFile('rsa'))
    const provider = await withPin(token)
    token.remove()
    expect(await problemOf(signContent(provider, utf8('甲')))).toBe('token-removed')
    expect(await problemOf(withPin(token))).toBe('no-token')
    token.insert()
    token.stall(true)
    const hasty: TokenExchange = request => tokenExchange([token.url])({ ...request, timeoutMs: 100 })
    expect(await problemOf(tokenProvider(hasty, pin))).toBe('timeout')
    await token.close()
    expect(await problemOf(withPin(token))).toBe('no-middleware')
    expect(await problemOf(tokenProvider(tokenExchange([]), pin))).toBe('no-middleware')
  })

  test('of several addresses the one that answers is used', async () => {
    const token = await plugIn(await keyFile('p256'))
    const provider = await tokenProvider(tokenExchange(['http://127.0.0.1:1', token.url]), pin)
    expect((await signContent(provider, utf8('甲'))).length).toBeGreaterThan(200)
  })

  test('pages of other sites and names that point here are turned away', async () => {
    const { url } = await plugIn(await keyFile('p256'))
    const hello = (headers: Record<string, string>) => fetch(`${url}/tbid-key/1/hello`, { method: 'POST', headers, body: '{}' })
    expect((await hello({ origin: 'https://evil.example' })).status).toBe(403)
    const { status, headers } = await hello({ origin: 'http://127.0.0.1:3000' })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, 'http://127.0.0.1:3000'])
  })

  test('answers that are none, and a signature that does not fit, are the middleware’s fault', async () => {
    const token = await plugIn(await keyFile('p256'))
    const honest = tokenExchange([token.url])
    const answers: [string, unknown][] = [
      ['hello', { protocol: 'tbid-key/2', maker: 'X', token: 'T', pin: 'passed' }],
      ['hello', null],
      ['list', { certificates: 'many' }],
      ['sign', { signature: 'MAYCAQECAQE=' }],
      ['sign', { plain: 'AA==' }],
    ]
    for (const [operation, body] of answers) {
      const lying: TokenExchange = async request =>
        request.operation === operation ? { kind: 'answer', status: 200, body } : honest(request)
      const work = async () => signContent(await tokenProvider(lying, pin), utf8('甲'))
      expect(await problemOf(work())).toBe('middleware-fault')
    }
  })

  test('whatever stands in an answer, and with whatever status, it ends in a named refusal', async () => {
    const { url } = await plugIn(await keyFile('p256'))
    const honest = tokenExchange([url])
    const [good] = ((await honest({ operation: 'list', body: {}, timeoutMs: 5_000 })) as { body: { certificates: object[] } })
      .body.certificates
    const bent = fc.oneof(
      fc.jsonValue(),
      fc.record({
        certificates: fc.array(fc.record({ id: fc.string(), certificate: fc.string(), chain: fc.array(fc.string()) })),
      }),
      fc.record({ certificates: fc.array(fc.constant({ ...good, chain: ['AAAA'] })) }),
      fc.record({ signature: fc.base64String({ minLength: 4 }) }),
      fc.record({ code: fc.string(), left: fc.integer() }),
    )
    const operations = fc.constantFrom('hello', 'list', 'sign')
    await fc.assert(
      fc.asyncProperty(operations, fc.constantFrom(200, 403, 409, 500), bent, async (operation, status, body) => {
        const lying: TokenExchange = async request =>
          request.operation === operation ? { kind: 'answer', status, body } : honest(request)
        const problem = await problemOf((async () => signContent(await tokenProvider(lying, pin), utf8('甲')))())
        expect(keyProblems).toContain(problem)
      }),
      { numRuns: 300 },
    )
  })
})
