import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedHall } from '@/db/seed/hall'
import { aCase, aHall, applicant, type Hall, materials } from '@/tests/factories/hall'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { readCase } from '~/hall/case/case.read.server'
import { submitCase } from '~/hall/case/case.server'
import { listItems, readItem } from '~/hall/catalogue/catalogue.read.server'
import { publishItem } from '~/hall/catalogue/catalogue.server'
import { personOf } from '~/platform/identity/authorise.server'

let platform: TestPlatform
let hall: Hall

beforeAll(async () => {
  platform = await testPlatform()
  hall = await aHall(platform)
})
afterAll(() => platform?.close())

async function nextVersion(change: { promisedDays: number }) {
  const clerk = await hall.as('clerk')
  const {
    id: _id,
    version: _v,
    organisationName: _o,
    publishedAt: _p,
    withdrawnAt: _w,
    ...item
  } = await readItem(clerk, (await listItems(clerk))[0]!.id)
  return publishItem(clerk, { ...item, ...change, organisationId: personOf(clerk).organisationId })
}

test('seeding twice keeps one item', async () => {
  await seedHall(await platform.ctx())
  expect(await listItems(await platform.ctx())).toHaveLength(1)
  expect(await listItems(await platform.ctx(), '专家')).toHaveLength(1)
  expect(await listItems(await platform.ctx(), '100%')).toHaveLength(0)
})

test('the promised limit never exceeds the legal one', async () => {
  await expect(nextVersion({ promisedDays: 21 })).rejects.toMatchObject({ code: 'bad-input' })
})

test('a new version withdraws the old; a case keeps the version it was handed in under', async () => {
  const caseId = await aCase(hall)
  const { version } = await nextVersion({ promisedDays: 3 })
  expect(version).toBe(2)
  expect((await readCase(await hall.as('citizen'), caseId)).item.promisedDays).toBe(5)
  expect((await listItems(await platform.ctx())).map(item => item.promisedDays)).toEqual([3])
  const old = submitCase(await hall.as('citizen'), { itemId: hall.itemId, applicant, materials })
  await expect(old).rejects.toMatchObject({ code: 'item-withdrawn' })
})
