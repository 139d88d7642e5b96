import type { OpeningPhase } from '@/db/schema/trading/opening'

export const talkRoles = ['host', 'supervisor', 'bidder'] as const
export type TalkRole = (typeof talkRoles)[number]

/** What people say to each other in the hall, and the host's calling of names (点名): told to everybody like the rest. */
export type TalkFacts = {
  /** `no` of a bidder. */
  message: { role: TalkRole; no: number | null; organisation: string; text: string }
  muted: { no: number; isMuted: boolean; reason: string }
  called: { call: number; endsAt: string }
  here: { call: number; no: number }
}
export type TalkKind = keyof TalkFacts

export type Message = TalkFacts['message'] & { key: string }
export type Call = { call: number; endsAt: string; here: number[] }
export type HallTalk = { messages: Message[]; muted: number[]; call: Call | null }

export const noTalk: HallTalk = { messages: [], muted: [], call: null }

/** Messages a page keeps; all of them stand in the log and in the events. */
const kept = 200

type Step<K extends TalkKind> = (hall: HallTalk, facts: TalkFacts[K]) => Partial<HallTalk>

export const talkSteps: { [K in TalkKind]: Step<K> } = {
  message: ({ messages }, f) => {
    const last = messages.at(-1)
    return { messages: [...messages, { ...f, key: String(last ? Number(last.key) + 1 : 1) }].slice(-kept) }
  },
  muted: ({ muted }, { no, isMuted }) => ({ muted: isMuted ? [...new Set([...muted, no])] : muted.filter(one => one !== no) }),
  called: (_, f) => ({ call: { ...f, here: [] } }),
  here: ({ call }, f) => ({
    call: call?.call === f.call && !call.here.includes(f.no) ? { ...call, here: [...call.here, f.no] } : call,
  }),
}

/**
 * Whether people may write: from the publication of the list of bidders to the record. Before it a message, or its mere
 * author, would tell who bids (《招标投标法》22, crypto.md §10.2); of fewer than three nobody is ever named.
 */
export const isTalkOpen = (phase: OpeningPhase | null, bids: number): boolean =>
  bids > 0 && phase !== null && phase !== 'recorded' && phase !== 'aborted'

/** A call's time, in seconds. */
export const callSeconds = { least: 30, usual: 60, most: 600 }
export const mostLetters = 300
