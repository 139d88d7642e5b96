import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The line between a browser and a site: as slow as wanted, and cut when wanted. */
export interface Wire {
  /** Where the browser goes instead of the site. */
  url: string
  /** Bytes the browser has sent so far. */
  carried(): number
  /** Bytes a second that browsers may send, or null for no limit. */
  pace(bytesPerSecond: number | null): void
  /** Breaks every connection and takes no new one until it is mended. */
  cut(): void
  mend(): void
  close(): void
}

export async function layWire(site: string): Promise<Wire> {
  const { hostname, port } = new URL(site)
  const ends = new Set<Socket>()
  const state = { isCut: false, pace: null as number | null, carried: 0 }
  const server = createServer(browser => {
    if (state.isCut) return browser.destroy()
    const host = connect(Number(port), hostname)
    for (const [end, other] of [
      [browser, host],
      [host, browser],
    ] as const) {
      ends.add(end)
      end.on('error', () => {})
      end.once('close', () => {
        ends.delete(end)
        other.destroy()
      })
    }
    host.pipe(browser)
    browser.on('data', bytes => {
      state.carried += bytes.length
      host.write(bytes)
      if (state.pace === null) return
      browser.pause()
      setTimeout(() => browser.resume(), (bytes.length / state.pace) * 1000)
    })
    browser.once('end', () => host.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    state.isCut = true
    for (const end of ends) end.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    carried: () => state.carried,
    pace: bytesPerSecond => {
      state.pace = bytesPerSecond
    },
    cut,
    mend: () => {
      state.isCut = false
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
