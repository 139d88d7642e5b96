import { Button } from '~/ui/Button'
import { LiveRegion } from '~/ui/LiveRegion'
import { Actions } from '~/ui/layout'
import type { HallEvent } from './hall'
import { useSpeech } from './use-speech'

/** The read-out by the browser's voice: off until asked for, pausable, following the events. */
export function SpeechBar({ events }: { events: HallEvent[] }) {
  const { state, start, pause, resume, stop } = useSpeech(events)
  if (state === null) return null
  if (state === 'off')
    return (
      <Actions>
        <Button onClick={start}>开启语音唱标</Button>
      </Actions>
    )
  return (
    <>
      <Actions>
        {state === 'on' ? <Button onClick={pause}>暂停语音</Button> : <Button onClick={resume}>继续语音</Button>}
        <Button onClick={stop}>关闭语音</Button>
      </Actions>
      <LiveRegion hidden>{state === 'on' ? '语音唱标已开启' : '语音唱标已暂停'}</LiveRegion>
    </>
  )
}
