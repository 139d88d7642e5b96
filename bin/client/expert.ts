// An evaluation expert: the invitation by message, the seat, arrival, declaration. The sandbox's telephone exchange plays them.
import { type Api, connect, isProblem, type SignedIn } from './api'
import type { Guest } from './party'

export interface SandboxMessage {
  id: string
  at: string
  to: string
  channel: 'sms' | 'voice' | 'email'
  text: string
}

export interface Invitation {
  code: string
  to: string
  city: string
  at: string
  hours: number
  answerBy: string
  state: string
}

const codeIn = (text: string) => /邀请码 ([0-9A-Z]{12})/.exec(text)?.[1] ?? null

/** Messages that the sandbox delivered after this one. */
export const listMessages = (exchange: Guest, after: string | null): Promise<SandboxMessage[]> =>
  exchange.api.get<SandboxMessage[]>(`/sandbox/messages${after ? `?after=${after}` : ''}`)

/** The invitation in a message, with what it says of time and place; null when the message is something else. */
export async function readInvitation(url: string, message: SandboxMessage): Promise<Invitation | null> {
  const code = codeIn(message.text)
  const found = code && (await connect(url).find<Omit<Invitation, 'code' | 'to'>>(`/invitations/${code}`))
  return code && found ? { code, to: message.to, ...found } : null
}

/** An expert who accepted: the token that the acceptance gave, and the lot. */
export interface Expert {
  name: string
  lotId: string
  api: Api
  token: string
}

interface Answered {
  login: SignedIn | null
  lotId: string | null
}

export async function acceptInvitation(url: string, { code }: Invitation): Promise<Expert> {
  const { login, lotId } = await connect(url).post<Answered>(`/invitations/${code}`, { answer: 'accept' })
  if (!login || !lotId) throw new Error('invitation: accepted without a token')
  return expertOf(url, { name: login.name, lotId, token: login.token })
}

/** An expert who accepted before, from what was kept. */
export const expertOf = (url: string, kept: { name: string; lotId: string; token: string }): Expert => ({
  ...kept,
  api: connect(url, kept.token),
})

export const declineInvitation = (url: string, { code }: Invitation, reason: string): Promise<unknown> =>
  connect(url).post(`/invitations/${code}`, { answer: 'decline', reason })

export const arrive = ({ api, lotId }: Expert): Promise<unknown> => api.post(`/lots/${lotId}/arrival`, { pledge: true })

export const declare = ({ api, lotId }: Expert, conflict: boolean): Promise<unknown> =>
  api.post(`/lots/${lotId}/declaration`, { conflict, ...(conflict ? { text: '与投标人存在利害关系' } : {}) })

export interface Arrival {
  lot: { id: string; code: string; name: string; state: string }
  bidders: string[]
  seat: string
  arrivedAt: string | null
  declaredAt: string | null
}

/** The expert's own steps; null once the seat is no longer theirs. */
export async function readArrival({ api, lotId }: Expert): Promise<Arrival | null> {
  return api.get<Arrival>(`/lots/${lotId}/arrival`).catch((error: unknown) => {
    if (isProblem(error) && ['not-in-committee', 'token-invalid', 'not-found'].includes(error.code)) return null
    throw error
  })
}
