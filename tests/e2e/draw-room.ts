import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { type PartySpec, partyPart } from '@/bin/actors/parts'
import { signIn } from '@/bin/client/api'
import { demoPassword } from '@/bin/client/keys'
import { root } from '@/bin/processes'
import type { Story } from './site'

/** The opening is another story: here the lot is put where its bids have just become known. */
export async function openLot(database: pg.Client, lotId: string): Promise<void> {
  const { rows } = await database.query(
    `select o.id from organisation o join membership m on m.organisation_id = o.id where m.role = 'bidder' limit 3`,
  )
  for (const { id } of rows) {
    const hash = randomUUID().replaceAll('-', '').repeat(2)
    await database.query(
      `insert into bid (id, lot_id, round, organisation_id, seq, state, statement, statement_hash, cms, leaf_idx, committed_at)
       values ($1, $2, 1, $3, 1, 'locked', '{}', $4, '', 0, now())`,
      [randomUUID(), lotId, id, hash],
    )
  }
  await database.query(`update lot set state = 'opening', closed_at = now() where id = $1`, [lotId])
}

async function startParty({ url, dataDir }: Story, role: PartySpec['role']): Promise<ChildProcess> {
  const { token } = await signIn(url, role, demoPassword)
  // The witness is the supervising body's, with the keys that body has.
  const name = role === 'witness' ? 'supervisor' : role
  const { args, env } = partyPart(url, { role, name, token, keys: join(dataDir, 'party', name) })
  return spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' })
}

/** The agents of a draw that are not the platform's own, and the witness of the log. */
export async function startParties(story: Story): Promise<ChildProcess[]> {
  const parties: ChildProcess[] = []
  for (const role of ['witness', 'supervisor', 'agency', 'third'] as const) parties.push(await startParty(story, role))
  return parties
}
