// What a procurement agency (招标代理) does, from the project to the archive.
import { type Api, until } from './api'
import { signText } from './keys'
import type { Party } from './party'

export interface Made {
  id: string
  code: string
}

export interface Lot {
  id: string
  projectId: string
  code: string
  name: string
  round: number
  state: string
  suite: 'intl' | 'gm'
  releaseMode: string
  threshold: number
  biddingEndsAt: string | null
  closedAt: string | null
  failReason: string | null
}

export interface Custodian {
  organisationId: string
  interestGroup: string
}

export const readLot = (api: Api, lotId: string): Promise<Lot> => api.get<Lot>(`/lots/${lotId}`)

/** Waits until the lot is in one of the states; a failed or ended lot is said at once. */
export async function waitForState(api: Api, lotId: string, states: string[], seconds = 60): Promise<Lot> {
  return until({ what: `lot ${lotId} to be ${states.join(' or ')}`, seconds }, async () => {
    const lot = await readLot(api, lotId)
    if (states.includes(lot.state)) return lot
    if (['failed', 'terminated'].includes(lot.state)) throw new Error(`lot ${lot.code} is ${lot.state}: ${lot.failReason ?? ''}`)
    return null
  })
}

export const createProject = (api: Api, project: object): Promise<Made> => api.post<Made>('/projects', project)

export const createLot = (api: Api, projectId: string, lot: object): Promise<Made> =>
  api.post<Made>(`/projects/${projectId}/lots`, lot)

export const nameCustodians = (api: Api, lotId: string, custodians: Custodian[]): Promise<{ state: string }> =>
  api.post(`/lots/${lotId}/custodians`, { custodians })

/** Signs the sealing policy that the platform composed from the custodians' keys; null while a key is missing. */
export async function signPolicy(party: Party, lotId: string): Promise<string | null> {
  const draft = await party.api.find<{ payload: string }>(`/lots/${lotId}/policy-draft`)
  if (!draft) return null
  await party.api.post(`/lots/${lotId}/policy`, { payload: draft.payload, cms: await signText(party.keys, draft.payload) })
  return draft.payload
}

export const publishDocument = (
  api: Api,
  lotId: string,
  title: string,
  file: { bytes: Uint8Array; name: string },
): Promise<{ fileId: string }> =>
  api.send(`/lots/${lotId}/documents?title=${encodeURIComponent(title)}&kind=document`, { ...file, type: 'application/pdf' })

/** RFC 3339 to the second, as deadlines are written in signed messages. */
export const toSecond = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`

export const publishNotice = (
  api: Api,
  lotId: string,
  notice: { title: string; body: string; biddingEndsAt: Date },
): Promise<{ id: string }> => api.post(`/lots/${lotId}/notice`, { ...notice, biddingEndsAt: toSecond(notice.biddingEndsAt) })

export interface Seat {
  seat: string
  disc: string[]
  region: string[] | null
  n: number
}

export interface DrawWanted {
  size: number
  seats: Seat[]
  avoid: { organisationName: string; creditCode?: string; reason: string }[]
  evaluationAt: Date
  place: string
  hours: number
  answerSeconds?: number
  revealSeconds?: number
}

export const requestDraw = (api: Api, lotId: string, draw: DrawWanted): Promise<{ id: string; drawId: string }> =>
  api.post(`/lots/${lotId}/draws`, { kind: 'committee', ...draw, evaluationAt: draw.evaluationAt.toISOString() })

export const publishCandidates = (api: Api, lotId: string): Promise<{ id: string }> =>
  api.post(`/lots/${lotId}/candidates-notice`)

export const award = (api: Api, lotId: string, bidId: string): Promise<unknown> => api.post(`/lots/${lotId}/award`, { bidId })

export const archive = (api: Api, lotId: string): Promise<unknown> => api.post(`/lots/${lotId}/archive`)
