import { createContext, useContext } from 'react'

/** What the root page knows and every component may show: whether this is a rehearsal, the server's time, who is at the desk. */
export type FrameFacts = {
  sandbox: boolean
  now: string
  actor: { name: string; roles: string[] } | null
  elder: boolean
  /** Where the middleware of a USB key may listen on the visitor's machine. */
  usbKeyUrls: string[]
}

const nobody: FrameFacts = { sandbox: false, now: '1970-01-01T00:00:00.000Z', actor: null, elder: false, usbKeyUrls: [] }

const FrameContext = createContext<FrameFacts>(nobody)

export const Frame = FrameContext.Provider

export const useFrame = () => useContext(FrameContext)
