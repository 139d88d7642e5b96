import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SubmitMessage } from '@/crypto/messages'
import type { Receipt } from '@/crypto/receipt'
import type { Ctx, Platform } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import type { Commit } from './commit.server'

/** A commit whose last byte has come, and whoever waits for its receipt. */
export interface Posted {
  ctx: Ctx
  commit: Commit
  message: SubmitMessage
  answer(receipt: Receipt): void
  refuse(error: unknown): void
}

/** Takes these commits in one transaction; never throws: every one is answered or refused. */
export type Take = (platform: Platform, posted: Posted[]) => Promise<void>

/** Few enough that nobody waits long for the others' checks, and closing not for long for a transaction. */
const commitsAtOnce = 48
/** While the database writes one group the next is checked; the pool has twice as many connections. */
const groupsAtOnce = 4

type Post = { waiting: Posted[]; running: number }

const posts = new WeakMap<Platform, Post>()

const bidOf = ({ ctx, commit }: Posted) => `${commit.lotId} ${personOf(ctx).organisationId}`

/** Those who have waited longest; of one bid's versions one at a time, for each builds on the one before. */
function nextGroup(post: Post): Posted[] {
  const group: Posted[] = []
  const bids = new Set<string>()
  const rest: Posted[] = []
  for (const one of post.waiting) {
    const isNext = group.length < commitsAtOnce && !bids.has(bidOf(one))
    ;(isNext ? group : rest).push(one)
    bids.add(bidOf(one))
  }
  post.waiting = rest
  return group
}

async function run(platform: Platform, post: Post, take: Take): Promise<void> {
  post.running++
  // What came in the same turn of the event loop goes together; nobody waits longer than that for company.
  await nextTurn()
  for (let group = nextGroup(post); group.length > 0; group = nextGroup(post)) await take(platform, group)
  post.running--
}

/**
 * Takes a commit together with all that this process got at about the same time: transaction, log, checkpoint and time-stamp
 * are paid for a group and not for each. Resolves with its own receipt.
 */
export function post(ctx: Ctx, commit: Commit, message: SubmitMessage, take: Take): Promise<Receipt> {
  const { platform } = ctx
  const own: Post = posts.get(platform) ?? { waiting: [], running: 0 }
  posts.set(platform, own)
  return new Promise((answer, refuse) => {
    own.waiting.push({ ctx, commit, message, answer, refuse })
    if (own.running < groupsAtOnce) void run(platform, own, take)
  })
}
