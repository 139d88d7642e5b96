import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

type ErrorPageProps = { status: number; text?: string; requestNumber?: string | null }

const titles: Record<number, string> = {
  401: '请先登录',
  403: '无权查看此页',
  404: '没有找到此页',
  409: '现在不能办理',
  429: '请求过于频繁',
}

/** What a person sees when a page cannot be shown: what happened, why, and what can be done now. */
export function ErrorPage({ status, text, requestNumber }: ErrorPageProps) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 py-12 outline-none">
      <h1 className="text-[1.75rem] font-bold">{titles[status] ?? '本次请求未完成'}</h1>
      <div className="mt-4 flex max-w-prose flex-col gap-4">
        {text ? <p>{text}</p> : null}
        {advice(status)}
        {requestNumber ? (
          <p>
            请求编号：<code className="font-mono">{requestNumber}</code>
          </p>
        ) : null}
        <p>
          <Link to="/">回到首页</Link>
        </p>
      </div>
    </main>
  )
}

function advice(status: number): ReactNode {
  if (status === 401) {
    return (
      <p>
        此页需要登录后查看。<Link to="/sign-in">前往登录</Link>
      </p>
    )
  }
  if (status === 403) return <p>您当前的身份或管辖范围不含此内容。如需办理，请由本单位管理员授予相应角色。</p>
  if (status === 404) return <p>地址可能有误，或内容尚未公布。可从首页搜索公告。</p>
  if (status < 500) return null
  return <p>服务器处理时发生错误，已记录。您的操作未生效，可以稍后重试；反映问题时请提供请求编号。</p>
}
