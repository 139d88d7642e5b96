import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DocumentTable } from '~/trading/document/DocumentTable'
import { documentTypes, documentTypeText } from '~/trading/document/document'
import { documentForm } from '~/trading/document/document.form.server'
import { listDocuments } from '~/trading/document/document.read.server'
import { addDocument } from '~/trading/document/document.server'
import { readLot } from '~/trading/lot/find-lot.server'
import { isAnnounced } from '~/trading/lot/lot'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'

export const meta: MetaFunction = () => [{ title: '招标文件 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'document.publish', async (ctx, { lotId = '' }) => {
    const { id, name, code, state } = (await readLot(ctx, lotId)).lot
    return { id, name, code, kind: isAnnounced(state) ? 'clarification' : 'document', documents: await listDocuments(ctx, lotId) }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'document.publish', documentForm, async (ctx, { lotId = '' }, { title, kind, file }) => {
    const content = new Uint8Array(await file.arrayBuffer())
    await addDocument(ctx, { lotId, title, kind, name: file.name, type: file.type, content })
    return redirect(paths.agencyLotTask(lotId, 'documents'))
  })

export default function Documents() {
  const { id, name, code, kind, documents } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const word = kind === 'document' ? '招标文件' : '澄清文件'
  return (
    <Page title="招标文件" back={paths.agencyLot(id)} backText={name} meta={code}>
      <ErrorSummary reply={reply} />
      <DocumentTable documents={documents} href={paths.file} empty="上传后列在这里，随公告公开。" showState />
      <Section title={`上传${word}`}>
        <PostForm files>
          <Hidden name="kind" value={kind} />
          <TextField name="title" label="标题" value={word} maxLength={300} reply={reply} />
          <FileField
            name="file"
            label="文件"
            hint={`${documentTypeText}，不超过 500 MiB。`}
            accept={documentTypes.join(',')}
            reply={reply}
          />
          <Actions>
            <Submit>上传{word}</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
