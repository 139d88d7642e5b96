import { useEffect, useState } from 'react'
import { Button } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Actions, ForReaders, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { When } from '~/ui/When'
import { forgetSet, type KeySet, listSets } from './key-shelf'

/** Keys this browser keeps, whosesoever, and the way to delete them: on a shared machine nobody else should. */
export function BrowserKeyTable({ renew }: { renew: unknown }) {
  const [sets, setSets] = useState<KeySet[]>([])
  const [going, setGoing] = useState<KeySet | null>(null)
  useEffect(() => void listSets().then(setSets, () => setSets([])), [renew])
  const forget = async ({ setId }: KeySet) => {
    await forgetSet(setId)
    setGoing(null)
    setSets(await listSets())
  }
  return (
    <Stack>
      {going ? <Confirm going={going} onYes={() => void forget(going)} onNo={() => setGoing(null)} /> : null}
      <DataTable
        caption="本浏览器中的密钥"
        rows={sets}
        rowKey={set => set.setId}
        empty={<EmptyState title="本浏览器中没有密钥">保存在本浏览器的密钥列在这里。</EmptyState>}
        columns={[
          { head: '主体', rowHead: true, first: true, cell: set => set.subject },
          { head: '用途', cell: set => (set.uses.includes('encrypt') ? '签名、加密' : '签名') },
          { head: '有效期至', cell: set => <When at={new Date(set.notAfter)} /> },
          {
            head: '办理',
            cell: set => (
              <Button onClick={() => setGoing(set)}>
                删除<ForReaders>密钥 {set.subject}</ForReaders>
              </Button>
            ),
          },
        ]}
      />
    </Stack>
  )
}

function Confirm({ going, onYes, onNo }: { going: KeySet; onYes: () => void; onNo: () => void }) {
  return (
    <Alert kind="warn" title={`删除 ${going.subject} 的密钥？`}>
      密钥没有副本，删除后不能恢复：用它加锁的投标文件将不能释放。证书仍须另行吊销。
      <Actions>
        <Button look="danger" onClick={onYes}>
          确认删除
        </Button>
        <Button onClick={onNo}>不删除</Button>
      </Actions>
    </Alert>
  )
}
