import { DataTable } from '~/ui/DataTable'
import { Disclosure } from '~/ui/Disclosure'
import { Bullets, Stack } from '~/ui/layout'
import { pricePoints, type Scoring } from './scoring'
import { formulaText, groupText, methodText } from './scoring.text'

/** The evaluation method as the tender document fixes it: nothing else is counted. */
export function ScoringTable({ scoring }: { scoring: Scoring }) {
  const price = {
    code: 'P',
    name: `价格分（${formulaText[scoring.formula]}）`,
    max: String(pricePoints(scoring)),
    group: 'price' as const,
  }
  return (
    <Stack>
      <DataTable
        caption={`评标办法：${methodText[scoring.method]}`}
        rows={scoring.method === 'lowest-price' ? [price] : [price, ...scoring.items]}
        rowKey={item => item.code}
        columns={[
          { head: '评分项', rowHead: true, first: true, cell: item => item.name },
          { head: '类别', cell: item => groupText[item.group] },
          { head: '满分（分）', numeric: true, cell: item => item.max },
        ]}
      />
      <Disclosure summary="符合性评审和计算参数">
        <Bullets items={scoring.compliance.map(c => c.text)} />
        {scoring.formula === 'F2' ? (
          <p>
            高于基准价每 1% 扣 {scoring.params.E1} 分，低于每 1% 扣 {scoring.params.E2} 分，最低 {scoring.params.floor}{' '}
            分；有效投标多于 {scoring.params.trimAbove} 家时去掉一个最高价和一个最低价。
          </p>
        ) : null}
      </Disclosure>
    </Stack>
  )
}
