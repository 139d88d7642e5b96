import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useFrame } from './frame'

type PageProps = { title: string; back?: string; backText?: string; meta?: ReactNode; tag?: ReactNode; children: ReactNode }

/** One page, one question: the way back, the title with its state, the facts under it, then the content. */
export function Page({ title, back, backText = '返回', meta, tag, children }: PageProps) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 pb-16 pt-4 outline-none sm:px-6">
      <SandboxBanner />
      {back ? (
        <p data-print="no" className="mb-2">
          <Link to={back}>‹ {backText}</Link>
        </p>
      ) : null}
      <header className="mb-6 border-b-2 border-base-content pb-4">
        <div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
          <h1 className="text-[1.75rem] font-bold">{title}</h1>
          {tag}
        </div>
        {meta ? <div className="mt-2 text-quiet">{meta}</div> : null}
      </header>
      <div className="flex flex-col gap-6">{children}</div>
    </main>
  )
}

/** Said on every page and paper of a rehearsal: it changes periods and accepted certificates, and nothing else. */
export function SandboxBanner() {
  const { sandbox } = useFrame()
  if (!sandbox) return null
  return (
    <p className="mb-4 border border-warning px-4 py-2 text-warning">
      <strong>演练</strong>：本环境按演练规则版运行，仅缩短法定期限并接受演练证书，其余与正式交易相同；任何结果不具法律效力。
    </p>
  )
}
