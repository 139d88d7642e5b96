import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts, startActors } from '@/bin/actors/start'
import { connect, until } from '@/bin/client/api'
import { openKeys } from '@/bin/client/keys'
import { type Opening, readOpening } from '@/bin/client/opening'
import { type Story, startStory } from './site'

interface Listed {
  lotId: string
  lotName: string
  lotState: string
  projectName: string
}

let story: Story
let actors: { stop(): Promise<void> }

beforeAll(async () => {
  // The actors are processes of their own: they read how far ahead the opening falls from their environment.
  process.env.LIVE_AHEAD_SECONDS = '60'
  story = await startStory()
  actors = await startActors(story.url, story.dataDir)
}, 300_000)

afterAll(async () => {
  await actors?.stop()
  await story?.close()
})

const live = async (): Promise<Listed | undefined> => {
  const { items } = await connect(story.url).get<{ items: Listed[] }>('/notices?stage=tender')
  return items.find(item => item.projectName.startsWith('直播演练'))
}

test('the demo actors announce a tender by themselves, and its page counts down to the opening', async () => {
  const { lotId, lotName } = await until({ what: 'a live tender', seconds: 150, everyMs: 500 }, live)
  const watcher = await story.visitor()
  await watcher.go(`/lots/${lotId}/opening`)
  await watcher.page.getByText(lotName).first().waitFor()
  expect(watcher.complaints).toEqual([])
})

test('whoever only watches sees a real opening: bids sealed by several bidders are read out', async () => {
  const { lotId } = (await live())!
  const api = connect(story.url)
  const opening: Opening = await until({ what: 'the opening record', seconds: 240, everyMs: 1_000 }, async () => {
    const found = await readOpening(api, lotId)
    return found.phase === 'recorded' ? found : null
  })
  const read = opening.hall.bids.filter(bid => bid.read)
  expect(read.length).toBeGreaterThanOrEqual(3)
  const watcher = await story.visitor()
  await watcher.go(`/lots/${lotId}/opening`)
  await watcher.page.getByText(read[0]!.organisation).first().waitFor()
})

test('a visitor takes a part over: the account is taken, its keys can be had', async () => {
  const bidder = await story.signedIn('bidder1')
  const { activeUntil } = await connect(story.url).get<{ activeUntil: string | null }>('/sandbox/presence/bidder1')
  expect(Date.parse(activeUntil!)).toBeGreaterThan(Date.now())
  expect(await connect(story.url).get('/sandbox/presence/bidder5')).toEqual({ activeUntil: null })
  const file = join(mkdtempSync(join(tmpdir(), 'open-tender-keys-')), 'bidder1.p12')
  writeFileSync(file, await connect(story.url).bytes('/sandbox/demo-keys/bidder1.p12'))
  expect(openKeys(file, 'demo-2026').sign.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(() => openKeys(file, 'wrong')).toThrow()
  await bidder.context.close()
})

test('the accounts are printed with their parts', () => {
  expect(accounts()).toContain('bidder7')
  expect(accounts()).toContain('demo-2026')
})
