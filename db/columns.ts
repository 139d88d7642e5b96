/** The only place that knows how money, time, ids and hashes are stored. */
import { bigint, customType, date, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** UUID, made by the application (crypto.randomUUID): never a sequence that would tell an order of bids. */
export const id = (name = 'id') => uuid(name)
/** Money in 分 (1/100 yuan). */
export const fen = (name: string) => bigint(name, { mode: 'bigint' })
/** An instant. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
/** A day without a time, as 'YYYY-MM-DD'. */
export const day = (name: string) => date(name, { mode: 'string' })
/** A state from a closed list; the table adds the `check`. */
export const state = <const T extends readonly [string, ...string[]]>(name: string, list: T) => text(name, { enum: list })
/** A hash in lower-case hex. */
export const hash = (name: string) => text(name)
/** Raw bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: value => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  fromDriver: value => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
})
/** A span of time, from inclusive, to exclusive, as PostgreSQL writes it: `[2026-01-01T00:00:00Z,2026-01-01T04:00:00Z)`. */
export const timeRange = customType<{ data: string; driverData: string }>({ dataType: () => 'tstzrange' })
