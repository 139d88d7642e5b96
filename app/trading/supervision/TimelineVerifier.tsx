import { useState } from 'react'
import type { TimelineCheck } from '@/crypto/timeline'
import { Button } from '~/ui/Button'
import { Actions, Bullets } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { checkHere } from './timeline-client'

const isSound = ({ broken, isLogSigned, witnesses }: TimelineCheck) =>
  broken.length === 0 && isLogSigned === true && witnesses.length > 0

function sentences({ proven, waiting, broken, size, isLogSigned, witnesses }: TimelineCheck): string[] {
  return [
    `${proven} 条记录的证明成立，通向 ${size ?? 0} 条的检查点。`,
    ...(waiting > 0 ? [`${waiting} 条新记录尚待下一个联署检查点。`] : []),
    ...(broken.length > 0 ? [`第 ${broken.join('、')} 条的证明不成立。`] : []),
    isLogSigned ? '检查点由本平台的日志密钥签署。' : '检查点不是信任锚中的日志密钥签署的。',
    witnesses.length > 0 ? `见证方 ${witnesses.join('、')} 已联署。` : '检查点没有见证方的有效联署。',
  ]
}

/** Checks every entry of the lot in this browser, against the anchors this platform serves. */
export function TimelineVerifier({ path }: { path: string }) {
  const [state, setState] = useState<'idle' | 'busy' | TimelineCheck | Error>('idle')
  const run = () => {
    setState('busy')
    checkHere(path).then(setState, (error: unknown) => setState(error instanceof Error ? error : new Error('核验未完成。')))
  }
  return (
    <>
      <Actions>
        <Button onClick={run} disabled={state === 'busy'}>
          {state === 'busy' ? '正在核验…' : '在本机核验全部记录'}
        </Button>
      </Actions>
      <div role="status">
        {state instanceof Error ? <Notice kind="bad">{state.message}</Notice> : null}
        {typeof state === 'object' && !(state instanceof Error) ? (
          <Notice kind={isSound(state) ? 'done' : 'bad'} title={isSound(state) ? '核验通过' : '核验未通过'}>
            <Bullets items={sentences(state)} />
          </Notice>
        ) : null}
      </div>
    </>
  )
}
