import { useCallback, useEffect, useState } from 'react'
import type { KeptBid } from './kept-bid'
import { discardUnlessBusy, listKeptBids } from './kept-bid-client'

export interface KeptBids {
  kept: KeptBid[]
  /** Whether the last one to be discarded stays, because another page works on it. */
  isBusy: boolean
  refresh(): void
  discard(id: string): void
}

/** Bids kept in this browser, whosesoever; none on the server and until the browser was asked. */
export function useKeptBids(): KeptBids {
  const [kept, setKept] = useState<KeptBid[]>([])
  const [isBusy, setBusy] = useState(false)
  const refresh = useCallback(() => {
    listKeptBids().then(setKept, () => setKept([]))
  }, [])
  useEffect(refresh, [refresh])
  const discard = async (id: string) => {
    setBusy(!(await discardUnlessBusy(id).catch(() => true)))
    refresh()
  }
  return { kept, isBusy, refresh, discard: id => void discard(id) }
}
