import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { formatFen } from '~/shared/money'
import { roleText } from '~/trading/evaluation/evaluation.text'
import { SheetFields } from '~/trading/evaluation/SheetFields'
import { keepSheet, readSheet, sheetForm } from '~/trading/evaluation/sheet.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '评审表 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'evaluation.act', (ctx, { lotId = '', bidId = '' }) => readSheet(ctx, { lotId, bidId }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'evaluation.act', sheetForm, async (ctx, { lotId = '', bidId = '' }, input) => {
    await keepSheet(ctx, { lotId, bidId, input })
    return redirect(paths.expertEvaluation(lotId))
  })

export default function Sheet() {
  const { lot, bid, scoring, compliance, scores } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const files = bid.files.filter(file => file.plainFileId)
  return (
    <Page title={bid.name} back={paths.expertEvaluation(lot.id)} backText="评标" meta={`${lot.name} · ${bid.creditCode}`}>
      <ErrorSummary reply={reply} />
      <KeyValues
        caption="投标要点"
        items={[
          { label: '投标报价', value: bid.priceFen === null ? '在第二信封中，评审时不可见' : `${formatFen(bid.priceFen)} 元` },
          ...files.map(file => ({ label: roleText(file.role), value: <a href={paths.bidFile(file.id)}>打开文件</a> })),
        ]}
      />
      <Section title="评审">
        <PostForm>
          <SheetFields scoring={scoring} compliance={compliance} scores={scores} reply={reply} />
          <Actions pinned>
            <Submit>保存评审</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
