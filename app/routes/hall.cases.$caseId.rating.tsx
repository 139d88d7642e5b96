import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { readCase } from '~/hall/case/case.read.server'
import { ratingForm } from '~/hall/rating/rating.form.server'
import { rateCase } from '~/hall/rating/rating.server'
import { starsText } from '~/hall/rating/rating.text'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '评价 - 我的办件' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.apply', ratingForm, async (ctx, { caseId = '' }, input) => {
    await rateCase(ctx, { caseId, ...input })
    return redirect(paths.hallCase(caseId))
  })

const choices = ['5', '4', '3', '2', '1'].map(value => ({ value, text: starsText[value] ?? value }))

export default function Rating() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="评价本次办理" back={paths.hallCase(row.id)} meta={`${row.item.name} · ${row.number}`}>
      <ErrorSummary reply={reply} />
      <PostForm>
        <RadioField name="stars" label="满意度" choices={choices} reply={reply} />
        <TextArea name="text" label="意见和建议" rows={4} maxLength={500} optional reply={reply} />
        <Remark>评价自愿，一事一评，提交后不能更改。经办人员看不到是谁作出的评价；不满意的评价自动转入整改。</Remark>
        <Actions pinned>
          <Submit>提交评价</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
