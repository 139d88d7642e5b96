import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { materialsOf, supplementPageForm } from '~/hall/case/case.form.server'
import { readCase } from '~/hall/case/case.read.server'
import { supplementCase } from '~/hall/case/case.server'
import { MaterialFields } from '~/hall/case/MaterialFields'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '补正材料 - 我的办件' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { caseId = '' }) => readCase(ctx, caseId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.apply', supplementPageForm, async (ctx, { caseId = '' }, _input, body) => {
    await supplementCase(ctx, { caseId, materials: await materialsOf(body) })
    return redirect(paths.hallCase(caseId))
  })

export default function Supplement() {
  const row = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="补正材料" back={paths.hallCase(row.id)} meta={`${row.item.name} · ${row.number}`}>
      <ErrorSummary reply={reply} />
      <Notice kind="warn" title="一次性告知的全部内容">
        {row.steps.findLast(s => s.action === 'ask-correction')?.text}
      </Notice>
      <PostForm files>
        <MaterialFields materials={row.item.materials} allOptional reply={reply} />
        <Actions pinned>
          <Submit>提交补正材料</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
