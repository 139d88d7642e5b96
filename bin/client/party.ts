import { type Api, signIn } from './api'
import { type Keys, keysFor } from './keys'

/** Somebody who acts: an account, its organisation and its own keys. */
export interface Party {
  login: string
  name: string
  organisationId: string
  api: Api
  keys: Keys
}

/** A client that is signed in, without keys of its own. */
export type Guest = Omit<Party, 'keys'>

export async function guestOf(url: string, login: string, password: string, role?: string): Promise<Guest> {
  const api = await signIn(url, login, password, role)
  return { login, name: api.member.name, organisationId: api.member.organisationId, api }
}

/** Signs in and takes the keys from the folder; makes and certifies them at first use. */
export async function partyOf(url: string, login: string, password: string, folder: string, role?: string): Promise<Party> {
  const guest = await guestOf(url, login, password, role)
  return { ...guest, keys: await keysFor(guest.api, folder, login) }
}
