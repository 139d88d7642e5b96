// What a platform serves to browsers, beside a build from source (crypto.md §10.14).
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { broken, type Finding, holds, judge } from './finding.ts'

interface Served {
  scripts: { name: string; path: string; sha256: string }[]
  logged: { idx: number; scripts: string[] } | null
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Hashes of the worker scripts in a folder of built assets, by name. */
function builtIn(folder: string): Map<string, string> {
  const files = readdirSync(folder).filter(file => /\.worker-[\w-]+\.js$/.test(file))
  return new Map(files.map(file => [file.replace(/-[\w-]+\.js$/, ''), sha256(readFileSync(join(folder, file)))]))
}

async function bytesAt(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

async function scriptFindings(url: string, script: Served['scripts'][number], served: Served, built: Map<string, string>) {
  const { name, path } = script
  const hash = sha256(await bytesAt(new URL(path, url).href))
  const isLogged = served.logged?.scripts.includes(`${name} ${hash}`) === true
  return [
    judge(
      'served-source',
      `${name} 与由源码构建的相同（${hash}）`,
      `${name} 与由源码构建的不同（${hash}）`,
      () => built.get(name) === hash,
    ),
    judge('served-logged', `${name} 的摘要在日志中`, `${name} 的摘要不在日志中`, () => isLogged),
  ]
}

/** Fetches the scripts that the platform at `url` serves and compares each with the build in `folder` and with its log. Throws when it cannot be reached. */
export async function verifyServed(url: string, folder: string): Promise<Finding[]> {
  const served = JSON.parse(new TextDecoder().decode(await bytesAt(new URL('/api/v1/scripts', url).href))) as Served
  const built = builtIn(folder)
  if (built.size === 0) return [broken('served-build', `${folder} 中没有构建结果：请先由源码构建（npm run build）`)]
  const missing = [...built.keys()].filter(name => !served.scripts.some(script => script.name === name))
  const findings = await Promise.all(served.scripts.map(script => scriptFindings(url, script, served, built)))
  const none =
    missing.length === 0 ? holds('served-all', '每个脚本都有') : broken('served-all', `没有提供：${missing.join('、')}`)
  return [none, ...findings.flat()]
}
