import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { youngMemory } from '@/bin/processes'

const root = resolve(import.meta.dirname, '../..')

/** Another process of a bench, running a TypeScript file of this folder. `ask` sends it something and waits for the next word back. */
export interface Child {
  process: ChildProcess
  /** What it said when it was ready. */
  said: unknown
  ask<T>(what: unknown): Promise<T>
  stop(): Promise<void>
}

/** With BENCH_PROF=folder every process leaves a CPU profile there. */
const folder = process.env.BENCH_PROF
const profiled = folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []

export async function startChild(file: string, args: string[]): Promise<Child> {
  const child = fork(resolve(root, 'bin/run.mjs'), [`tests/bench/${file}`, ...args], {
    cwd: root,
    execArgv: [youngMemory, ...profiled],
  })
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)))
  died.catch(() => {})
  const word = () => Promise.race([once(child, 'message').then(([message]) => message), died])
  const said = await word()
  return {
    process: child,
    said,
    ask: what => {
      const answer = word()
      child.send(what as object)
      return answer
    },
    stop: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
