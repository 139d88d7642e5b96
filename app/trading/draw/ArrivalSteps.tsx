import { type Step, Steps } from '~/ui/Steps'
import type { readArrival } from './arrival.server'

type ArrivalView = Awaited<ReturnType<typeof readArrival>>

const stateOf = (isDone: boolean, isCurrent: boolean): Step['state'] => (isDone ? 'done' : isCurrent ? 'current' : 'waiting')

/** What a committee member does before the evaluation, ticked as it is done. */
export function ArrivalSteps({ arrival }: { arrival: ArrivalView }) {
  const { arrivedAt, declaredAt, lot } = arrival
  const steps: Step[] = [
    { text: '接受邀请', state: 'done' },
    { text: '到场核对身份，签署承诺书', state: stateOf(arrivedAt !== null, true) },
    { text: '查看投标人名单，作回避声明', state: stateOf(declaredAt !== null, arrivedAt !== null) },
    {
      text: '评标',
      state: stateOf(['evaluated', 'publicity', 'awarded', 'archived'].includes(lot.state), lot.state === 'evaluating'),
      note: '开标记录公布且全体成员作出声明后自动开始。',
    },
  ]
  return <Steps steps={steps} label="我的步骤" />
}
