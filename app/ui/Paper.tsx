import type { ReactNode } from 'react'
import { useFrame } from './frame'
import { When } from './When'

type PrintHeadProps = { title: string; number?: string; at: Date; hash?: string }

/** Stands on top of a printed page only: what it is, its number, when it was taken and its digest. */
export function PrintHead({ title, number, at, hash }: PrintHeadProps) {
  const { sandbox } = useFrame()
  return (
    <div className="print-only hidden border-b-2 border-base-content pb-2">
      <p className="font-bold">
        {title}
        {sandbox ? '（演练，不具法律效力）' : ''}
      </p>
      <p>
        {number ? `编号：${number}　` : ''}
        时间：
        <When at={at} seconds />
      </p>
      {hash ? <p className="font-mono text-sm">摘要：{hash}</p> : null}
    </div>
  )
}

type PaperProps = {
  title: string
  number?: string
  issuer?: string
  /** Verification code and QR, as an image the server drew. */
  verification?: { code: string; qr?: string; href: string }
  signatures?: ReactNode
  download?: { href: string; name: string }
  children: ReactNode
}

/** An official paper as seen: the PDF's own look, who signed it, and how to check it. */
export function Paper({ title, number, issuer, verification, signatures, download, children }: PaperProps) {
  const { sandbox } = useFrame()
  return (
    <article
      aria-label={title}
      className="mx-auto w-full max-w-[50rem] border border-[#6b747d] bg-base-100 px-6 py-8 sm:px-16 sm:py-12"
    >
      {sandbox ? <p className="mb-4 text-center font-semibold text-warning">演练文书，不具法律效力</p> : null}
      <h2 className="text-center text-2xl font-bold">{title}</h2>
      {number ? <p className="mt-2 text-center text-quiet">{number}</p> : null}
      <div className="mt-6 flex flex-col gap-4 leading-loose">{children}</div>
      {issuer ? <p className="mt-8 text-end">{issuer}</p> : null}
      {signatures ? <div className="mt-6 border-t border-rule pt-4">{signatures}</div> : null}
      {verification ? <Verification {...verification} /> : null}
      {download ? (
        <p data-print="no" className="mt-4">
          <a href={download.href} download={download.name}>
            下载 PDF（{download.name}）
          </a>
        </p>
      ) : null}
    </article>
  )
}

function Verification({ code, qr, href }: NonNullable<PaperProps['verification']>) {
  return (
    <div className="mt-6 flex flex-wrap items-center gap-4 border-t border-rule pt-4">
      {qr ? <img src={qr} alt={`核验二维码，内容为 ${href}`} width={96} height={96} /> : null}
      <p>
        核验码 <code className="font-mono">{code}</code>
        <br />
        <a href={href}>在线核验此文书</a>
      </p>
    </div>
  )
}
