import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotFields } from '~/trading/lot/LotFields'
import { lotForm } from '~/trading/lot/lot.form.server'
import { createLot } from '~/trading/lot/lot.server'
import { readProjectRow } from '~/trading/project/project.read.server'
import { ruleEdition } from '~/trading/rules/editions'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '添加标段 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'lot.write', async (ctx, { projectId = '' }) => {
    const { id, name, edition } = await readProjectRow(ctx, projectId)
    const { ruleSet, watermark } = ruleEdition(edition)
    return { id, name, ruleSet, isDrill: watermark !== null }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'lot.write', lotForm, async (ctx, { projectId = '' }, input) => {
    const { id } = await createLot(ctx, { projectId, input })
    return redirect(paths.agencyLot(id))
  })

export default function NewLot() {
  const { id, name, ruleSet, isDrill } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="添加标段" back={paths.project(id)} backText={name}>
      <ErrorSummary reply={reply} />
      <PostForm draft={`lot ${id}`}>
        <LotFields ruleSet={ruleSet} isDrill={isDrill} reply={reply} />
        <Actions pinned>
          <Submit>添加标段</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
