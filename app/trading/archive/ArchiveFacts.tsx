import { formatSize } from '~/shared/size'
import { LinkButton } from '~/ui/Button'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { When } from '~/ui/When'

export type ArchiveProgress = { requestedAt: Date; sealedAt: Date | null; sha256: string | null }

type ArchiveFactsProps = { archive: ArchiveProgress; size: number | null; download: string }

/** How far an archive has come; once it is packed, the package and how to check it without us. */
export function ArchiveFacts({ archive, size, download }: ArchiveFactsProps) {
  const { requestedAt, sealedAt, sha256 } = archive
  if (!sealedAt || !sha256)
    return (
      <Notice title="正在归档">
        已于 <When at={requestedAt} seconds />{' '}
        申请归档。平台须等见证方联署覆盖全部记录的日志检查点后打包，一般不超过两分钟；请稍后刷新本页。
      </Notice>
    )
  return (
    <>
      <KeyValues
        items={[
          { label: '申请归档', value: <When at={requestedAt} seconds /> },
          { label: '打包签章', value: <When at={sealedAt} seconds /> },
          { label: '大小', value: formatSize(size ?? 0) },
          { label: 'SHA-256', value: <Hash value={sha256} label="归档包摘要" /> },
        ]}
      />
      <Actions>
        <LinkButton to={download} look="primary" download>
          下载归档包
        </LinkButton>
      </Actions>
      <Section title="包内有什么">
        <Bullets
          items={[
            '招标文件、各版公告、全部签章文书；',
            '每份投标的递交声明、签名和回执，开启的密封文件与明文，密钥释放消息；',
            '抽取实录、评标报告及成员签署；',
            '每一步的日志记录与证明、见证方联署的检查点、吊销列表。',
          ]}
        />
      </Section>
      <Section title="如何自行核验">
        <p>
          在没有本平台的计算机上运行 <code>npm run verify -- --anchors anchors.json 归档包.zip</code>
          。信任锚应从监督方或事先保存的副本取得，不应取自包内。
        </p>
      </Section>
    </>
  )
}
