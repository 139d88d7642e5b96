import type { ReactNode } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from './Button'
import { CheckField } from './ChoiceField'
import { ErrorSummary } from './ErrorSummary'
import { Actions, Bullets } from './layout'
import { PostForm } from './PostForm'

type ConfirmTaskProps = {
  /** The thing acted on, by its name and number: the confirmation repeats it. */
  object: string
  will: ReactNode[]
  cannotUndo: ReactNode[]
  /** The verb with its object: 递交投标文件 */
  act: string
  danger?: boolean
  reply?: FormReply | null | undefined
  children?: ReactNode
}

/** One act with consequences: what will happen, what cannot be undone, a confirmation that names the object, one button. */
export function ConfirmTask({ object, will, cannotUndo, act, danger = false, reply, children }: ConfirmTaskProps) {
  return (
    <div className="flex flex-col gap-6">
      <ErrorSummary reply={reply} />
      <section aria-label="将发生什么">
        <h2 className="text-lg font-bold">将发生什么</h2>
        <Bullets items={will} />
      </section>
      <section aria-label="不可撤回的后果" className="border-s-4 border-warning ps-4">
        <h2 className="text-lg font-bold text-warning">不可撤回的后果</h2>
        <Bullets items={cannotUndo} />
      </section>
      <PostForm>
        {children}
        <CheckField
          name="confirmed"
          label="确认"
          reply={reply}
          choices={[{ value: 'yes', text: `我已核对，对「${object}」${act}` }]}
        />
        <Actions pinned>
          <Submit look={danger ? 'danger' : 'primary'}>{act}</Submit>
        </Actions>
      </PostForm>
    </div>
  )
}
