import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ProjectFields } from '~/trading/project/ProjectFields'
import { projectForm } from '~/trading/project/project.form.server'
import { createProject } from '~/trading/project/project.server'
import { readProjectForm } from '~/trading/project/project-form.read.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '建立招标项目 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'project.write', async ctx => readProjectForm(ctx))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'project.write', projectForm, async (ctx, _params, input) => {
    const { id } = await createProject(ctx, input)
    return redirect(paths.project(id))
  })

export default function NewProject() {
  const { editions, regions } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="建立招标项目" back={paths.projects} backText="项目与标段">
      <ErrorSummary reply={reply} />
      <PostForm draft="project">
        <ProjectFields editions={editions} regions={regions} reply={reply} />
        <Actions pinned>
          <Submit>建立招标项目</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
