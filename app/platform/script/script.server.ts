import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { desc, eq } from 'drizzle-orm'
import { logPayload } from '@/db/schema/platform/log'
import { command } from '../audit/command.server'
import type { Ctx, Platform } from '../ctx'
import { openJson } from '../vault/vault.server'

/** A script that handles keys or bids in the browser, as it is served. */
export interface ServedScript {
  /** What it is called in the source: seal.worker, key.worker, … */
  name: string
  path: string
  sha256: string
}

export const assetsFolder = resolve('build/client/assets')
const workerName = /^(.+\.worker)-[\w-]+\.js$/
const action = 'script.serve'

/** The worker scripts of a build, by name; none where nothing was built (development). */
export function listScripts(folder = assetsFolder): ServedScript[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap(file => {
      const name = workerName.exec(file)?.[1]
      if (!name) return []
      const sha256 = createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex')
      return [{ name, path: `/assets/${file}`, sha256 }]
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

type Entered = { payload: { facts: { scripts: string[] } } }

/** What the log says was served last, and since which entry; null while it says nothing. */
export async function readServed(ctx: Ctx): Promise<{ idx: number; scripts: string[] } | null> {
  const [row] = await ctx.db.select().from(logPayload).where(eq(logPayload.action, action)).orderBy(desc(logPayload.idx)).limit(1)
  if (!row?.box) return null
  const { payload } = openJson<Entered>(ctx.platform.vault, `log ${row.entryId}`, row.box)
  return { idx: row.idx, scripts: payload.facts.scripts }
}

const lineOf = ({ name, sha256 }: ServedScript) => `${name} ${sha256}`

/** Enters the hashes of the scripts in the log when they are not the ones it holds (crypto.md §10.14): nobody can be served another one unseen. */
const enter = command(action, async (ctx, { lines }: { lines: string[] }) => {
  const known = await readServed(ctx)
  const isKnown = JSON.stringify(known?.scripts) === JSON.stringify(lines)
  return { result: !isKnown, entry: isKnown ? null : { facts: { scripts: lines } } }
})

/** At the start of a web process. True when something new was entered. */
export async function recordScripts(ctx: Ctx, scripts = listScripts()): Promise<boolean> {
  if (scripts.length === 0) return false
  const isNew = await enter(ctx, { lines: scripts.map(lineOf) })
  if (isNew) await ctx.platform.sequencer.flush()
  return isNew
}

const served = new WeakMap<Platform, ServedScript[]>()

/** What this process serves; a build does not change under a running process. */
export function servedScripts(platform: Platform): ServedScript[] {
  const known = served.get(platform) ?? listScripts()
  served.set(platform, known)
  return known
}
