// npm start: installs, builds, starts PostgreSQL, migrates, seeds, then the web process, the worker and the demo actors.

import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureDependencies, root } from './dependencies.mjs'

ensureDependencies()
const { register } = await import('tsx/esm/api')
register({ tsconfig: resolve(root, 'tsconfig.json') })
const { launch } = await import(pathToFileURL(join(root, 'bin/launch.ts')).href)
await launch(process.argv.slice(2))
