import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx, Platform } from '~/platform/ctx'
import type { ReleaseAnswer } from './release-check.server'

export type ReleaseInput = { lotId: string; message: string; cms: Uint8Array }

/** A message that waits to be taken, and whoever waits for its answer. */
export type Posted = {
  ctx: Ctx
  input: ReleaseInput
  answer: (answer: ReleaseAnswer) => void
  refuse: (error: unknown) => void
}

/** Takes these messages, by lot; never throws: every message is answered or refused. */
export type Take = (platform: Platform, byLot: Map<string, Posted[]>) => Promise<void>

/** Messages of one transaction, about: whole lots until there are so many. */
const messagesAtOnce = 600
/** Few lots with all that waits for each, rather than a little of many: a lot is locked, logged and told once a group. */
const lotsAtOnce = 32
/** While the database writes one group the next is checked. */
const groupsAtOnce = 2
/** How long the first message waits for company. */
const gatherMs = 3

type Post = { waiting: Map<string, Posted[]>; busy: Set<string>; running: number }

const posts = new WeakMap<Platform, Post>()

/** Whole lots, those that have waited longest first: one lot with many bids keeps no other waiting. */
function nextGroup({ waiting, busy }: Post): Map<string, Posted[]> {
  const group = new Map<string, Posted[]>()
  let count = 0
  for (const [lotId, messages] of waiting) {
    if (count >= messagesAtOnce || group.size >= lotsAtOnce) break
    if (busy.has(lotId)) continue
    group.set(lotId, messages)
    count += messages.length
  }
  for (const lotId of group.keys()) {
    waiting.delete(lotId)
    busy.add(lotId)
  }
  return group
}

async function run(platform: Platform, post: Post, take: Take): Promise<void> {
  post.running++
  await sleep(gatherMs)
  for (let group = nextGroup(post); group.size > 0; group = nextGroup(post)) {
    await take(platform, group)
    for (const lotId of group.keys()) post.busy.delete(lotId)
  }
  post.running--
  // What came for a lot while it was busy elsewhere.
  if (post.waiting.size > 0 && post.running === 0) void run(platform, post, take)
}

/**
 * Takes a message together with all that this process got at about the same time: checks, transaction, log and events are paid
 * for a group and not for each. Resolves with its own answer.
 */
export function post(ctx: Ctx, input: ReleaseInput, take: Take): Promise<ReleaseAnswer> {
  const { platform } = ctx
  const own: Post = posts.get(platform) ?? { waiting: new Map(), busy: new Set(), running: 0 }
  posts.set(platform, own)
  return new Promise((answer, refuse) => {
    const messages = own.waiting.get(input.lotId) ?? []
    messages.push({ ctx, input, answer, refuse })
    own.waiting.set(input.lotId, messages)
    if (own.running < groupsAtOnce) void run(platform, own, take)
  })
}
