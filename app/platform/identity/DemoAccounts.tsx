import { DataTable } from '~/ui/DataTable'
import { PostButton } from '~/ui/PostForm'
import { demoPassword } from './demo'
import type { DemoAccountRead } from './demo.server'
import { roleText } from './identity.text'

/** The parts of a rehearsal that anybody may take, each one press away. */
export function DemoAccounts({ accounts, next }: { accounts: DemoAccountRead[]; next: string }) {
  return (
    <DataTable
      caption="可扮演的各方"
      rows={accounts}
      rowKey={account => account.login}
      columns={[
        {
          head: '账号',
          rowHead: true,
          first: true,
          cell: account => (
            <>
              <code>{account.login}</code> {account.name}
            </>
          ),
        },
        { head: '角色', cell: account => roleText[account.role] },
        { head: '办理什么', cell: account => account.part },
        {
          head: '证书文件',
          cell: account =>
            account.hasKey ? (
              <a href={`/api/v1/sandbox/demo-keys/${account.login}.p12`} download>
                下载<span className="sr-only"> {account.login}</span> .p12
              </a>
            ) : (
              '—'
            ),
        },
        {
          head: '登录',
          cell: account => (
            <PostButton link values={{ login: account.login, password: demoPassword, next }}>
              登录<span className="sr-only">为 {account.login}</span>
            </PostButton>
          ),
        },
      ]}
    />
  )
}
