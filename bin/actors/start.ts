// Starts the demo actors: each an operating-system process of its own that speaks only HTTP and holds its own keys.
import { join } from 'node:path'
import { demoAccounts, demoPassword } from '~/platform/identity/demo'
import { roleText } from '~/platform/identity/identity.text'
import { keepAlive } from './keep'
import { demoParts } from './parts'

/** Every part of the demo world that a process plays; they find what falls due by asking the platform, so a restart loses nothing. */
export async function startActors(url: string, dataDir: string): Promise<{ stop(): Promise<void> }> {
  const folder = join(dataDir, 'actors')
  const running = (await demoParts(url, folder)).map(part => keepAlive(part, join(folder, 'log')))
  return { stop: async () => void (await Promise.all(running.map(one => one.stop()))) }
}

const wide = (text: string) => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? 2 : 1), 0)
const padTo = (text: string, width: number) => text + ' '.repeat(Math.max(1, width - wide(text)))

/** The demo accounts as `npm start` prints them. */
export function accounts(): string {
  const lines = demoAccounts.map(
    ({ login, name, role, part }) => `  ${padTo(login, 13)}${padTo(roleText[role], 16)}${padTo(name, 10)}${part}`,
  )
  return `  演练账户（密码均为 ${demoPassword}；有人登录的角色，其演练程序自动让位）\n${lines.join('\n')}\n`
}
