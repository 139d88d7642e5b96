import { readdirSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type pg from 'pg'

// Clock ticks of /proc/PID/stat; 100 a second on every Linux this runs on.
const tickMs = 10

const statOf = (pid: string | number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Reads the CPU time in ms that a PostgreSQL on this machine and all its processes have used so far. Linux only. */
export async function databaseCpu(pool: pg.Pool): Promise<() => number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const parent = statOf(rows[0]!.pid)[1]!
  const cpuOf = (stat: string[]) => (Number(stat[11]) + Number(stat[12])) * tickMs
  return () => {
    let all = cpuOf(statOf(parent)) + (Number(statOf(parent)[13]) + Number(statOf(parent)[14])) * tickMs
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      try {
        const stat = statOf(pid)
        if (stat[1] === parent) all += cpuOf(stat)
      } catch {
        // ended meanwhile
      }
    }
    return all
  }
}

/** CPU time in ms this process has used so far. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** CPU time in ms that the whole machine has spent on anything so far. Linux only. */
export function machineCpu(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).slice(1).map(Number)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields
  return (user + nice + system + irq + softirq) * tickMs
}

/** MB of live objects and buffers, after everything that can be thrown away was. */
export function liveMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
