import { LinkButton } from '~/ui/Button'
import { Actions, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { useKeptBids } from './use-kept-bids'

type KeptNoticeProps = {
  /** Only this lot's; every lot's of the organisation where it is left out. */
  lotId?: string
  org: string
  submissionPath: (lotId: string) => string
}

/** Says that this browser keeps an unfinished upload of the organisation, and leads to where it goes on. */
export function KeptNotice({ lotId, org, submissionPath }: KeptNoticeProps) {
  const { kept } = useKeptBids()
  const own = kept.filter(bid => bid.org === org && (!lotId || bid.lotId === lotId))
  return own.map(bid => (
    <Alert key={bid.id} kind="warn" title="有未完成的上传">
      <Stack>
        <p>本浏览器存有已密封、尚未送达的投标文件。收到可核验的回执才算送达。</p>
        <Actions>
          <LinkButton to={submissionPath(bid.lotId)} look="primary">
            查看并继续上传
          </LinkButton>
        </Actions>
      </Stack>
    </Alert>
  ))
}
