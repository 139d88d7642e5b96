import type { Guest, Party } from '../client/party'

/** Something this part must do now. Doing it twice must do it once: a restart forgets what was under way. */
export interface Act {
  what: string
  run(): Promise<unknown>
}

/** A part of the demo world: what it must do, asked again and again. What it needs to know stands on the platform or in its folder. */
export type Play<P = Party> = (player: P, memory: Memory) => Promise<Act[]>

/** What a part remembers between two looks; lost at a restart, except for what it writes into its folder. */
export interface Memory {
  url: string
  folder: string
  seen: Map<string, unknown>
}

export type GuestPlay = Play<Guest>

/** Projects of the live demo tender begin with this. */
export const livePrefix = '直播演练'

/** Tenders of `npm run demo` against a running server bring their own parties. */
export const demoPrefix = '命令行演示'
