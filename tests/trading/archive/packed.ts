import type { ATender, AWitness } from '@/tests/factories/tender'
import type { TestPlatform } from '@/tests/setup/platform'
import { readArchiveFile } from '~/trading/archive/archive.read.server'
import { requestArchive } from '~/trading/archive/archive.server'
import { terminateLot } from '~/trading/notice/notice.server'

/** The archive of a lot that ends here: terminated, packed by the clock, covered by a cosigned checkpoint. */
export async function packedArchive(t: TestPlatform, witness: AWitness, { lotId, agency: actor }: ATender): Promise<Uint8Array> {
  const agency = await t.ctx(actor)
  await terminateLot(agency, { lotId, reason: '演练到此结束' })
  await requestArchive(agency, { lotId })
  await t.tick()
  await t.platform.sequencer.publish()
  await t.tick()
  await witness.cosign()
  await t.tick()
  return t.platform.store.read((await readArchiveFile(agency, lotId)).id)
}
