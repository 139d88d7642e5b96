import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { ArchiveFacts } from '~/trading/archive/ArchiveFacts'
import { readArchive } from '~/trading/archive/archive.read.server'
import { EmptyState } from '~/ui/EmptyState'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '归档包 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'archive.read', async (ctx, { lotId = '' }) => {
    const { lot, archive, size } = await readArchive(ctx, lotId)
    return { lot: { id: lot.id, name: lot.name, code: lot.code }, archive, size }
  })

export default function SupervisedArchive() {
  const { lot, archive, size } = useLoaderData<typeof loader>()
  return (
    <Page title="归档包" back={paths.supervisorLot(lot.id)} backText={lot.name} meta={lot.code}>
      {archive ? (
        <ArchiveFacts archive={archive} size={size} download={paths.archive(lot.id)} />
      ) : (
        <EmptyState title="尚未归档">招标人或代理机构在定标、流标或终止之后归档；届时可在此下载并核验。</EmptyState>
      )}
    </Page>
  )
}
