import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { root, stopProcess } from '../processes'
import type { Part } from './parts'

const restartMs = [500, 1_000, 2_000, 5_000, 10_000, 30_000]
/** One that ran this long was well: its next restart is quick again. */
const wellMs = 60_000

export interface Kept {
  stop(): Promise<void>
}

/** Keeps one process alive until it is stopped; its words go to its own file. */
export function keepAlive({ name, args, env = {} }: Part, logs: string): Kept {
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  let stopped = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  const start = (): ChildProcess => {
    const log = openSync(join(logs, `${name}.log`), 'a')
    const nodeArgs = ['--max-old-space-size=192', ...args]
    const started = spawn(process.execPath, nodeArgs, {
      cwd: root,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...env },
    })
    closeSync(log)
    const startedAt = Date.now()
    started.once('exit', () => {
      if (stopped) return
      failures = Date.now() - startedAt > wellMs ? 0 : failures + 1
      timer = setTimeout(() => (child = start()), restartMs[Math.min(failures, restartMs.length - 1)])
    })
    return started
  }
  let child = start()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await stopProcess(child, 5_000)
    },
  }
}
