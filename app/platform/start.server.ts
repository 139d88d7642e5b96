import { join } from 'node:path'
import pino, { type DestinationStream, type Logger } from 'pino'
import { connect, type Db } from '@/db/client'
import { tradeClock } from './audit/clock.server'
import type { Actor, Ctx, Platform } from './ctx'
import type { Config } from './env.server'
import { faultOf } from './fault'
import { openStore } from './files/store.server'
import { checkpointSigner } from './log/checkpoint.server'
import { makeSequencer } from './log/sequencer.server'
import { timestamp } from './log/timestamp.server'
import { openVault } from './vault/vault.server'

/** Names whose values never reach a log line. */
const redact = [
  'password',
  'token',
  'cookie',
  'authorization',
  'headers.cookie',
  'headers.authorization',
  '*.password',
  '*.token',
]

/** `to` is where lines go: the standard output unless told. */
export function makeLogger(config: Config, part: string, to?: DestinationStream): Logger {
  const options = { level: config.logLevel, base: { part }, redact, serializers: { err: faultOf } }
  return to ? pino(options, to) : pino(options)
}

/** Opens everything one process needs. `url` is the database's address; `poolSize` its connections. */
export async function startPlatform(config: Config, url: string, logger: Logger, poolSize = 20): Promise<Platform> {
  const database = connect(url, poolSize)
  const vault = openVault(join(config.dataDir, 'keys'))
  const sequencer = makeSequencer({
    pool: database.pool,
    signCheckpoint: checkpointSigner(config, vault),
    timestamp: note => timestamp(platform, note),
    onError: error => logger.error({ err: error }, 'log sequencer'),
  })
  const platform: Platform = { config, database, vault, store: openStore(join(config.dataDir, 'store')), sequencer, logger }
  return platform
}

export async function stopPlatform(platform: Platform): Promise<void> {
  await platform.sequencer.close()
  await platform.database.close()
}

/** A context for `actor`, its `now` read from the database. */
export async function makeCtx(
  platform: Platform,
  actor: Actor,
  request: { id?: string; address?: string; db?: Db; now?: Date } = {},
): Promise<Ctx> {
  const db = request.db ?? platform.database.db
  return {
    platform,
    db,
    actor,
    now: request.now ?? (await tradeClock(db)),
    requestId: request.id ?? crypto.randomUUID(),
    address: request.address ?? '',
  }
}

/** The platform acting by itself: audited like a person, under its part's name. */
export const systemCtx = (platform: Platform, name: string): Promise<Ctx> => makeCtx(platform, { kind: 'system', name })
