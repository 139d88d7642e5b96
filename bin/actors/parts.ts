/** One process of the demo world. */
export interface Part {
  name: string
  command(url: string, folder: string): string[]
}

const actor = (login: string): Part => ({
  name: login,
  command: (url, folder) => ['dist/actor.js', '--url', url, '--folder', folder, '--login', login],
})

const logins = [
  'agency',
  'supervisor',
  'custodian1',
  'custodian2',
  'custodian3',
  ...[1, 2, 3, 4, 5, 6, 7].map(n => `bidder${n}`),
  'exchange',
]

export const parts: Part[] = logins.map(actor)
