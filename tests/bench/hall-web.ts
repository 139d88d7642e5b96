// The web process of the hall bench: the platform's own stream over HTTP, on the bench's database, and nothing else.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { mountOpeningStream } from '~/api/opening-stream.server'
import { openStreams } from '~/http/streams.server'
import { readConfig } from '~/platform/env.server'
import { makeLogger, startPlatform } from '~/platform/start.server'

const config = readConfig(process.env)
const platform = await startPlatform(config, config.databaseUrl!, makeLogger(config, 'bench'), 8)
const app = express()
const streams = await openStreams(platform)
mountOpeningStream(app, streams, platform)
const server = createServer(app).listen(0, '127.0.0.1', 4_096, () =>
  process.send?.({ ready: (server.address() as AddressInfo).port }),
)

/** Asked by the bench: how much memory and CPU this took so far. */
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss, cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit(0))
