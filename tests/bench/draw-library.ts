// A library of a million: rows made by the database, and whoever can be drawn with a box that really opens.
import { sql } from 'drizzle-orm'
import type { RulesV2 } from '@/crypto/draw-rules'
import { spread } from '@/db/seed/expert'
import type { TestPlatform } from '@/tests/setup/platform'
import { closeJson } from '~/platform/vault/vault.server'

const employers = 6_400
/** Employers the agency asks to avoid. */
export const avoidedUnits = Array.from({ length: 40 }, (_, at) => `单位 ${at * 150 + 7}`)

/** 7 seats in 3 specialties with region quotas: of a million experts some 3,000 fit. */
export function benchRules(): RulesV2 {
  const { regions, specialties } = spread()
  const at = (part: number) => specialties[Math.floor(specialties.length * part)]!
  const [a, b, c] = [at(0.1), at(0.4), at(0.8)]
  const near = regions.filter((_, at) => at % 11 === 0).toSorted()
  const far = regions.filter((_, at) => at % 11 === 5).toSorted()
  const seats = [
    { seat: '技术', disc: [a], region: near, n: 3 },
    { seat: '造价', disc: [b], region: near, n: 2 },
    { seat: '外地', disc: [c], region: far, n: 2 },
  ]
  return { v: 2, seats, maxPerEmployer: 1, alternates: 2 }
}

/** Adds experts `from` to `to` with two specialties each, spread over regions and employers; admitted a year ago. */
export async function growLibrary(t: TestPlatform, from: number, to: number): Promise<void> {
  const { regions, specialties } = spread()
  const list = (all: string[]) => sql`string_to_array(${all.join(',')}, ',')`
  await t.platform.database.db.execute(sql`
    insert into expert (id, code, box, id_tag, disc, main_disc, region_code, employer_name, state, leaf, created_at, changed_at)
    select gen_random_uuid(), 'L' || lpad(i::text, 7, '0'), decode(repeat('ab', 180), 'hex'), encode(sha256(('id ' || i)::bytea), 'hex'),
           case when a = b then array[a] else array[least(a collate "C", b), greatest(a collate "C", b)] end, a, region,
           '单位 ' || (dice >> 7) % ${employers}, 'active', encode(sha256(('leaf ' || i)::bytea), 'hex'),
           trade_clock() - interval '1 year', trade_clock() - interval '1 year'
    from (
      select i, hashint4(i) & 2147483647 as dice,
             (${list(specialties)})[1 + (hashint4(i * 3) & 2147483647) % ${specialties.length}] as a,
             (${list(specialties)})[1 + (hashint4(i * 5) & 2147483647) % ${specialties.length}] as b,
             (${list(regions)})[1 + (hashint4(i * 7) & 2147483647) % ${regions.length}] as region
      from generate_series(${from}::int, ${to - 1}::int) i
    ) x`)
  await t.platform.database.db.execute(sql`analyze expert`)
}

/** Gives those who fit a seat a box that opens: the service calls them. Returns how many. */
export async function openBoxes(t: TestPlatform, rules: RulesV2): Promise<number> {
  const { db } = t.platform.database
  const codes = rules.seats.flatMap(seat => seat.disc)
  const { rows } = await db.execute<{ code: string }>(
    sql`select code from expert where disc && string_to_array(${codes.join(',')}, ',')`,
  )
  const person = { name: '测试专家', phone: '13900000000', idNumber: '350102198001010000', title: '高级工程师' }
  const boxes = rows.map(({ code }) => Buffer.from(closeJson(t.platform.vault, `expert ${code}`, person)).toString('base64'))
  await db.execute(sql`
    update expert set box = decode(x.box, 'base64')
    from jsonb_to_recordset(${JSON.stringify(rows.map(({ code }, at) => ({ code, box: boxes[at] })))}::jsonb) as x(code text, box text)
    where expert.code = x.code`)
  return rows.length
}
