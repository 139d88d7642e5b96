// What a rehearsal left behind is worth nothing in production: the same database and data folder, SCOPE=production.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pemOf } from '@/crypto/x509'
import { type ASigner, aSigner, signText } from '@/tests/factories/certificate'
import { anOrganisation } from '@/tests/factories/organisation'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { readConfig } from '~/platform/env.server'
import { type Suite, sandboxAuthority } from '~/platform/identity/authority.server'
import { bindCertificate, certificateFor, readSandboxCrl } from '~/platform/identity/certificate.server'
import { startChallenge, tokenByCertificate } from '~/platform/identity/challenge.server'
import { listDemoAccounts } from '~/platform/identity/demo.server'
import { verifySigned } from '~/platform/identity/signature.server'

let site: TestPlatform
let production: Platform
let who: Awaited<ReturnType<typeof anOrganisation>>
let signer: ASigner
const trust = () => join(site.platform.config.dataDir, 'trust')

beforeAll(async () => {
  site = await testPlatform()
  who = await anOrganisation(site)
  signer = await aSigner(site, who.actor)
  const { dataDir } = site.platform.config
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', DATABASE_URL: site.url, SCOPE: 'production' })
  production = { ...site.platform, config }
})
afterAll(() => site.close())

const inProduction = async (actor?: Parameters<TestPlatform['ctx']>[0]): Promise<Ctx> => ({
  ...(await site.ctx(actor)),
  platform: production,
})
const guest = () => inProduction({ kind: 'public' })

test('in the sandbox the same certificate and root are believed: the refusals below are of the scope alone', async () => {
  const content = '投标函'
  expect(await verifySigned(await site.ctx({ kind: 'public' }), { content, cms: await signText(content, signer) })).toBeTruthy()
  expect((await readAnchors(await site.ctx())).roots.map(root => root.scope)).toEqual(['sandbox', 'sandbox'])
})

test('anchors name no demo root and no demo time-stamper, and there are no demo accounts and no demo CRL', async () => {
  const { roots, tsa } = await readAnchors(await guest())
  expect([roots, tsa]).toEqual([[], []])
  expect(await listDemoAccounts(await guest())).toEqual([])
  for (const suite of ['intl', 'gm'] as const)
    await expect(readSandboxCrl(await guest(), suite)).rejects.toMatchObject({ code: 'not-found' })
})

test('a demo certificate signs nothing, signs nobody in, is not bound, and one bound before is not relied on', async () => {
  const cms = await signText('投标函', signer)
  const untrusted = expect.objectContaining({ code: 'cert-untrusted' })
  await expect(verifySigned(await guest(), { content: '投标函', cms })).rejects.toEqual(untrusted)
  const { id, nonce } = await startChallenge(await guest())
  const proof = { challengeId: id, cms: await signText(nonce, signer), label: '试验' }
  await expect(tokenByCertificate(await guest(), proof)).rejects.toEqual(untrusted)
  const certificate = Buffer.from(signer.certificate.der).toString('base64')
  await expect(bindCertificate(await inProduction(who.actor), { certificate })).rejects.toEqual(untrusted)
  await expect(certificateFor(await guest(), signer.fingerprint, new Date())).rejects.toEqual(untrusted)
})

test.each<Suite>(['intl', 'gm'])(
  'the demo root (%s) put among the trusted ones by hand is not taken, and is told',
  async suite => {
    const { certificate } = await sandboxAuthority(site.platform, suite)
    mkdirSync(trust(), { recursive: true })
    writeFileSync(join(trust(), 'renamed.pem'), pemOf('CERTIFICATE', certificate))
    const told: unknown[] = []
    const logger = { ...site.platform.logger, error: (...said: unknown[]) => void told.push(said) } as Platform['logger']
    const fresh: Ctx = { ...(await guest()), platform: { ...production, logger } }
    expect((await readAnchors(fresh)).roots).toEqual([])
    expect(JSON.stringify(told)).toContain('renamed.pem')
    const cms = await signText('投标函', signer)
    await expect(verifySigned(fresh, { content: '投标函', cms })).rejects.toMatchObject({ code: 'cert-untrusted' })
    rmSync(trust(), { recursive: true })
  },
)
