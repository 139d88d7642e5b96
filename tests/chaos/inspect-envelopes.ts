// What must be true besides of an opening in two envelopes (双信封): nothing of the second before it was opened, nothing of who failed ever.
import { readAnchors } from '@/bin/client/release'
import { type Bundle, proveClose } from '@/crypto/give-out'
import { checkPdf } from '@/crypto/pdfsign'
import type { Arena } from './arena'
import { type Cast, type ChaosLot, readable } from './cast'

type Found = Record<string, number>

const only = (isRight: boolean, problem: string) => (isRight ? [] : [problem])
const wrongOf = (found: Found, wanted: Found) =>
  Object.entries(wanted).flatMap(([what, n]) => only(found[what] === n, `${what}: ${found[what]}, not ${n}`))

/** Counts of a lot ($1) and the bidder who fails its review ($2), and what they have to be. */
interface Counted {
  sql: string
  wanted(all: number, passed: number): Found
}

/** By the rows: keys, prices and opened files of the second envelope, from when on, and whose. */
const byRows: Counted = {
  sql: `
    with opened as (select at from opening_event where lot_id = $1 and kind = 'envelope'),
      mine as (select id, organisation_id = $2 as failing, state, first_envelope from bid where lot_id = $1),
      keys as (select k.stage, k.opened_at, m.failing from stage_key k join mine m on m.id = k.bid_id)
    select (select count(*) from opened)::int as "times the second envelope was opened",
      (select count(*) from keys where stage = 'technical')::int as "first keys",
      (select count(*) from keys where stage = 'price')::int as "second keys",
      (select count(*) from keys where stage = 'price' and failing)::int as "second keys of who failed",
      (select count(*) from keys where stage = 'price' and opened_at < (select at from opened))::int as "second keys before their time",
      (select count(*) from read_out where lot_id = $1 and read_at < (select at from opened))::int as "prices before their time",
      (select count(*) from bid_file f join mine m on m.id = f.bid_id
        where m.failing and f.role = 'price' and (f.plain_file_id is not null or f.unpacked_at is not null))::int
        as "price files of who failed",
      (select count(*) from mine where failing and state = 'unopened' and first_envelope = 'rejected')::int as "bids left sealed",
      (select count(*) from mine where state = 'unopened')::int as "bids not opened"`,
  wanted: (all, passed) => ({
    'times the second envelope was opened': 1,
    'first keys': all,
    'second keys': passed,
    'second keys of who failed': 0,
    'second keys before their time': 0,
    'prices before their time': 0,
    'price files of who failed': 0,
    'bids left sealed': 1,
    'bids not opened': 1,
  }),
}

/** By what the hall told: in its order, each thing of a sitting once, and no word recorded of who had no part in the second. */
const byHall: Counted = {
  sql: `
    with told as (select kind, facts, seq > (select min(seq) from opening_event where lot_id = $1 and kind = 'envelope') as later
        from opening_event where lot_id = $1),
      words as (select later, facts ->> 'no' as no, count(*) as n from told where kind = 'answered' group by 1, 2)
    select (select count(*) from told where kind = 'read' and not later)::int as "read-outs before the second envelope",
      (select coalesce(sum(jsonb_array_length(facts -> 'bids')), 0) from told where kind = 'contents' and not later)::int
        as "first envelopes told",
      (select count(*) from told where kind = 'contents' and later)::int as "first envelopes told again",
      (select count(*) from told where kind = 'intermission')::int as "intermissions",
      (select count(*) from told where kind = 'recorded' and later)::int as "ends",
      (select count(*) from told where kind = 'objecting')::int as "frozen records",
      (select count(*) from told where kind = 'sealed')::int as "sealed records",
      (select count(*) from words where not later)::int as "words on the first record",
      (select count(*) from words where later)::int as "words on the second record",
      (select count(*) from words where n > 1)::int as "words told twice",
      (select count(*) from opening_confirmation where lot_id = $1 and stage = 'price' and organisation_id = $2)::int
        as "words of who failed",
      (select count(*) from opening_confirmation where lot_id = $1)::int as "words kept"`,
  wanted: (all, passed) => ({
    'read-outs before the second envelope': 0,
    'first envelopes told': all,
    'first envelopes told again': 0,
    intermissions: 1,
    ends: 1,
    'frozen records': 2,
    'sealed records': 2,
    'words on the first record': all,
    'words on the second record': passed,
    'words told twice': 0,
    'words of who failed': 0,
    'words kept': all + passed,
  }),
}

