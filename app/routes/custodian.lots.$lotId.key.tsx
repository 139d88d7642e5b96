import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyTask } from '~/platform/identity/KeyTask'
import { makeLotKey, putApi } from '~/trading/custody/custody-client'
import { readCustodyPage } from '~/trading/custody/policy-page.read.server'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '登记本标段密钥 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'custody.act', (ctx, { lotId = '' }) => readCustodyPage(ctx, lotId))

export default function LotKey() {
  const { custody, policy, scope } = useLoaderData<typeof loader>()
  const suite = custody.suite === 'gm' ? 'gm' : 'intl'
  const register = async (key: ChosenKey) => {
    const made = await makeLotKey({ ...scope, suite, key })
    await putApi(`/lots/${custody.lotId}/custody-key`, made)
  }
  return (
    <Page title="登记本标段密钥" back={paths.custodianLot(custody.lotId)} backText={custody.lotName} meta={custody.lotCode}>
      {policy || custody.state !== 'keying' ? (
        <Notice title="不能再登记">密封策略已签署，本标段的密钥不再更换。</Notice>
      ) : (
        <KeyTask
          act={custody.keyedAt ? '重新登记密钥' : '登记本标段密钥'}
          hint="含本机构签名证书和加密证书的 .p12"
          run={register}
          done="已登记。代理机构签署密封策略后，请会签。"
          consequences={[
            '密钥在本机生成，只用于本标段；私钥加密给本机构的加密证书后由平台代存，平台打不开。',
            '开标时须用同一密钥（证书文件、浏览器密钥或 USB Key）释放密钥份额；密钥遗失，本份额即不能释放。',
          ]}
        />
      )}
    </Page>
  )
}
