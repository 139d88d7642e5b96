import { seedSpecialties } from '@/db/seed/specialties'
import { anActor } from '@/tests/factories/actor'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import type { PersonActor } from '~/platform/ctx'

/** A platform with its specialties, whose library somebody keeps who brings lists in over the API. */
export interface ImportDesk {
  t: TestPlatform
  api: TestApi
  keeper: PersonActor
  close(): Promise<void>
}

export async function anImportDesk(): Promise<ImportDesk> {
  const t = await testPlatform()
  const api = await testApi(t, endpoints)
  await seedSpecialties(await t.ctx())
  const close = async () => {
    await api.close()
    await t.close()
  }
  return { t, api, keeper: await anActor(t, 'supervisor'), close }
}
