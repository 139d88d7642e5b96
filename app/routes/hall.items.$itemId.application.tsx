import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { applicationForm, materialsOf } from '~/hall/case/case.form.server'
import { submitCase } from '~/hall/case/case.server'
import { MaterialFields } from '~/hall/case/MaterialFields'
import { readItem } from '~/hall/catalogue/catalogue.read.server'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { FieldGroup, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '在线申请 - 政务大厅' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'hall.apply', (ctx, { itemId = '' }) => readItem(ctx, itemId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'hall.apply', applicationForm, async (ctx, { itemId = '' }, applicant, body) => {
    const made = await submitCase(ctx, { itemId, applicant, materials: await materialsOf(body) })
    return redirect(paths.hallCase(made.id))
  })

export default function Application() {
  const item = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title={`申请：${item.name}`} back={paths.hallItem(item.id)}>
      <ErrorSummary reply={reply} />
      <PostForm files>
        <FieldGroup title="申请人（加密保存，只有您和受理、审批人员可见）">
          <TextField name="name" label="申请人姓名或名称" maxLength={100} autoComplete="name" reply={reply} />
          <TextField name="idNumber" label="证件号码" hint="身份证号码，或统一社会信用代码" maxLength={18} reply={reply} />
          <TextField
            name="phone"
            label="联系电话"
            hint="办理进度以短信告知"
            type="tel"
            inputMode="tel"
            autoComplete="tel"
            reply={reply}
          />
        </FieldGroup>
        <FieldGroup title="申请材料">
          <MaterialFields materials={item.materials} reply={reply} />
        </FieldGroup>
        <Actions pinned>
          <Submit>提交申请</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
