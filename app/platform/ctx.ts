import type { Logger } from 'pino'
import type { Database, Db } from '@/db/client'
import type { Role } from '@/db/schema/platform/identity'
import type { Config } from './env.server'
import type { Store } from './files/store.server'
import type { Sequencer } from './log/sequencer.server'
import type { Vault } from './vault/vault.server'

/** What one process has one of. Made at start, handed to every request and job through its Ctx. */
export interface Platform {
  config: Config
  database: Database
  vault: Vault
  store: Store
  sequencer: Sequencer
  logger: Logger
}

/** Who acts. A person acts through one membership; the platform's own acts name their part. */
export type Actor =
  | {
      kind: 'person'
      personId: string
      name: string
      membershipId: string
      organisationId: string
      organisationName: string
      role: Role
      regionPrefix: string
      sector: string
      /** Permissions of the API token in use; undefined in a session (all of the role's). */
      scopes?: string[]
    }
  | { kind: 'system'; name: string }
  | { kind: 'public' }

export type PersonActor = Extract<Actor, { kind: 'person' }>

/** Everything a service may touch. `now` is the database's trade_clock(), read once per command or request. */
export interface Ctx {
  platform: Platform
  db: Db
  actor: Actor
  now: Date
  requestId: string
  /** Network address of the caller (电子招标投标办法 49); '' for the platform's own acts. */
  address: string
}
