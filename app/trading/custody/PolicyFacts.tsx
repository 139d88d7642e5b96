import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { Stack } from '~/ui/layout'
import { Tag } from '~/ui/Tag'
import { groupNameOf, releaseModeText, suiteText } from '../lot/lot.text'
import type { PolicyShown } from './policy-page.read.server'

/** A sealing policy in words: who holds keys, how many are needed, who has signed. */
export function PolicyFacts({ policy }: { policy: PolicyShown }) {
  const { hash, suite, mode, k, custodians } = policy
  return (
    <Stack>
      <KeyValues
        items={[
          { label: '密码算法', value: suiteText[suite] ?? suite },
          { label: '解密方式', value: releaseModeText[mode] ?? mode },
          ...(custodians.length > 0 ? [{ label: '门限', value: `${custodians.length} 个保管人中的 ${k} 个` }] : []),
          { label: '策略摘要', value: <Hash value={hash} label="策略摘要" /> },
        ]}
      />
      {custodians.length > 0 ? <KeeperTable custodians={custodians} /> : null}
    </Stack>
  )
}

function KeeperTable({ custodians }: Pick<PolicyShown, 'custodians'>) {
  return (
    <DataTable
      caption="保管人与密钥"
      rows={custodians}
      rowKey={one => one.org}
      columns={[
        { head: '保管人', rowHead: true, first: true, cell: one => one.name },
        { head: '利益方', cell: one => groupNameOf(one.group) },
        { head: '本标段公钥摘要', cell: one => <Hash value={one.kid} label="公钥摘要" /> },
        { head: '会签', cell: one => <Signed has={one.hasCosigned} /> },
      ]}
    />
  )
}

const Signed = ({ has }: { has: boolean }) => <Tag tone={has ? 'done' : 'quiet'}>{has ? '已会签' : '未会签'}</Tag>
