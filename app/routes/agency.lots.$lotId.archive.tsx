import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ArchiveFacts } from '~/trading/archive/ArchiveFacts'
import { archiveForm } from '~/trading/archive/archive.form.server'
import { readArchive } from '~/trading/archive/archive.read.server'
import { requestArchive } from '~/trading/archive/archive.server'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '归档 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'archive.write', async (ctx, { lotId = '' }) => {
    const { lot, archive, size } = await readArchive(ctx, lotId)
    return { lot: { id: lot.id, name: lot.name, code: lot.code }, archive, size }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'archive.write', archiveForm, async (ctx, { lotId = '' }) => {
    await requestArchive(ctx, { lotId })
    return redirect(paths.agencyLotTask(lotId, 'archive'))
  })

export default function ArchiveLot() {
  const { lot, archive, size } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="归档" back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      {archive ? (
        <ArchiveFacts archive={archive} size={size} download={paths.archive(lot.id)} />
      ) : (
        <ConfirmTask
          object={`${lot.name}（${lot.code}）`}
          act="归档"
          will={[
            '全部文书、投标、回执、密钥释放、抽取、评标和日志证明打成一个归档包，由平台签章并加盖时间戳。',
            '见证方联署覆盖全部记录的日志检查点后自动打包，一般不超过两分钟。',
          ]}
          cannotUndo={['归档后本标段不再接受任何操作。']}
          reply={reply}
        />
      )}
    </Page>
  )
}
