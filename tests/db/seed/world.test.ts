import { afterAll, beforeAll, expect, test } from 'vitest'
import { organisation } from '@/db/schema/platform/identity'
import { seedWorld } from '@/db/seed/world'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { demoAccounts, demoPassword } from '~/platform/identity/demo'
import { listMemberships } from '~/platform/identity/session.server'
import { signInByPassword } from '~/platform/identity/sign-in.server'
import { isCreditCode } from '~/shared/credit-code'

let site: TestPlatform
beforeAll(async () => {
  site = await testPlatform()
  await seedWorld(await site.ctx())
})
afterAll(() => site.close())

test('every demo account signs in with the demo password, into its own role', async () => {
  for (const { login, role } of demoAccounts) {
    const { started } = await signInByPassword(await site.ctx({ kind: 'public' }), { login, password: demoPassword })
    expect([login, started.actor.role]).toEqual([login, role])
  }
})

test('every demo organisation has a valid credit code of its own', async () => {
  const rows = await (await site.ctx()).db.select().from(organisation)
  expect(rows.filter(row => !isCreditCode(row.creditCode))).toEqual([])
  expect(new Set(rows.map(row => row.name)).size).toBe(rows.length)
})

test('seeding again changes nothing', async () => {
  const ctx = await site.ctx()
  const before = await ctx.db.select().from(organisation)
  await seedWorld(ctx)
  expect(await ctx.db.select().from(organisation)).toEqual(before)
  const { started } = await signInByPassword(await site.ctx({ kind: 'public' }), { login: 'agency', password: demoPassword })
  expect(await listMemberships(ctx, started.actor.personId)).toHaveLength(1)
})

test('production has no demo world', async () => {
  const empty = await testPlatform()
  const ctx = await empty.ctx()
  const config = { ...empty.platform.config, isSandbox: false }
  await seedWorld({ ...ctx, platform: { ...empty.platform, config } })
  expect(await ctx.db.select().from(organisation)).toEqual([])
  await empty.close()
})
