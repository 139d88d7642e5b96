import { useState } from 'react'
import { Button } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { Actions, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { When } from '~/ui/When'
import { roleTextOf } from './bid.text'
import { type KeptBid, type KeptFile, keptBytes, keptStanding } from './kept-bid'
import { standingTexts } from './kept-bid.text'
import type { SealScope } from './seal-client'

type UnfinishedUploadProps = {
  kept: KeptBid
  scope: SealScope
  isOpen: boolean
  onResume: () => void
  onDiscard: () => void
}

/** A bid that was sealed and signed in this browser and has not reached the platform: go on with it, or let it go. */
export function UnfinishedUpload({ kept, scope, isOpen, onResume, onDiscard }: UnfinishedUploadProps) {
  const standing = keptStanding(kept, scope, isOpen)
  const mayGoOn = standing === 'ready' || (standing === 'delivered' && isOpen)
  return (
    <Stack>
      <Alert kind={standing === 'late' ? 'bad' : 'warn'} title={standing === 'delivered' ? '回执未取回' : '有未完成的上传'}>
        {standing === 'ready' ? <Ready kept={kept} /> : standingTexts[standing]}
      </Alert>
      {standing === 'other-organisation' ? null : <KeptFiles kept={kept} />}
      <Actions>
        {mayGoOn ? (
          <Button look="primary" onClick={onResume}>
            {standing === 'ready' ? '继续上传并递交' : '取回回执'}
          </Button>
        ) : null}
        <DiscardButton onDiscard={onDiscard} />
      </Actions>
    </Stack>
  )
}

/** Asked twice: what is deleted here nobody can bring back. */
function DiscardButton({ onDiscard }: { onDiscard: () => void }) {
  const [isAsked, setAsked] = useState(false)
  if (!isAsked) return <Button onClick={() => setAsked(true)}>放弃并删除本机密文</Button>
  return (
    <>
      <Button look="danger" onClick={onDiscard}>
        确认删除，不可恢复
      </Button>
      <Button onClick={() => setAsked(false)}>保留</Button>
    </>
  )
}

const mib = (bytes: number) => `${(bytes / 1_048_576).toLocaleString('zh-CN', { maximumFractionDigits: 1 })} MiB`

function Ready({ kept }: { kept: KeptBid }) {
  const { total, sent } = keptBytes(kept)
  return (
    <>
      <p>
        投标文件已于 <When at={new Date(kept.sealedAt)} /> 在本机密封并签名，尚未送达。共 {mib(total)}，已上传约 {mib(sent)}，还剩{' '}
        {mib(total - sent)}。
      </p>
      <p>继续时不需要证书文件和密码。传完后自动递交；收到可核验的回执才算送达，本机密文随即删除。</p>
    </>
  )
}

const shareOf = ({ sent, size }: KeptFile) => `${Math.floor((sent / size) * 100)}%`

function KeptFiles({ kept }: { kept: KeptBid }) {
  return (
    <DataTable
      caption="本机保存的密文"
      rows={kept.files}
      rowKey={file => file.fileId}
      columns={[
        { head: '种类', rowHead: true, first: true, cell: file => roleTextOf(file.role) },
        { head: '密文字节', numeric: true, cell: file => file.size.toLocaleString('zh-CN') },
        { head: '已上传', numeric: true, cell: file => shareOf(file) },
        { head: '密文摘要', cell: file => <Hash value={file.root} label="密文摘要" /> },
      ]}
    />
  )
}
