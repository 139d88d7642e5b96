import { useCallback, useEffect, useRef, useState } from 'react'
import type { HallEvent } from './hall'
import { sentenceOf } from './hall.text'
import { spokenKinds } from './speech'

export type Speech = {
  /** Null where the browser has no voice; off until somebody asks. */
  state: 'off' | 'on' | 'paused' | null
  start(): void
  pause(): void
  resume(): void
  stop(): void
}

/** What a browser's voice is told in one breath: long sentences are cut off by some of them. */
const breath = 180

function speak(text: string): void {
  for (let from = 0; from < text.length; from += breath) {
    const utterance = new SpeechSynthesisUtterance(text.slice(from, from + breath))
    utterance.lang = 'zh-CN'
    window.speechSynthesis.speak(utterance)
  }
}

/** Reads aloud what happens from now on (唱标), by the browser's own Chinese voice, in the order of the events. */
export function useSpeech(events: HallEvent[]): Speech {
  const [state, setState] = useState<Speech['state']>(null)
  const spoken = useRef(0)
  useEffect(() => {
    if ('speechSynthesis' in window) setState('off')
    return () => window.speechSynthesis?.cancel()
  }, [])
  const last = events.at(-1)?.seq ?? 0
  useEffect(() => {
    if (state !== 'on' && state !== 'paused') return
    for (const event of events) if (event.seq > spoken.current && spokenKinds.has(event.kind)) speak(sentenceOf(event))
    spoken.current = last
  }, [events, last, state])
  const start = useCallback(() => {
    spoken.current = last
    speak('语音唱标已开启。')
    setState('on')
  }, [last])
  const pause = useCallback(() => {
    window.speechSynthesis.pause()
    setState('paused')
  }, [])
  const resume = useCallback(() => {
    window.speechSynthesis.resume()
    setState('on')
  }, [])
  const stop = useCallback(() => {
    window.speechSynthesis.cancel()
    window.speechSynthesis.resume()
    setState('off')
  }, [])
  return { state, start, pause, resume, stop }
}
