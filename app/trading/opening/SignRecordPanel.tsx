import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyPicker } from '~/platform/identity/KeyPicker'
import { ApiRefusal, callApi, signDigestWithKey } from '~/platform/identity/key-client'
import { useKeyForm } from '~/platform/identity/use-key-form'
import { Submit } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark, Section } from '~/ui/layout'
import { ScriptForm } from '~/ui/ScriptForm'
import { Tag } from '~/ui/Tag'
import { signerText } from './acts.text'
import type { HallActs } from './hall-acts'

type Room = { room: string; sha256: string; sm3: string }

/** So often in a row somebody else may be quicker. */
const tries = 20

/** Each signs what the one before has signed: asks for room, signs its digest here, and again when somebody was quicker. */
async function sign(lotId: string, chosen: ChosenKey, again: () => Promise<ChosenKey>): Promise<void> {
  let key = chosen
  for (let left = tries; ; left--) {
    const { room, ...digests } = await callApi<Room>(`/lots/${lotId}/record/room`)
    const cms = await signDigestWithKey(key, digests)
    try {
      await callApi(`/lots/${lotId}/record/signatures`, { room, cms })
      return
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.code !== 'record-moved' || left === 0) throw error
      key = await again()
    }
  }
}

/** Host, bidder or supervisor puts its own signature on the record, from this browser. */
export function SignRecordPanel({ lotId, onDone }: { lotId: string; onDone: () => void }) {
  const form = useKeyForm((key, _values, again) => sign(lotId, key, again).then(onDone))
  return (
    <Section title="签署开标记录">
      <ScriptForm onSubmit={form.onSubmit}>
        <ErrorSummary reply={form.reply} />
        <p>签名追加在开标记录（PDF）末尾，已有的签名继续有效。</p>
        <KeyPicker hint=".p12 或 .pfx" reply={form.reply} />
        <Actions pinned>
          <Submit>{form.isBusy ? '正在签名…' : '在开标记录上签名'}</Submit>
        </Actions>
        <noscript>签名在本机浏览器中完成，需要启用 JavaScript。到时未签的，记录以已有的签名公布。</noscript>
      </ScriptForm>
    </Section>
  )
}

/** Who is to sign the record, and who has. */
export function Signers({ signers }: Pick<HallActs, 'signers'>) {
  if (signers.length === 0) return null
  const columns = [
    { head: '签署方', cell: (s: HallActs['signers'][number]) => s.organisation, rowHead: true },
    { head: '身份', cell: (s: HallActs['signers'][number]) => signerText[s.role] },
    {
      head: '签名',
      cell: (s: HallActs['signers'][number]) => (s.hasSigned ? <Tag tone="done">已签名</Tag> : <Tag tone="quiet">未签名</Tag>),
    },
  ]
  return (
    <Section title="开标记录的签署">
      <DataTable caption="签署方" rows={signers} columns={columns} rowKey={s => `${s.role} ${s.organisation}`} />
    </Section>
  )
}

/** What was drawn in front of all, and how anybody computes it again. */
export function DrawnParameters({ lotId, parameters }: { lotId: string } & Pick<HallActs, 'parameters'>) {
  if (!parameters) return null
  const columns = [
    { head: '参数', cell: (p: (typeof parameters)[number]) => p.name, rowHead: true },
    { head: '抽取结果', cell: (p: (typeof parameters)[number]) => p.value, first: true },
    { head: '备选值', cell: (p: (typeof parameters)[number]) => p.values.join('、') },
  ]
  return (
    <Section title="现场抽取的参数">
      <DataTable caption="现场抽取的参数" rows={parameters} columns={columns} rowKey={p => p.code} />
      <Remark>
        由各投标文件开标一览表的密钥和截标后经见证的检查点共同决定，只抽一次。
        <a href={`/api/v1/lots/${lotId}/opening/parameters`} download="parameters.json">
          下载抽取证明
        </a>
        ，用 npm run verify 离线重算。
      </Remark>
    </Section>
  )
}
