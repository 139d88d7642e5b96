import { useRevalidator } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { LinkButton } from '~/ui/Button'
import { Actions, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { SealForm } from './SealForm'
import { SealingState } from './SealingState'
import { askToKeep, sealObstacle } from './seal-able-client'
import { type SealScope, sealProblemText } from './seal-client'
import { UnfinishedUpload } from './UnfinishedUpload'
import { useKeptBids } from './use-kept-bids'
import { useSealing } from './use-sealing'

type SubmissionTaskProps = { scope: SealScope; ceilingFen: bigint; back: string; isReplacement: boolean; isOpen: boolean }

/** A bid from its form to its receipt, or from where it was left: sealed in this browser, sent, committed. */
export function SubmissionTask({ scope, ceilingFen, back, isReplacement, isOpen }: SubmissionTaskProps) {
  const { kept, isBusy, refresh, discard } = useKeptBids()
  const lot = useRevalidator()
  const [act] = useState(isReplacement ? '替换投标文件' : '递交投标文件')
  const sealing = useSealing(state => {
    refresh()
    // Whether what is kept may go on is judged by the lot as it is after what went wrong.
    if (state.step === 'idle') lot.revalidate()
  })
  const obstacle = useObstacle()
  const { step } = sealing.state
  const here = step === 'idle' ? kept.filter(({ lotId, org }) => lotId === scope.lotId || org !== scope.org) : []
  const isTaken = here.some(({ org }) => org === scope.org)
  return (
    <Stack>
      {here.map(bid => (
        <UnfinishedUpload
          key={bid.id}
          kept={bid}
          scope={scope}
          isOpen={isOpen}
          onResume={() => sealing.resume(bid)}
          onDiscard={() => discard(bid.id)}
        />
      ))}
      {isBusy ? (
        <Alert kind="bad" title="未能办理">
          {sealProblemText({ problem: 'busy' })}
        </Alert>
      ) : null}
      {obstacle && isOpen ? (
        <Alert kind="bad" title="本浏览器不能密封">
          <Stack>
            <p>{obstacle}</p>
            <Actions>
              <LinkButton to="/offline/seal.mjs" download>
                下载离线密封工具
              </LinkButton>
            </Actions>
          </Stack>
        </Alert>
      ) : null}
      {isOpen ? (
        <SealForm
          scope={scope}
          ceilingFen={ceilingFen}
          isHidden={step !== 'idle' || isTaken || obstacle !== null}
          onSeal={task => {
            void askToKeep()
            sealing.start(task)
          }}
        />
      ) : null}
      <SealingState state={sealing.state} act={act} onCommit={sealing.commit} back={back} />
    </Stack>
  )
}

/** Why this browser cannot seal, once that is known; null while it can. */
function useObstacle(): string | null {
  const [obstacle, setObstacle] = useState<string | null>(null)
  useEffect(() => {
    void sealObstacle().then(setObstacle)
  }, [])
  return obstacle
}
