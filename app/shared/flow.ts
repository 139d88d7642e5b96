import { Refusal } from './refusal'

/** A process is a table: state → event → next state. */
export type Flow<State extends string, Event extends string> = Record<State, Partial<Record<Event, State>>>

/** The state after the event; refuses an event the table does not name for this state. */
export function next<S extends string, E extends string>(flow: Flow<S, E>, state: S, event: NoInfer<E>): S {
  const to = flow[state][event]
  if (to === undefined) throw new Refusal('wrong-state', { state, event })
  return to
}

/** What may happen now, in the order of the table. */
export function eventsOf<S extends string, E extends string>(flow: Flow<S, E>, state: S): E[] {
  return Object.keys(flow[state]) as E[]
}
