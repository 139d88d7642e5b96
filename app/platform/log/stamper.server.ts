import { setTimeout as sleep } from 'node:timers/promises'
import type { SequencerParts } from './sequencer.server'

export interface Stamped {
  size: number
  /** The log-signed note that the token is over. */
  note: string
}

/** Gets RFC 3161 tokens for checkpoints. A TSA that is slow or away costs a receipt its token, never its time (crypto.md §10.8). */
export interface Stamper {
  /** Asks for a checkpoint's token and waits for it, but not for long: it may come after the receipt. */
  stamp(checkpoint: Stamped): Promise<void>
  /** Gets tokens that are missing, the newest first, until one fails; how many came. */
  catchUp(): Promise<number>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** How long a receipt waits for its token. */
const graceMs = 400
/** A TSA that failed or was slow is not waited for again before so long; the sweep comes back to what it missed. */
const restMs = 10_000
const atOnce = 8
/** Nobody waits for the disk here: should the database's machine fail at this instant, `catchUp` gets another token. */
const keepToken = `with soon as materialized (select set_config('synchronous_commit', 'off', true))
  update log_checkpoint set tsa_token = $2 from soon where size = $1 and tsa_token is null`
const caughtUpAtOnce = 50

export function makeStamper({ pool, timestamp }: Pick<SequencerParts, 'pool' | 'timestamp'>): Stamper {
  const underWay = new Set<Promise<boolean>>()
  let restUntil = Number.NEGATIVE_INFINITY

  const ask = async ({ size, note }: Stamped): Promise<boolean> => {
    const token = await timestamp(note).catch(() => null)
    if (!token) return false
    const values = [size, Buffer.from(token)]
    await pool.query(keepToken, values).catch(() => {})
    return true
  }
  const start = (checkpoint: Stamped): Promise<boolean> => {
    const asked = ask(checkpoint).finally(() => underWay.delete(asked))
    underWay.add(asked)
    return asked
  }
  const stamp = async (checkpoint: Stamped) => {
    if (performance.now() < restUntil || underWay.size >= atOnce) return
    const late = new AbortController()
    const inTime = await Promise.race([start(checkpoint), sleep(graceMs, false, { signal: late.signal }).catch(() => false)])
    late.abort()
    if (!inTime) restUntil = performance.now() + restMs
  }
  const catchUp = async () => {
    const { rows } = await pool.query<{ size: string; note: string }>(
      `select size, note from log_checkpoint where tsa_token is null and signed_at > trade_clock() - interval '1 day'
       order by size desc limit $1`,
      [caughtUpAtOnce],
    )
    let got = 0
    for (const { size, note } of rows) {
      if (!(await start({ size: Number(size), note }))) break
      got++
    }
    return got
  }
  const close = async () => void (await Promise.allSettled(underWay))
  return { stamp, catchUp, close }
}
