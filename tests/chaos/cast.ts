// The parties of a chaos run: outsiders over HTTP, who simply try again while the site is down.
import {
  createLot,
  createProject,
  nameCustodians,
  publishDocument,
  publishNotice,
  signPolicy,
  waitForState,
} from '@/bin/client/agency'
import { submitBid } from '@/bin/client/bid'
import { cosignPolicy, giveLotKey, listCustody } from '@/bin/client/custodian'
import { demoPassword } from '@/bin/client/keys'
import { type Guest, type Party, partyOf } from '@/bin/client/party'
import { priceFile } from '@/bin/client/price'
import type { Arena } from './arena'

export interface Cast {
  agency: Party
  custodians: Party[]
  bidders: Party[]
  supervisor: Party
  /** Who reviews first envelopes (双信封); nobody where no lot has two. */
  experts: Guest[]
}

export async function makeCast({ url, folder }: Pick<Arena, 'url' | 'folder'>): Promise<Cast> {
  const join = (login: string) => partyOf(url, login, demoPassword, folder)
  return {
    agency: await join('agency'),
    custodians: await Promise.all(['custodian1', 'custodian2', 'custodian3'].map(join)),
    bidders: await Promise.all(['bidder1', 'bidder2', 'bidder3', 'bidder4'].map(join)),
    supervisor: await join('supervisor'),
    experts: [],
  }
}

export const modes = ['custody', 'both'] as const
export type Mode = (typeof modes)[number]

export interface Kind {
  mode: Mode
  /** 2: 双信封, the prices in the second. */
  envelopes: 1 | 2
}

export interface ChaosLot extends Kind {
  id: string
  endsAt: Date
  /** Price of each bidder, in fen. */
  prices: Map<string, string>
  /** Whose bid does not pass the review of the first of two envelopes. */
  failing: { organisationId: string; name: string } | null
}

/** The prices that may ever be read. */
export const readable = ({ prices, failing }: Pick<ChaosLot, 'prices' | 'failing'>) =>
  new Map([...prices].filter(([organisationId]) => organisationId !== failing?.organisationId))

const project = {
  name: '故障演练：河道整治工程',
  kind: 'works',
  method: 'open-tender',
  edition: 'works.open-tender@2026.1-drill',
  regionCode: '350102',
  sector: 'A01',
  isToLaw: true,
  tenderer: { name: '演练市水务局', creditCode: '113501020000000011' },
  fundSource: '财政资金',
  scale: '三公里',
  contact: '林安',
  phone: '0591-00000000',
}

const scoring = {
  method: 'comprehensive',
  formula: 'F2',
  priceWeight: '60',
  compliance: [{ code: 'C1', text: '投标函签署完整' }],
  items: [{ code: 'S1', name: '施工组织设计', max: '40', group: 'technical' }],
}

async function prepare(
  { agency, custodians }: Cast,
  tendererCode: string,
  { mode: releaseMode, envelopes }: Kind,
): Promise<string> {
  const owner = await createProject(agency.api, { ...project, tenderer: { ...project.tenderer, creditCode: tendererCode } })
  const lot = { name: `故障演练标段（${releaseMode}）`, content: '河道清淤', qualification: '水利三级', ceilingFen: '1000000000' }
  const made = await createLot(agency.api, owner.id, {
    ...lot,
    suite: 'intl',
    releaseMode,
    threshold: 2,
    releaseSeconds: 600,
    scoring,
    openingTerms: { envelopes },
  })
  const groups = ['tenderer-side', 'supervisor', 'third']
  await nameCustodians(
    agency.api,
    made.id,
    custodians.map((c, i) => ({ organisationId: c.organisationId, interestGroup: groups[i]! })),
  )
  const itemOf = async (party: Party) => (await listCustody(party)).find(item => item.lotId === made.id)!
  for (const party of custodians) await giveLotKey(party, await itemOf(party))
  await signPolicy(agency, made.id)
  for (const party of custodians) await cosignPolicy(party, await itemOf(party))
  await waitForState(agency.api, made.id, ['ready'], 20)
  const bytes = new TextEncoder().encode('%PDF-1.7\nchaos\n%%EOF\n')
  await publishDocument(agency.api, made.id, '招标文件', { bytes, name: '招标文件.pdf' })
  return made.id
}

/** A lot that only needs its notice: document published, policy signed. Asked again until it is made. */
export async function prepareLot(cast: Cast, tendererCode: string, kind: Kind): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prepare(cast, tendererCode, kind)
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

const priceOf = (i: number) => 900_000_000n + BigInt(i) * 1_000_001n

async function bidOf(party: Party, lotId: string, i: number): Promise<void> {
  const bytes = priceFile({ lot: lotId, fen: priceOf(i), durationDays: 90 + i, quality: '合格', manager: '王建国' })
  const technical = new TextEncoder().encode(`技术标 ${party.name}`)
  await submitBid(party, lotId, [
    { role: 'price', name: '开标一览表.json', type: 'application/json', bytes },
    { role: 'technical', name: '技术标.txt', type: 'text/plain', bytes: technical },
  ])
}

/** Announces a prepared lot; it closes at `endsAt`. */
export async function announce(cast: Cast, id: string, kind: Kind, endsAt: Date): Promise<ChaosLot> {
  await publishNotice(cast.agency.api, id, { title: '招标公告', body: '故障演练。', biddingEndsAt: endsAt })
  const prices = new Map(cast.bidders.map((party, i) => [party.organisationId, priceOf(i).toString()]))
  return { ...kind, id, endsAt, prices, failing: null }
}

/** Puts a sealed bid of each bidder in. */
export async function handInBids(cast: Cast, { id }: Pick<ChaosLot, 'id'>): Promise<void> {
  for (const [i, party] of cast.bidders.entries()) await bidOf(party, id, i)
}

/** A lot with four sealed bids, closing `seconds` from now. */
export async function aLot(cast: Cast, tendererCode: string, mode: Mode, seconds: number): Promise<ChaosLot> {
  const kind: Kind = { mode, envelopes: 1 }
  const id = await prepareLot(cast, tendererCode, kind)
  const lot = await announce(cast, id, kind, new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000))
  await handInBids(cast, lot)
  return lot
}
