import { join } from 'node:path'
import { type Api, signIn } from '../client/api'
import { demoPassword } from '../client/keys'

/** One process of the demo world. */
export interface Part {
  name: string
  args: string[]
  env?: Record<string, string>
}

const actors = ['agency', 'supervisor', 'supervisor2', 'custodian1', 'custodian2', 'custodian3', 'exchange']
const bidders = [1, 2, 3, 4, 5, 6, 7].map(n => `bidder${n}`)

const actorPart = (url: string, folder: string, login: string): Part => ({
  name: login,
  args: ['dist/actor.js', '--url', url, '--folder', folder, '--login', login],
})

/** A witness or draw agent (npm run party): it gets a token of its account and has its keys in its own folder. */
export interface PartySpec {
  role: 'witness' | 'agency' | 'supervisor' | 'third'
  name: string
  token: string
  keys: string
}

export const partyPart = (url: string, { role, name, token, keys }: PartySpec): Part => ({
  name: `party-${role}`,
  args: ['dist/party.js', '--role', role, '--url', url, '--keys', keys, '--name', name],
  env: { PARTY_TOKEN: token },
})

const tokenOf = async (url: string, login: string): Promise<string> =>
  ((await signIn(url, login, demoPassword)) satisfies Api).token

/** Witness, the supervisor's draw agent (it needs the witness's history) and the notary's: what any tender on this platform leans on. */
export async function watchingParts(url: string, folder: string): Promise<Part[]> {
  const at = (name: string) => join(folder, 'party', name)
  const [witness, supervisor, third] = await Promise.all(['witness', 'supervisor', 'third'].map(login => tokenOf(url, login)))
  return [
    partyPart(url, { role: 'witness', name: 'supervisor', token: witness!, keys: at('supervisor') }),
    partyPart(url, { role: 'supervisor', name: 'supervisor', token: supervisor!, keys: at('supervisor') }),
    partyPart(url, { role: 'third', name: 'third', token: third!, keys: at('third') }),
  ]
}

/** Everybody whom a process plays in the demo world. */
export async function demoParts(url: string, folder: string): Promise<Part[]> {
  const agency = partyPart(url, {
    role: 'agency',
    name: 'agency',
    token: await tokenOf(url, 'agency'),
    keys: join(folder, 'party', 'agency'),
  })
  return [...(await watchingParts(url, folder)), agency, ...[...actors, ...bidders].map(login => actorPart(url, folder, login))]
}
