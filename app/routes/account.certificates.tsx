import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { personOf } from '~/platform/identity/authorise.server'
import { BrowserKeyTable } from '~/platform/identity/BrowserKeyTable'
import { bindCertificate, listCertificates } from '~/platform/identity/certificate.server'
import { IssueCertificate } from '~/platform/identity/IssueCertificate'
import { bindForm } from '~/platform/identity/identity.form.server'
import { certificateUseText, suiteText } from '~/platform/identity/identity.text'
import { SealAgainNotice } from '~/trading/bid/SealAgainNotice'
import { listSealAgain } from '~/trading/bid/seal-again.read.server'
import { Submit } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Hash } from '~/ui/Hash'
import { Actions, ForReaders, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextArea } from '~/ui/TextField'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '数字证书 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'certificate.manage', async ctx => {
    const rows = await listCertificates(ctx)
    const certificates = rows.map(({ der: _, ...row }) => row)
    const sealAgain = personOf(ctx).role === 'bidder' ? await listSealAgain(ctx) : []
    return { certificates, sealAgain, isSandbox: ctx.platform.config.isSandbox }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'certificate.manage', bindForm, async (ctx, _params, input) => {
    await bindCertificate(ctx, input)
    return redirect(paths.certificates)
  })

export default function Certificates() {
  const { certificates, sealAgain, isSandbox } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="数字证书" meta="签名证书用于递交、确认和签署；加密证书用于开标时释放密钥。">
      <ErrorSummary reply={reply} />
      {sealAgain.map(due => (
        <SealAgainNotice key={due.lotId} due={due} href={paths.bidderTask(due.lotId, 'submission')} />
      ))}
      <DataTable
        caption="已登记的证书"
        rows={certificates}
        rowKey={row => row.fingerprint}
        empty={<EmptyState title="还没有证书">登记或签发后列在这里。</EmptyState>}
        columns={[
          { head: '主体', rowHead: true, first: true, cell: row => row.subject },
          { head: '用途', cell: row => `${certificateUseText[row.use]}（${suiteText[row.suite] ?? row.suite}）` },
          { head: '指纹', cell: row => <Hash value={row.fingerprint} label="证书指纹" /> },
          { head: '有效期至', cell: row => <When at={row.notAfter} /> },
          {
            head: '状态',
            cell: row =>
              row.revokedAt ? (
                <>
                  已吊销，
                  <When at={row.revokedAt} />
                </>
              ) : (
                <Link to={paths.revokeCertificate(row.fingerprint)}>
                  吊销<ForReaders>证书 {row.fingerprint.slice(0, 8)}</ForReaders>
                </Link>
              ),
          },
        ]}
      />
      {isSandbox ? (
        <Section title="签发演练证书">
          <IssueCertificate />
        </Section>
      ) : null}
      <Section title="浏览器密钥">
        <BrowserKeyTable renew={certificates} />
      </Section>
      <Section title="登记外部证书">
        <PostForm>
          <TextArea
            name="certificate"
            label="证书内容"
            hint="粘贴认可机构签发的证书（PEM 或 Base64），主体须含本机构的统一社会信用代码。"
            rows={6}
            reply={reply}
          />
          <Actions>
            <Submit look="plain">登记证书</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
