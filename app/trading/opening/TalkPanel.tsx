import { type FormReply, replyTo } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField, SelectField } from '~/ui/ChoiceField'
import { Disclosure } from '~/ui/Disclosure'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark, Section } from '~/ui/layout'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import type { Hall } from './hall'
import type { Seat } from './seat.read.server'
import { isTalkOpen, mostLetters, type TalkRole } from './talk'
import { speakerText } from './talk.text'

type Reply = { reply: FormReply | undefined }
type TalkProps = Reply & { hall: Hall; seat: Seat }

const shown = 30

const isMine = (seat: Seat, message: Hall['messages'][number]) =>
  seat.role === 'bidder' ? message.no === seat.no : message.no === null && message.role === (seat.role as TalkRole)

/** What was said, newest last, as everybody sees it. */
function Messages({ messages }: Pick<Hall, 'messages'>) {
  if (messages.length === 0) return <Remark>还没有人发言。发言向全体公开，并写入日志；异议请在提出异议环节签名提出。</Remark>
  return (
    <ol aria-label="发言">
      {messages.slice(-shown).map(message => (
        <li key={message.key}>
          <strong>{speakerText(message)}</strong>（{message.organisation}）：{message.text}
        </li>
      ))}
    </ol>
  )
}

function Write({ hall, seat, reply }: TalkProps) {
  if (seat.role === 'bidder' && hall.muted.includes(seat.no)) return <Remark>主持人已暂停贵方发言。异议不受影响。</Remark>
  const mine = hall.messages.filter(message => isMine(seat, message)).length
  return (
    <PostForm key={mine}>
      <ErrorSummary reply={replyTo(reply, 'say')} />
      <Hidden name="intent" value="say" />
      <TextArea
        name="message"
        label="发言"
        rows={2}
        maxLength={mostLetters}
        hint={`不超过 ${mostLetters} 字，每分钟 6 条；发言不能撤回`}
        reply={replyTo(reply, 'say')}
      />
      <Actions>
        <Submit look="plain">发言</Submit>
      </Actions>
    </PostForm>
  )
}

function Mute({ hall, reply }: Omit<TalkProps, 'seat'>) {
  const choices = hall.bids.map(bid => ({
    value: String(bid.no),
    text: `${bid.no} 号 ${bid.organisation}${hall.muted.includes(bid.no) ? '（已暂停）' : ''}`,
  }))
  const own = replyTo(reply, 'mute')
  return (
    <Disclosure summary="暂停或恢复发言" open={own !== undefined}>
      <ErrorSummary reply={own} />
      <PostForm>
        <Hidden name="intent" value="mute" />
        <SelectField name="no" label="投标人" choices={choices} reply={own} />
        <RadioField
          name="isMuted"
          label="处理"
          choices={[
            { value: 'yes', text: '暂停发言' },
            { value: 'no', text: '恢复发言' },
          ]}
          value="yes"
          reply={own}
        />
        <TextField name="muteReason" label="理由" hint="向全体公开" reply={own} />
        <Actions>
          <Submit look="danger">提交处理</Submit>
        </Actions>
      </PostForm>
    </Disclosure>
  )
}

/** Messages in the hall: read by everybody, written by host, supervisor and listed bidders while the hall is open. */
export function TalkPanel({ hall, seat, reply }: TalkProps) {
  const isOpen = isTalkOpen(hall.phase, hall.bids.length)
  if (!isOpen && hall.messages.length === 0) return null
  const mayWrite = isOpen && (seat.role === 'host' || seat.role === 'supervisor' || seat.role === 'bidder')
  return (
    <Section title="发言">
      <Messages messages={hall.messages} />
      {mayWrite ? <Write hall={hall} seat={seat} reply={reply} /> : null}
      {isOpen && seat.role === 'host' ? <Mute key={hall.muted.join()} hall={hall} reply={reply} /> : null}
    </Section>
  )
}
