import { Button, LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { LiveRegion } from '~/ui/LiveRegion'
import { Actions, Remark, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { Progress } from '~/ui/Progress'
import { roleTextOf } from './bid.text'
import type { SealedLine } from './seal-client'
import type { Phase, Prepared, Sealing } from './sealing-course'

type SealingStateProps = {
  state: Sealing
  /** 递交投标文件 / 撤回投标文件 / 确认投标文件 */
  act: string
  onCommit: () => void
  /** Where one goes on to afterwards. */
  back: string
}

/** Where a sealing stands: working, ready to be committed, committed with its receipt, or what went wrong. */
export function SealingState({ state, act, onCommit, back }: SealingStateProps) {
  const problem = 'problem' in state ? state.problem : undefined
  return (
    <Stack>
      {problem ? (
        <Alert kind="bad" title="未能办理">
          {problem}
        </Alert>
      ) : null}
      {state.step === 'working' ? <Working state={state} /> : null}
      {state.step === 'prepared' || state.step === 'committing' ? (
        <Ready prepared={state.prepared} isCommitting={state.step === 'committing'} act={act} onCommit={onCommit} />
      ) : null}
      {state.step === 'committed' ? <Done state={state} act={act} back={back} /> : null}
    </Stack>
  )
}

const phases: Record<Phase, { doing: string; leaving: string }> = {
  sealing: { doing: '正在本机密封', leaving: '离开本页将放弃本次密封；未密封完的内容不保存。' },
  sending: {
    doing: '正在上传',
    leaving:
      '已在本机密封并签名，密文保存在本浏览器。可以关闭本页或电脑，截止前用同一浏览器重新打开本页继续（无痕窗口关闭后不保留）；递交并收到回执前不算送达。',
  },
}

function Working({ state }: { state: Extract<Sealing, { step: 'working' }> }) {
  const { doing, leaving } = phases[state.phase]
  return (
    <Progress
      what={`${doing}：${state.what}`}
      done={state.done}
      total={state.total}
      unit="MiB"
      perSecond={state.perSecond}
      leaving={leaving}
    />
  )
}

type ReadyProps = { prepared: Prepared | null; isCommitting: boolean; act: string; onCommit: () => void }

function Ready({ prepared, isCommitting, act, onCommit }: ReadyProps) {
  if (!prepared) return <LiveRegion>正在递交…</LiveRegion>
  const { statementHash, signer, files, keepsake } = prepared
  return (
    <Stack>
      <Alert kind="warn" title="已准备好，尚未递交">
        递交声明已由 {signer} 的证书在本机签名。请核对后递交；收到可核验的回执才算送达。
      </Alert>
      {files.length > 0 ? <SealedTable files={files} /> : null}
      <KeyValues items={[{ label: '声明摘要', value: <Hash value={statementHash} label="声明摘要" /> }]} />
      {keepsake ? <Keepsake text={keepsake} statementHash={statementHash} /> : null}
      <Actions pinned>
        <Button look="primary" onClick={onCommit} disabled={isCommitting}>
          {isCommitting ? '正在递交…' : act}
        </Button>
      </Actions>
    </Stack>
  )
}

/** Kept by the bidder alone: it is made now and cannot be had again. */
function Keepsake({ text, statementHash }: { text: string; statementHash: string }) {
  const href = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`
  return (
    <Stack>
      <Remark>
        请现在下载补录凭据，与原文件一起保存在本机：开标时密文不能解密、招标文件约定可以补录的，凭它证明补录的文件就是截标前承诺的文件。
        其中有报价，开标前不要交给任何人；离开本页后不能再取得。
      </Remark>
      <Actions>
        <a href={href} download={`补录凭据-${statementHash.slice(0, 8)}.json`} className="btn btn-outline btn-primary">
          下载补录凭据
        </a>
      </Actions>
    </Stack>
  )
}

function SealedTable({ files }: { files: SealedLine[] }) {
  return (
    <DataTable
      caption="密封的文件"
      rows={files}
      rowKey={file => file.role}
      columns={[
        { head: '种类', rowHead: true, first: true, cell: file => roleTextOf(file.role) },
        { head: '文件', cell: file => file.name },
        { head: '密文字节', numeric: true, cell: file => file.size.toLocaleString('zh-CN') },
        { head: '密文摘要', cell: file => <Hash value={file.root} label="密文摘要" /> },
      ]}
    />
  )
}

function Done({ state, act, back }: { state: Extract<Sealing, { step: 'committed' }>; act: string; back: string }) {
  const { receipt, isProven } = state.committed
  const href = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(receipt, null, 2))}`
  return (
    <LiveRegion>
      <Stack>
        <Alert kind={isProven ? 'done' : 'bad'} title={isProven ? `${act}：已送达` : '回执未通过核验'}>
          {isProven
            ? '平台已签收，本机已核验回执：该声明已写入平台日志，由日志密钥签署。请下载并保存回执。'
            : '平台返回的回执与声明或日志证明不符。请保存回执并联系监督方，勿视为已送达。'}
        </Alert>
        <Actions>
          <a
            href={href}
            download={`回执-${String(receipt.lotCode)}-${String(receipt.statement).slice(0, 8)}.json`}
            className="btn btn-outline btn-primary"
          >
            下载回执
          </a>
          <LinkButton to={back}>返回本标段</LinkButton>
        </Actions>
      </Stack>
    </LiveRegion>
  )
}
