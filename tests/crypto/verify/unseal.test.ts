import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOffline } from '@/bin/build.mjs'
import { base64, hex, unbase64, utf8 } from '@/crypto/bytes'
import { checkDetached } from '@/crypto/cms-verify'
import { spkiOfPoint } from '@/crypto/ec-key'
import { wrapBindOf } from '@/crypto/header'
import { p256FromScalar } from '@/crypto/hpke'
import { isTwin, readKeepsake } from '@/crypto/keepsake'
import { sliceTree } from '@/crypto/merkle'
import { messageText, readMessage } from '@/crypto/messages'
import { type KeyEntry, readP12, writeP12 } from '@/crypto/p12'
import { combineStage } from '@/crypto/stage'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { sealBid } from '@/crypto/verify/seal'
import { ownPart, readHeadOf, unsealStage } from '@/crypto/verify/unseal'
import { bindingHash, hpkeUnwrap, unwrapSecret } from '@/crypto/wrap'
import { pemOf } from '@/crypto/x509'
import { keyPair, testAuthority } from '@/tests/factories/authority'

const folder = mkdtempSync(join(tmpdir(), 'unseal-'))
const at = (name: string) => join(folder, name)
const root = resolve(import.meta.dirname, '../../..')
const lotKeys = [1, 2, 3].map(() => nodeRandom(32).map((byte, i) => (i === 0 ? 0 : byte)))
let keys: KeyEntry[]
let policy: string
let paths: string[]

const run = (tool: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'bin/run.mjs'), `crypto/verify/${tool}.ts`, ...args], { cwd: root, encoding: 'utf8' })

