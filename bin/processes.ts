import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { buildAll } from './build.mjs'
import { root } from './dependencies.mjs'

export { buildAll, root }

/** Environment of a process. */
export type Env = Record<string, string | undefined>

export interface Running {
  child: ChildProcess
  /** What the process said when it was ready: {ready: port} from the web process. */
  said: unknown
}

/** Lines go through as they are; a process that ends before it is ready fails with its last words. */
export async function startProcess(args: string[], env: Env, quiet = false): Promise<Running> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args.join(' ')} ended with ${code} before it was ready`)
  })
  const [said] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
  return { child, said }
}

/** SIGTERM, and SIGKILL for what has not drained in `limitMs`. */
export async function stopProcess(child: ChildProcess, limitMs = 15_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  await ended
  clearTimeout(timer)
}

/** Boxes and frames of a busy group fill the usual young generation of 16 MiB many times over, and each time all is copied. */
export const youngMemory = '--max-semi-space-size=64'

/** Command line of a built process (dist/NAME.js) or, in development, of its source. */
export const commandOf = (name: 'server' | 'worker', isDev: boolean): string[] => [
  youngMemory,
  ...(isDev
    ? ['--import', 'tsx', join(root, name === 'server' ? 'app/server.ts' : 'jobs/worker.ts')]
    : ['--enable-source-maps', join(root, `dist/${name}.js`)]),
]
