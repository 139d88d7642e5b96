import type { FormReply } from '~/shared/form-reply'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Notice } from '~/ui/Notice'
import { TextArea } from '~/ui/TextField'
import type { DrawView } from './DrawProgress'

/** Voiding takes two persons and a reason; the second confirms what the first wrote. */
export function VoidTask({ draw, reply }: { draw: DrawView; reply: FormReply | undefined }) {
  return (
    <>
      {draw.isVoidAsked ? (
        <Notice kind="warn" title="已有一人申请作废">
          {draw.voidReason}
        </Notice>
      ) : null}
      <ConfirmTask
        object={draw.drawId}
        act={draw.isVoidAsked ? '确认作废' : '申请作废'}
        danger
        will={['须由两名不同人员先后确认，第二人确认后生效。', '作废后可以重新提出组建申请，编号递增，公众可见这是第几次抽取。']}
        cannotUndo={['已抽出的人员全部失效；原抽取的承诺、记录和作废原因永久保留，任何人可以核验。']}
        reply={reply}
      >
        <TextArea name="reason" label="作废原因" rows={3} value={draw.voidReason ?? ''} reply={reply} />
      </ConfirmTask>
    </>
  )
}