beforeAll(async () => {
  const ca = await testAuthority('p256')
  const [sign, encrypt] = [keyPair('p256'), keyPair('p256')]
  const certified = [
    { pkcs8: sign.pkcs8, certificate: (await ca.issue(sign.spki)).der },
    { pkcs8: encrypt.pkcs8, certificate: (await ca.issue(encrypt.spki, { usages: ['keyAgreement', 'keyEncipherment'] })).der },
  ]
  writeFileSync(at('keys.p12'), writeP12(certified, 'secret'))
  writeFileSync(at('password'), 'secret\n')
  keys = readP12(new Uint8Array(readFileSync(at('keys.p12'))), 'secret')
  const custodians = lotKeys.map((secret, i) => ({
    org: `C${i}`,
    group: `g${i}`,
    cert: String(i).repeat(64),
    lotKey: base64(spkiOfPoint('P-256', p256FromScalar(secret).point)),
  }))
  const stage = { stage: 'main', roles: ['price', 'technical'], mode: 'both' as const, k: 2, custodians }
  const scope = { platform: 'PT', project: 'P', lot: 'L', round: 1 }
  policy = messageText({ t: 'tbid/policy@1', ...scope, suite: 'intl', stages: [stage], tsa: [], witnesses: [], prev: null })
  writeFileSync(at('policy.json'), JSON.stringify({ payload: policy, hash: '' }))
  writeFileSync(at('price.json'), '{"priceFen":"1"}')
  writeFileSync(at('技术标.pdf'), new Uint8Array(3_000_000).fill(65))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function merkleRoot(content: Uint8Array): Promise<Uint8Array> {
  const tree = sliceTree(nodeSuites.intl.hash)
  await tree.push(content)
  return tree.root()
}

async function shares(): Promise<(Uint8Array | null)[]> {
  const { header, suite } = readHeadOf(paths[0]!)
  return Promise.all(
    header.parts.c!.shares.map((wrap, i) =>
      unwrapSecret(hpkeUnwrap(wrap.kid, p256FromScalar(lotKeys[i]!)), wrap, bindingHash(suite, wrapBindOf(header.bind), `c${i}`)),
    ),
  )
}

test('the offline tool seals a bid whose statement is signed and names every file', () => {
  const common = [
    '--policy',
    at('policy.json'),
    '--org',
    'B1',
    '--deadline',
    '2026-12-01T01:30:00Z',
    '--keys',
    at('keys.p12'),
    '--password-file',
    at('password'),
  ]
  const done = run('seal', ...common, '--out', at('sealed'), `price=${at('price.json')}`, `technical=${at('技术标.pdf')}`)
  expect(done.stderr.replace(/npm warn.*\n/g, '')).toBe('')
  expect(done.status).toBe(0)
  const statement = readFileSync(at('sealed/statement.json'), 'utf8')
  const message = readMessage('tbid/submit@1', statement)
  expect(checkDetached(unbase64(readFileSync(at('sealed/statement.cms'), 'utf8')), utf8(statement)).ok).toBe(true)
  paths = message.files.map(file => at(`sealed/${file.fileId}.tbid`))
  expect(paths.map(readHeadOf).map(head => head.hash)).toEqual(message.files.map(file => file.head))
  expect(hex(nodeSuites.intl.hash(utf8(policy)))).toBe(message.policy)
  const again = run('seal', ...common, '--after', at('sealed/statement.json'), '--out', at('second'), `price=${at('price.json')}`)
  expect([again.status, readMessage('tbid/submit@1', readFileSync(at('second/statement.json'), 'utf8')).seq]).toEqual([0, 2])
})

test('what the bidder keeps proves its files later and opens nothing', async () => {
  const keepsake = readKeepsake(readFileSync(at('sealed/keepsake.json'), 'utf8'))
  expect(keepsake.statement).toBe(hex(nodeSuites.intl.hash(readFileSync(at('sealed/statement.json')))))
  const content = new Uint8Array(readFileSync(at('技术标.pdf')))
  const kept = keepsake.files.find(file => file.role === 'technical')!
  const root = await merkleRoot(content)
  expect(isTwin(nodeSuites.intl, kept, root)).toBe(true)
  content[0]! ^= 1
  expect(isTwin(nodeSuites.intl, kept, await merkleRoot(content))).toBe(false)
  const stated = readMessage('tbid/submit@1', readFileSync(at('sealed/statement.json'), 'utf8')).files
  expect(keepsake.files.map(file => file.twin)).toEqual(stated.map(file => file.twin))
  // A salt is no key: as a stage key or as the bidder's part it opens nothing.
  const heads = paths.map(readHeadOf)
  for (const { twinSalt } of keepsake.files)
    expect(combineStage({ heads, shares: [], partB: unbase64(twinSalt) }).state).toBe('waiting')
  expect(() => readKeepsake(JSON.stringify({ ...keepsake, key: 'x' }))).toThrow()
})

test('a bid sealed to a spare certificate as well is opened with the spare keys when the main ones are lost', async () => {
  const ca = await testAuthority('p256')
  const [sign, encrypt] = [keyPair('p256'), keyPair('p256')]
  const der = (await ca.issue(encrypt.spki, { usages: ['keyAgreement'] })).der
  writeFileSync(at('spare.cer'), der)
  writeFileSync(at('spare.pem'), pemOf('CERTIFICATE', der))
  writeFileSync(at('only-signs.cer'), (await ca.issue(sign.spki, { usages: ['digitalSignature'] })).der)
  const common = ['--policy', at('policy.json'), '--org', 'B1', '--deadline', '2026-12-01T01:30:00Z']
  const key = ['--keys', at('keys.p12'), '--password-file', at('password')]
  const seal = (spare: string, out: string) =>
    run('seal', ...common, ...key, '--spare', at(spare), '--out', at(out), `price=${at('price.json')}`)
  expect(seal('spare.cer', 'spared').status).toBe(0)
  expect(seal('spare.pem', 'spared-pem').status).toBe(0)
  expect(seal('only-signs.cer', 'unfit').status).toBe(2)
  writeFileSync(at('spare.p12'), writeP12([{ pkcs8: encrypt.pkcs8, certificate: der }], 'secret'))
  const spare = readP12(new Uint8Array(readFileSync(at('spare.p12'))), 'secret')
  const [file] = readdirSync(at('spared')).filter(name => name.endsWith('.tbid'))
  const head = readHeadOf(join(at('spared'), file!))
  expect(head.header.parts.b!.to.map(wrap => wrap.kid)[1]).toBe(spare[0]!.certificate.fingerprint)
  expect(await ownPart(head, spare)).toEqual(await ownPart(head, keys))
})

test('the bidder’s keys and two shares open it again, by the program alone', async () => {
  const given = await shares()
  const parts = [0, 2].flatMap(i => ['--part', `c${i}=${base64(given[i]!)}`])
  const done = run(
    'unseal',
    '--keys',
    at('keys.p12'),
    '--password-file',
    at('password'),
    ...parts,
    '--out',
    at('opened'),
    ...paths,
  )
  expect(done.status, done.stderr).toBe(0)
  expect(readdirSync(at('opened')).sort()).toEqual(['price-price.json', 'technical-技术标.pdf'])
  expect(readFileSync(at('opened/technical-技术标.pdf')).equals(readFileSync(at('技术标.pdf')))).toBe(true)
})

test('what is missing is said with exit 3, a wrong part with exit 1, a wrong password with exit 2', async () => {
  const given = await shares()
  const share = (i: number) => ['--part', `c${i}=${base64(given[i]!)}`]
  const wrong = ['--part', `b=${base64(new Uint8Array(32))}`]
  expect(run('unseal', ...wrong, ...share(0), '--out', at('x'), ...paths).status).toBe(3)
  expect(run('unseal', ...wrong, ...share(0), ...share(1), '--out', at('x'), ...paths).status).toBe(1)
  writeFileSync(at('bad'), 'wrong')
  expect(run('unseal', '--keys', at('keys.p12'), '--password-file', at('bad'), '--out', at('x'), ...paths).status).toBe(2)
  expect(run('unseal').status).toBe(2)
})

test('a damaged file leaves nothing behind', async () => {
  const bent = readFileSync(paths[1]!)
  bent[bent.length - 5] = bent[bent.length - 5]! ^ 1
  writeFileSync(at('bent.tbid'), bent)
  const b = await ownPart(readHeadOf(paths[0]!), keys)
  await expect(unsealStage([paths[0]!, at('bent.tbid')], { b, shares: await shares() }, at('damaged'))).rejects.toThrow()
  expect(readdirSync(at('damaged'))).toEqual(['price-price.json'])
  await expect(
    sealBid({ policy, org: 'B', deadline: 'x', keys, spares: [], after: null, files: [], out: at('never') }),
  ).rejects.toThrow()
  expect(execFileSync('ls', [at('sealed')], { encoding: 'utf8' })).toContain('statement.json')
})

test('each tool is one file that Node runs alone, in a folder with nothing else in it', async () => {
  await bundleOffline()
  const tools = mkdtempSync(join(tmpdir(), 'tools-'))
  for (const name of ['seal', 'unseal', 'verify'])
    copyFileSync(join(root, `dist/offline/${name}.mjs`), join(tools, `${name}.mjs`))
  const alone = (tool: string, ...args: string[]) =>
    spawnSync(process.execPath, [`${tool}.mjs`, ...args], {
      cwd: tools,
      encoding: 'utf8',
      env: { ...process.env, NODE_PATH: '' },
    })
  const own = ['--keys', at('keys.p12'), '--password-file', at('password')]
  const order = ['--policy', at('policy.json'), '--org', 'B1', '--deadline', '2026-12-01T01:30:00Z', '--out', 'sealed']
  const sealed = alone('seal', ...own, ...order, `price=${at('price.json')}`)
  expect(sealed.status, sealed.stderr).toBe(0)
  const message = readMessage('tbid/submit@1', readFileSync(join(tools, 'sealed/statement.json'), 'utf8'))
  const file = join(tools, `sealed/${message.files[0]!.fileId}.tbid`)
  paths = [file]
  const given = await shares()
  const parts = [0, 1].flatMap(i => ['--part', `c${i}=${base64(given[i]!)}`])
  const opened = alone('unseal', ...own, ...parts, '--out', 'opened', file)
  expect(opened.status, opened.stderr).toBe(0)
  expect(readFileSync(join(tools, 'opened/price-price.json'), 'utf8')).toBe('{"priceFen":"1"}')
  expect(alone('verify').status).toBe(2)
  expect(alone('verify', file).status).toBe(1)
  rmSync(tools, { recursive: true })
}, 60_000)
