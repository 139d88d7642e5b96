import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { launch } from '@/tests/e2e/browser'
import { type Figure, timed } from './figure'

const root = resolve(import.meta.dirname, '../..')

interface Measured {
  ours: number
  floor: number
}

/** Bundles the worker that measures; what it imports is what the bidder's page imports. */
async function workerScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['tests/bench/seal.worker.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

/** Seals in a web worker of a real Chromium, as the bidder's page does, beside raw WebCrypto in the same worker. */
export async function* inChromium(): AsyncIterable<Figure> {
  const script = await workerScript()
  const server = createServer((request, response) => {
    const isScript = request.url === '/worker.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>bench</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await launch()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    for (const [suite, mebibytes] of [
      ['intl', 128],
      ['gm', 32],
    ] as const) {
      const { ours, floor } = await page.evaluate(measureInWorker, { suite, mebibytes })
      const perGigabyte = 1024 / mebibytes
      yield timed('seal', `Chromium seals ${suite}`, 'ms per GiB', ours * perGigabyte, { floor: floor * perGigabyte })
    }
  } finally {
    await browser.close()
    server.close()
  }
}

function measureInWorker(wanted: { suite: string; mebibytes: number }): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' })
    worker.onmessage = ({ data }) => {
      worker.terminate()
      resolve(data)
    }
    worker.onerror = event => reject(new Error(event.message))
    worker.postMessage(wanted)
  })
}
