import type { ReactNode } from 'react'

type ProofProps = {
  /** What is proven, in one plain sentence. */
  proves: string
  by: string
  /** How to check it without us. */
  check: ReactNode
  /** Where the proof itself can be had; a seal without one must not be drawn. */
  download: { href: string; name: string }
  details?: ReactNode
}

/** The small seal 可核验: pressing it says what is proven, by whom, how to check it, and hands the proof over. */
export function Proof({ proves, by, check, download, details }: ProofProps) {
  return (
    <details className="max-w-prose">
      <summary className="inline-flex w-fit items-center border border-success px-2 text-[0.9375rem] font-semibold leading-6 text-success">
        可核验
      </summary>
      <dl className="mt-2 border-s-2 border-success ps-4">
        <dt className="text-quiet">证明了什么</dt>
        <dd className="mb-1">{proves}</dd>
        <dt className="text-quiet">由谁证明</dt>
        <dd className="mb-1">{by}</dd>
        <dt className="text-quiet">如何自行核验</dt>
        <dd className="mb-1">{check}</dd>
        {details ? <dd className="mb-1">{details}</dd> : null}
        <dd>
          <a href={download.href} download={download.name}>
            下载证明（{download.name}）
          </a>
        </dd>
      </dl>
    </details>
  )
}
