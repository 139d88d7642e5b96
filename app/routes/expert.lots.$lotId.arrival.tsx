import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ArrivalSteps } from '~/trading/draw/ArrivalSteps'
import { arrive, readArrival } from '~/trading/draw/arrival.server'
import { arrivalForm } from '~/trading/draw/draw.form.server'
import { representativeSeat } from '~/trading/draw/draw.text'
import { pledge } from '~/trading/draw/pledge.text'
import { LinkButton, Submit } from '~/ui/Button'
import { CheckField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '报到 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.act', (ctx, { lotId = '' }) => readArrival(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.act', arrivalForm, async (ctx, { lotId = '' }, { idNumberLast4 }) => {
    await arrive(ctx, { lotId, idNumberLast4, pledge: true })
    return redirect(paths.expertDeclaration(lotId))
  })

export default function Arrival() {
  const arrival = useLoaderData<typeof loader>()
  const { lot, project, seat, arrivedAt, declaredAt } = arrival
  const isNamed = seat === representativeSeat
  const known = isNamed ? '招标人指定时登记' : '专家库登记'
  const reply = useFormReply()
  return (
    <Page
      title={isNamed ? '招标人代表报到' : '专家报到'}
      back={paths.expertLots}
      backText="我的评标"
      meta={`${project.name} · ${lot.name} · ${seat}`}
    >
      <ErrorSummary reply={reply} />
      <ArrivalSteps arrival={arrival} />
      {arrivedAt ? (
        <Actions>
          {declaredAt ? null : (
            <LinkButton to={paths.expertDeclaration(lot.id)} look="primary">
              作回避声明
            </LinkButton>
          )}
          {lot.state === 'evaluating' ? (
            <LinkButton to={paths.expertEvaluation(lot.id)} look="primary">
              进入评标
            </LinkButton>
          ) : null}
        </Actions>
      ) : (
        <PostForm>
          <TextField
            name="idNumberLast4"
            label="身份证号后四位"
            hint={`与${known}的身份核对，核对方式记入档案。`}
            maxLength={4}
            reply={reply}
          />
          <Section title={pledge.title}>
            <Bullets items={[...pledge.lines]} />
          </Section>
          <CheckField
            name="pledge"
            label="签署承诺书"
            choices={[{ value: 'yes', text: '我已阅读以上承诺书，签署并遵守' }]}
            reply={reply}
          />
          <Actions pinned>
            <Submit>报到</Submit>
          </Actions>
        </PostForm>
      )}
    </Page>
  )
}