/** By the log: the entry that opens the second envelope stands once, after the first sitting and the sheets, before every price. */
const byLog: Counted = {
  sql: `
    with entries as (
        select action, idx > (select min(idx) from log_payload where lot_id = $1 and action = 'opening.envelope') as later
        from log_payload where lot_id = $1 and $2::uuid is not null)
    select (select count(*) from entries where action = 'opening.envelope')::int as "entries opening.envelope",
      (select count(*) from entries where action = 'opening.read' and not later)::int as "prices logged before the second envelope",
      (select count(distinct later) from entries where action = 'key.release')::int as "sittings with keys in the log",
      (select count(distinct later) from entries where action = 'opening.unlock')::int as "sittings with unlocked bids in the log",
      (select count(distinct later) from entries where action = 'opening.record')::int as "sittings with a record in the log",
      (select count(*) from entries where action = 'evaluation.submit' and later)::int as "sheets after the second envelope"`,
  wanted: () => ({
    'entries opening.envelope': 1,
    'prices logged before the second envelope': 0,
    'sittings with keys in the log': 2,
    'sittings with unlocked bids in the log': 2,
    'sittings with a record in the log': 2,
    'sheets after the second envelope': 0,
  }),
}

async function countedProblems({ query }: Arena, lot: ChaosLot, { sql, wanted }: Counted): Promise<string[]> {
  const [found] = await query<Found>(sql, [lot.id, lot.failing?.organisationId])
  return wrongOf(found ?? {}, wanted(lot.prices.size, readable(lot).size))
}

/** Whoever gives keys away could prove it: a cosigned entry names who passed and who stays sealed, whose bidder is served nothing. */
async function provenProblems({ query }: Arena, cast: Cast, lot: ChaosLot): Promise<string[]> {
  const [custodian] = cast.custodians
  const bundle = await custodian!.api.get<Bundle>(`/lots/${lot.id}/release-bundle`)
  const { envelope } = proveClose(bundle, await readAnchors(custodian!))
  const bids = await query<{ org: string; hash: string }>(
    'select organisation_id as org, statement_hash as hash from bid where lot_id = $1',
    [lot.id],
  )
  const hashesOf = (isFailing: boolean) =>
    bids.flatMap(({ org, hash }) => ((org === lot.failing?.organisationId) === isFailing ? [hash] : [])).sort()
  const failing = cast.bidders.find(party => party.organisationId === lot.failing?.organisationId)
  const served = bundle.bids.map(one => one.statementHash).sort()
  return [
    ...only(String(envelope?.passed.toSorted()) === String(hashesOf(false)), 'the proven entry names others who passed'),
    ...only(String(envelope?.unopened) === String(hashesOf(true)), 'the proven entry leaves others sealed'),
    ...only(String(served) === String(hashesOf(false)), 'heads of a sealed envelope are served'),
    ...only((await failing?.api.find(`/lots/${lot.id}/release-bundle`)) === null, 'who failed is served a bundle'),
  ]
}

/** Two records, and every signature that was taken on either holds in its published PDF, beside the platform's seal. */
async function recordProblems({ query }: Arena, { agency }: Cast, { id }: ChaosLot): Promise<string[]> {
  const signed = await query<{ stage: string; n: number }>(
    'select stage, count(*)::int as n from record_signature where lot_id = $1 group by stage',
    [id],
  )
  const papers = (await agency.api.get<{ id: string; kind: string; title: string }[]>(`/lots/${id}/papers`)).filter(
    paper => paper.kind === 'opening-record',
  )
  const problems: string[] = []
  for (const [stage, title] of [
    ['technical', '第一信封开标记录'],
    ['price', '第二信封开标记录'],
  ] as const) {
    const paper = papers.find(one => one.title === title)
    const pdf = paper && (await agency.api.bytes(`/papers/${paper.id}/file`))
    const signatures = pdf ? checkPdf(pdf) : []
    const taken = signed.find(one => one.stage === stage)?.n ?? 0
    const isRight = signatures.length === taken + 1 && signatures.every(one => one.ok)
    problems.push(...only(isRight, `${title}: ${signatures.length} signatures hold, ${taken} were taken`))
  }
  return problems
}

/** Everything that is wrong with the two envelopes of a lot. */
export async function inspectEnvelopes(arena: Arena, cast: Cast, lot: ChaosLot): Promise<string[]> {
  const asked = [provenProblems(arena, cast, lot), recordProblems(arena, cast, lot)]
  const served = await Promise.all(asked.map(one => one.catch((error: unknown) => [String(error)])))
  return [
    ...(await countedProblems(arena, lot, byRows)),
    ...(await countedProblems(arena, lot, byHall)),
    ...(await countedProblems(arena, lot, byLog)),
    ...served.flat(),
  ]
}
