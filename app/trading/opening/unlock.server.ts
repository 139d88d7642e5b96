import { combineParts, type ShareFindings, type StageVerdict } from '@/crypto/stage'
import { nodeSuites } from '@/crypto/suite-node'
import { pace } from '~/platform/audit/pace.server'
import type { Ctx } from '~/platform/ctx'
import { priceRole } from '../bid/bid'
import { type KeptStage, stageFactsOfKept } from '../bid/kept-stage.server'
import type { OpeningRow } from './event.server'
import { type KnownBid, type KnownHall, type Parts, stageName } from './known-hall.server'
import type { ReadPrice } from './price-form'
import { readPriceFile } from './read-price.server'
import type { Failure } from './settle'

/** A stage whose key is known, and what was read with it; `read` is undefined where nothing is to be read or the machine failed. */
/** What a stage without a price holds, the first of two envelopes (双信封): its files' roles. */
export type Contents = { roles: string[] }

export type Opened = {
  bid: KnownBid
  stage: KeptStage
  key: Uint8Array
  findings: ShareFindings & { subset: number[] }
  read: ReadPrice | Contents | Failure | undefined
}

/** What the parts of a stage amount to now. */
export const verdictOfParts = (stage: KeptStage, parts: Parts): StageVerdict =>
  combineParts(stageFactsOfKept(nodeSuites, stage), parts)

/** Cheaper than trying: whether the parts of any way to open it are there. */
function mayOpen({ release, k }: KeptStage, { shares, partB }: Parts): boolean {
  const count = shares.filter(Boolean).length
  return release.some(need => need.every(part => (part === 'b' ? partB !== null : count >= k)))
}

/** The stages of a bid that this part of the opening is about. */
export const stagesDue = ({ stage }: Pick<OpeningRow, 'stage'>, { stages }: KnownBid): KeptStage[] =>
  stages.filter(one => stage === null || one.stage === stage)

/** The price in a stage that was opened, or what else it holds; undefined where the machine failed and will be asked again. */
export async function readIn(
  ctx: Ctx,
  hall: KnownHall,
  one: KnownBid,
  stage: KeptStage,
  key: Uint8Array,
): Promise<Opened['read']> {
  const file = stage.files.find(kept => kept.role === priceRole)
  if (!file) return { roles: stage.files.map(kept => kept.role) }
  return readPriceFile(ctx, hall.found.lot, stage, file, key).catch((error: unknown) => {
    ctx.platform.logger.error({ err: error, lotId: hall.found.lot.id, bidNo: one.no }, 'price file')
    return undefined
  })
}

async function open(ctx: Ctx, hall: KnownHall, one: KnownBid, stage: KeptStage, parts: Parts): Promise<Opened | null> {
  const name = stageName(one.id, stage.stage)
  const before = hall.opened.get(name)
  if (before) return before
  const verdict = verdictOfParts(stage, parts)
  if (verdict.state !== 'opened') return null
  const { subset, unfit, setAside, repeatedX, inconsistent, stageKey: key } = verdict
  const findings = { subset, unfit, setAside, repeatedX, inconsistent }
  const opened = { bid: one, stage, key, findings, read: await readIn(ctx, hall, one, stage, key) }
  hall.opened.set(name, opened)
  return opened
}

/** Opens what these parts open of the given bids, and reads the prices in it. What was opened before is not opened again. */
export async function openWith(
  ctx: Ctx,
  hall: KnownHall,
  row: OpeningRow,
  bids: Iterable<KnownBid>,
  partsOf: (name: string) => Parts | undefined,
): Promise<Opened[]> {
  const turn = pace()
  const opened: Opened[] = []
  for (const one of bids) {
    for (const stage of one.state === 'locked' ? stagesDue(row, one) : []) {
      const name = stageName(one.id, stage.stage)
      const parts = partsOf(name)
      if (hall.keys.has(name) || !parts || !mayOpen(stage, parts)) continue
      const now = await open(ctx, hall, one, stage, parts)
      if (now) opened.push(now)
      await turn()
    }
  }
  return opened
}
