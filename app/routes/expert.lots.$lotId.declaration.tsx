import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ArrivalSteps } from '~/trading/draw/ArrivalSteps'
import { declare, readArrival } from '~/trading/draw/arrival.server'
import { declarationForm } from '~/trading/draw/draw.form.server'
import { representativeSeat } from '~/trading/draw/draw.text'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '回避声明 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', (ctx, { lotId = '' }) => readArrival(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', declarationForm, async (ctx, { lotId = '' }, { conflict, text }) => {
    await declare(ctx, { lotId, conflict: conflict === 'yes', ...(text ? { text } : {}) })
    return redirect(conflict === 'yes' ? paths.expertLots : paths.expertArrival(lotId))
  })

export default function Declaration() {
  const arrival = useLoaderData<typeof loader>()
  const { lot, project, bidders, declaredAt, seat } = arrival
  const then = seat === representativeSeat ? '由招标人另行指定' : '由系统按同一排序递补'
  const reply = useFormReply()
  const none = { value: 'no', text: '我与以上单位及其法定代表人没有应当回避的关系' }
  const some = { value: 'yes', text: '我有应当回避的情形', hint: `您将退出本次评标，${then}。` }
  return (
    <Page title="回避声明" back={paths.expertArrival(lot.id)} backText="报到" meta={`${project.name} · ${lot.name}`}>
      <ErrorSummary reply={reply} />
      <ArrivalSteps arrival={arrival} />
      <Section title="投标人名单">
        {bidders.length > 0 ? <Bullets items={bidders} /> : <Notice>开标后公布投标人名单，请届时再作声明。</Notice>}
      </Section>
      {declaredAt || bidders.length === 0 ? null : (
        <PostForm>
          <RadioField
            name="conflict"
            label="是否应当回避"
            hint="招标人或投标人的近亲属、三年内任职或控股、经济利益关系等（《招标投标法实施条例》第四十六条、《政府采购法实施条例》第九条）。"
            choices={[none, some]}
            reply={reply}
          />
          <TextArea name="text" label="回避情形" rows={3} reply={reply} optional />
          <Actions pinned>
            <Submit>提交声明</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
