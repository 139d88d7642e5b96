// Starts the demo actors: each an operating-system process of its own that speaks only HTTP and holds its own keys.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { demoAccounts, demoPassword } from '~/platform/identity/demo'
import { roleText } from '~/platform/identity/identity.text'
import { root, stopProcess } from '../processes'
import { parts } from './parts'

const restartMs = [500, 1_000, 2_000, 5_000, 10_000, 30_000]
/** One that ran this long was well: its next restart is quick again. */
const wellMs = 60_000

interface Kept {
  child: ChildProcess
  stop(): Promise<void>
}

/** Keeps one process alive; its words go to its own file under the data folder. */
function keep(name: string, args: string[], folder: string): Kept {
  let stopped = false
  let failures = 0
  const kept: Kept = { child: start(), stop }
  function start(): ChildProcess {
    const log = openSync(join(folder, `${name}.log`), 'a')
    const child = spawn(process.execPath, ['--max-old-space-size=192', ...args], {
      cwd: root,
      stdio: ['ignore', log, log, 'ipc'],
      env: process.env,
    })
    closeSync(log)
    const startedAt = Date.now()
    child.once('exit', () => {
      if (stopped) return
      failures = Date.now() - startedAt > wellMs ? 0 : failures + 1
      setTimeout(
        () => {
          if (!stopped) kept.child = start()
        },
        restartMs[Math.min(failures, restartMs.length - 1)],
      )
    })
    return child
  }
  async function stop(): Promise<void> {
    stopped = true
    await stopProcess(kept.child, 5_000)
  }
  return kept
}

/** Every part of the demo world that a process plays; they find what falls due by asking the platform, so a restart loses nothing. */
export async function startActors(url: string, dataDir: string): Promise<{ stop(): Promise<void> }> {
  const folder = join(dataDir, 'actors')
  const logs = join(folder, 'log')
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  const running = parts.map(({ name, command }) => keep(name, command(url, folder), logs))
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
