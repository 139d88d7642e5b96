import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submitFile } from '~/http/page.server'
import { listForm, listMost } from '~/platform/identity/identity.form.server'
import { listStandingText, listStandingTone } from '~/platform/identity/identity.text'
import { listIssuerStates, takeList } from '~/platform/identity/revocation.server'
import { Submit } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Hash } from '~/ui/Hash'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '证书吊销 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'trust.read', ctx => listIssuerStates(ctx))

export const action = (args: ActionFunctionArgs) =>
  submitFile(args, 'trust.manage', { form: listForm, most: listMost }, async (ctx, _params, { file }) => {
    const bytes = Buffer.from(await file.arrayBuffer())
    await takeList(ctx, { crl: bytes[0] === 0x30 ? bytes : bytes.toString('latin1'), source: 'operator' })
    return redirect('/admin/trust')
  })

export default function Trust() {
  const { issuers, graceHours } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page
      title="证书吊销"
      meta={`签名时按签发机构现行的吊销列表（CRL）核对证书。列表过期后 ${graceHours} 小时内照收并记明依据已过期，之后或缺少列表时拒收。`}
    >
      <ErrorSummary reply={reply} />
      <DataTable
        caption="认可的签发机构"
        rows={issuers}
        rowKey={row => row.issuer}
        empty={<EmptyState title="没有认可的签发机构">把机构证书放入数据目录的 trust 文件夹后列在这里。</EmptyState>}
        columns={[
          { head: '签发机构', rowHead: true, first: true, cell: row => row.name },
          { head: '状态', cell: row => <Tag tone={listStandingTone[row.standing]}>{listStandingText[row.standing]}</Tag> },
          { head: '编号', cell: row => row.number ?? '—' },
          { head: '本次更新', cell: row => (row.thisUpdate ? <When at={row.thisUpdate} /> : '—') },
          { head: '下次更新', cell: row => (row.nextUpdate ? <When at={row.nextUpdate} /> : '—') },
          { head: '吊销数', cell: row => row.revoked, numeric: true },
          { head: '摘要', cell: row => (row.sha256 ? <Hash value={row.sha256} label="吊销列表摘要" /> : '—') },
        ]}
      />
      <Section title="导入吊销列表">
        <PostForm files>
          <FileField
            name="file"
            label="吊销列表文件"
            hint="X.509 CRL（DER 或 PEM），不超过 16 MB。也可放入数据目录的 trust 文件夹，数秒内自动导入。"
            accept=".crl,.pem,.der"
            reply={reply}
          />
          <Actions>
            <Submit>核对并导入</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
