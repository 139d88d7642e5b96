import type { HallKind } from './hall'

/** What is read aloud: the opening's own course, not what people say or sign beside it. */
export const spokenKinds: ReadonlySet<HallKind> = new Set<HallKind>([
  'closed',
  'counted',
  'aborted',
  'bidders',
  'releasable',
  'read',
  'contents',
  'intermission',
  'scheduled',
  'envelope',
  'failed',
  'objecting',
  'confirming',
  'recorded',
  'parameter',
  'adjourned',
  'resumed',
  'extended',
  'restarted',
  'called',
])
