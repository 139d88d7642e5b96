import { type FormReply, replyTo } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { Card } from '~/ui/Card'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark, Section } from '~/ui/layout'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { useNow } from '~/ui/use-now'
import type { Seat } from './seat.read.server'

type Reply = { reply: FormReply | undefined }

/** The host answers objections on the spot (《招标投标法实施条例》44). Works without scripts. */
export function HostPanel({ seat, reply }: Reply & { seat: Extract<Seat, { role: 'host' }> }) {
  if (seat.objections.length === 0)
    return <Remark>您是本次开标的主持人。开标由系统按时钟进行，有投标人提出异议时在此答复。</Remark>
  return (
    <Section title="待答复的异议">
      <ErrorSummary reply={replyTo(reply, 'reply')} />
      {seat.objections.map(({ no, organisationId, organisation, text }) => (
        <Card key={organisationId} title={`${no} 号 ${organisation}`}>
          <p>{text}</p>
          <PostForm>
            <Hidden name="intent" value="reply" />
            <Hidden name="organisationId" value={organisationId} />
            <Hidden name="no" value={String(no)} />
            <TextArea name={`reply-${no}`} label="当场答复" rows={3} reply={replyTo(reply, 'reply')} />
            <Actions>
              <Submit>答复 {no} 号投标人</Submit>
            </Actions>
          </PostForm>
        </Card>
      ))}
    </Section>
  )
}

/** The supervisor may do without a witness that does not answer: a recorded act with its reason (crypto.md §10.8). */
export function SupervisorPanel({ seat, reply }: Reply & { seat: Extract<Seat, { role: 'supervisor' }> }) {
  const { now } = useNow()
  const own = replyTo(reply, 'allow')
  if (!seat.mayAllowFrom) return <Remark>您正在监督本次开标。每一步均已写入平台日志，可在标段时间线核验。</Remark>
  if (now < seat.mayAllowFrom) return <Remark>正在等待见证签名。见证超时后，您可在此允许仅凭时间戳释放密钥。</Remark>
  return (
    <Section title="见证超时">
      <ErrorSummary reply={own} />
      <PostForm>
        <Hidden name="intent" value="allow" />
        <p>见证方未在规定时间内签名。允许后，投标人和保管人可仅凭时间戳释放密钥；此举写入日志和开标记录。</p>
        <TextField name="allowReason" label="理由" reply={own} />
        <Actions>
          <Submit look="danger">允许仅凭时间戳释放密钥</Submit>
        </Actions>
      </PostForm>
    </Section>
  )
}
