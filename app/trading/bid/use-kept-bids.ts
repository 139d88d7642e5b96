import { useCallback, useEffect, useState } from 'react'
import type { KeptBid } from './kept-bid'
import { discardKeptBid, listKeptBids } from './kept-bid-client'

export interface KeptBids {
  kept: KeptBid[]
  refresh(): void
  discard(id: string): void
}

/** Bids kept in this browser, whosesoever; none on the server and until the browser was asked. */
export function useKeptBids(): KeptBids {
  const [kept, setKept] = useState<KeptBid[]>([])
  const refresh = useCallback(() => {
    listKeptBids().then(setKept, () => setKept([]))
  }, [])
  useEffect(refresh, [refresh])
  return {
    kept,
    refresh,
    discard: id =>
      void discardKeptBid(id)
        .catch(() => {})
        .then(refresh),
  }
}
