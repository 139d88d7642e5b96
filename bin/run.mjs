// Runs one TypeScript entry of this project: node bin/run.mjs FILE [arguments]
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureDependencies, root } from './dependencies.mjs'

ensureDependencies()
const { register } = await import('tsx/esm/api')
register({ tsconfig: resolve(root, 'tsconfig.json') })
const [entry, ...rest] = process.argv.slice(2)
const file = resolve(root, entry)
process.argv = [process.argv[0], file, ...rest]
await import(pathToFileURL(file).href)
