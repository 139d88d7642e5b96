import { Link } from '@remix-run/react'
import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { Section } from '~/ui/layout'
import { Proof } from '~/ui/Proof'
import { Timeline } from '~/ui/Timeline'
import type { CaseView } from './case.read.server'
import { paperTitle, stepText } from './case.text'

type Step = CaseView['steps'][number]

/** The proof of a step: the platform's log, checkable without the platform. */
export function StepProof({ caseId, step }: { caseId: string; step: Step }) {
  return (
    <Proof
      proves={`“${stepText[step.action]}”这一步及其文字、时间、经办人，已写入平台日志，此后任何改动都会被发现。`}
      by="平台日志（只增不改的默克尔树）；检查点由平台签名、见证方联署"
      check="下载证明，其中有原文、随机数、路径和检查点；按 RFC 9162 重算根哈希，与检查点一致即成立。"
      download={{ href: `/api/v1/hall/cases/${caseId}/steps/${step.id}/proof`, name: `办件证明-${step.id.slice(0, 8)}.json` }}
    />
  )
}

/** What happened, each step with its paper and its proof. */
export function CaseSteps({ row, paperPath }: { row: CaseView; paperPath: (stepId: string) => string }) {
  return (
    <Section title="经过">
      <Timeline
        entries={row.steps.map(step => ({
          key: step.id,
          at: step.at,
          who: step.actorName,
          text: (
            <>
              <strong>{stepText[step.action]}</strong>
              {step.text ? `：${step.text}` : ''}{' '}
              {step.paperNumber ? <Link to={paperPath(step.id)}>{`${paperTitle[step.action]} ${step.paperNumber}`}</Link> : null}
            </>
          ),
          evidence: <StepProof caseId={row.id} step={step} />,
        }))}
      />
    </Section>
  )
}

/** What was handed in, to be opened. */
export function CaseMaterials({ row }: { row: CaseView }) {
  const name = (code: string) => row.item.materials.find(m => m.code === code)?.name ?? code
  return (
    <Section title="申请材料">
      <DataTable
        caption="已提交的材料"
        rows={row.materials}
        rowKey={m => m.fileId}
        columns={[
          { head: '材料', rowHead: true, cell: m => name(m.code) },
          {
            head: '文件',
            cell: m => (
              <a href={`/api/v1/hall/cases/${row.id}/files/${m.fileId}`} download={m.name}>
                {m.name}
              </a>
            ),
          },
          { head: '大小（字节）', numeric: true, cell: m => m.size.toLocaleString('zh-CN') },
          { head: '摘要（SHA-256）', cell: m => <Hash value={m.sha256} label={`${m.name}的摘要`} /> },
        ]}
      />
    </Section>
  )
}
