import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readCertificateRow, revokeCertificate } from '~/platform/identity/certificate.server'
import { confirmForm } from '~/platform/identity/identity.form.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '吊销证书 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'certificate.manage', async (ctx, { fingerprint = '' }) => {
    const { subject } = await readCertificateRow(ctx, fingerprint)
    return { name: `${subject}（${fingerprint.slice(0, 8)}）` }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'certificate.manage', confirmForm, async (ctx, { fingerprint = '' }) => {
    await revokeCertificate(ctx, { fingerprint })
    return redirect(paths.certificates)
  })

export default function RevokeCertificate() {
  const { name } = useLoaderData<typeof loader>()
  return (
    <Page title="吊销证书" back={paths.certificates} backText="返回数字证书">
      <ConfirmTask
        object={name}
        will={['自吊销时起，用此证书的签名一律不予接受；吊销时间写入日志。', '吊销前已接受的签名仍然有效。']}
        cannotUndo={['吊销后不能恢复，只能重新签发或登记新证书。', '已用此证书密封的投标，开标时仍须凭原密钥释放。']}
        act="吊销证书"
        danger
        reply={useFormReply()}
      />
    </Page>
  )
}
