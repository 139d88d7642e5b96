import type { Role } from '@/db/schema/platform/identity'

/** Who is asked for at the desk: anybody, anybody signed in, or these roles. */
export type Audience = 'public' | 'signed-in' | readonly Role[]

const desk = ['agency', 'tenderer'] as const
const hall = ['hall-staff'] as const

/**
 * Every permission and who has it. Denied by default: a permission that is not here does not compile,
 * a role that is not listed may not (architecture.md §1.12). The operator (平台运维) has no right to any tender's content.
 */
export const permissions = {
  'portal.read': 'public',
  'log.read': 'public',
  'session.start': 'public',
  'session.end': 'signed-in',
  'session.switch': 'signed-in',
  'me.read': 'signed-in',
  'account.manage': 'signed-in',
  'desk.agency': desk,
  'desk.bidder': ['bidder'],
  'desk.expert': ['expert'],
  'desk.supervisor': ['supervisor', 'witness'],
  'desk.custodian': ['custodian'],
  'desk.clerk': hall,
  'desk.citizen': ['citizen'],
  'desk.admin': ['operator', 'exchange'],
  'organisation.register': 'public',
  'membership.manage': 'signed-in',
  'token.manage': 'signed-in',
  'certificate.manage': 'signed-in',
  'project.write': desk,
  'lot.write': desk,
  'lot.read': [...desk, 'supervisor'],
  'document.publish': desk,
  'notice.publish': desk,
  'policy.sign': desk,
  'custody.act': ['custodian'],
  'bid.submit': ['bidder'],
  'bid.read': ['bidder'],
  'opening.release': ['bidder', 'custodian'],
  'opening.confirm': ['bidder'],
  'opening.host': desk,
  'opening.supervise': ['supervisor'],
  'opening.act': [...desk, 'supervisor'],
  'opening.sign': [...desk, 'supervisor', 'bidder'],
  'opening.remedy': ['bidder'],
  'opening.attend': [...desk, 'supervisor', 'bidder', 'custodian'],
  'log.cosign': ['witness'],
  'timeline.read': ['supervisor', ...desk],
  'expert.manage': ['supervisor', 'operator'],
  'expert.act': ['expert'],
  'draw.request': desk,
  'draw.approve': ['supervisor'],
  'draw.act': ['agency', 'supervisor', 'custodian', 'witness'],
  'draw.read': 'public',
  'draw.void': [...desk, 'supervisor'],
  'draw.unlock': [...desk, 'supervisor'],
  'draw.records': ['supervisor', 'expert'],
  'invitation.answer': 'public',
  'evaluation.act': ['expert'],
  'evaluation.read': [...desk, 'supervisor', 'expert'],
  'award.write': desk,
  'archive.write': desk,
  'archive.read': [...desk, 'supervisor'],
  'hall.read': ['citizen', 'bidder', 'tenderer', 'agency', ...hall],
  'hall.apply': ['citizen', 'bidder', 'tenderer', 'agency'],
  'hall.handle': hall,
  'queue.read': ['operator'],
  'alarm.read': ['operator'],
  'alarm.raise': [],
  'sandbox.exchange': ['exchange'],
} as const satisfies Record<string, Audience>

export type Permission = keyof typeof permissions
