import { Hash } from '~/ui/Hash'
import { Proof } from '~/ui/Proof'

/** What proves that a notice reads today as it did when it was published. */
export function NoticeProof({ notice }: { notice: { id: string; bodyHash: string } }) {
  return (
    <Proof
      proves="本公告的种类、标题、正文和时间在发布时记入公开日志，此后没有改动。"
      by="本平台的日志签名密钥和监督方见证人"
      check="下载证明，用 npm run verify 或任何 RFC 9162 工具核对：正文的 SHA-256 等于证明中的 bodyHash，日志条目在检查点之内。发布后约一分钟可下载。"
      details={
        <>
          正文摘要（SHA-256）：
          <Hash value={notice.bodyHash} />
        </>
      }
      download={{ href: `/api/v1/notices/${notice.id}/proof`, name: `notice-${notice.id}.json` }}
    />
  )
}
