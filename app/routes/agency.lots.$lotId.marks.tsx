import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { markExpert, readMarkPage } from '~/trading/expert/mark.server'
import { markForm } from '~/trading/expert/record.form.server'
import { Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { EmptyState } from '~/ui/EmptyState'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '评价评标专家 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.mark', (ctx, { lotId = '' }) => readMarkPage(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.mark', markForm, async (ctx, { lotId = '' }, input) => {
    await markExpert(ctx, { lotId, ...input })
    return redirect(paths.agencyLotTask(lotId, 'marks'))
  })

export default function Marks() {
  const { lot, members, rules } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="评价评标专家"
      back={paths.agencyLot(lot.id)}
      backText={lot.name}
      meta="一项目一评价；评价以专家编号记录，由专家库管理部门按规则处理。"
    >
      <ErrorSummary reply={reply} />
      {members.length === 0 ? (
        <EmptyState title="现在不能评价">评标结束后，对参加本标段评标的专家逐一评价。</EmptyState>
      ) : (
        <PostForm>
          <SelectField
            name="code"
            label="专家"
            choices={members.map(({ code, seat }) => ({ value: code, text: `${code}（${seat}）` }))}
            reply={reply}
          />
          <SelectField
            name="rule"
            label="考核项目"
            choices={rules.map(({ code, name, value }) => ({ value: code, text: `${name}（记 ${value} 分）` }))}
            reply={reply}
          />
          <TextArea name="note" label="事实" rows={3} reply={reply} />
          <Actions pinned>
            <Submit>提交评价</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
