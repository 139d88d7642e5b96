import { ConfirmTask } from './ConfirmTask'
import { Countdown, Remaining } from './Countdown'
import { useFrame } from './frame'
import { samplePeriod } from './GalleryFields'
import { ConnectionState, LiveRegion } from './LiveRegion'
import { Columns, Section, Stack } from './layout'
import { Alert, Notice } from './Notice'
import { Progress } from './Progress'
import { EventList } from './Timeline'

export function GalleryLive() {
  return (
    <>
      <Section title="期限">
        <Limits />
      </Section>
      <Section title="长时间的工作">
        <Works />
      </Section>
      <Section title="提示">
        <Notices />
      </Section>
      <Section title="实时记录">
        <Events />
      </Section>
      <Section title="有后果的办理">
        <ConfirmTask
          object="道路改造工程一标段（A4201000001000001001）"
          act="撤回投标文件"
          danger
          will={['平台登记撤回时间并出具回执', '密封文件作废，不参加开标']}
          cannotUndo={['撤回后须重新密封递交才能参加投标', '投标截止后不得再递交（《招标投标法》第二十九条）']}
        />
      </Section>
    </>
  )
}

const Works = () => (
  <>
    <Progress
      what="正在加密 技术标.pdf"
      done={23.4}
      total={60}
      unit="MB"
      perSecond={8.2}
      leaving="离开此页将暂停，回来后从断点继续。"
    />
    <Progress what="正在上传 投标文件" done={60} total={60} unit="MB" perSecond={8.2} />
    <Progress what="等待开始" done={0} total={7} unit="份" />
  </>
)

function Limits() {
  const now = new Date(useFrame().now)
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  return (
    <Columns>
      <Stack>
        <Countdown label="投标截止时间" until={later(76)} unit="日" explain={samplePeriod} />
        <Countdown label="解密时限" until={later(0.5)} />
      </Stack>
      <Stack>
        <Countdown label="异议期截止" until={later(-2)} unit="工作日" />
        <p>
          列表中：
          <Remaining until={later(30)} />
        </p>
      </Stack>
    </Columns>
  )
}

const Notices = () => (
  <>
    <Notice>本标段采用电子招标投标，开标由数据库时钟自动进行。</Notice>
    <Notice kind="warn" title="公告已变更">
      变更后的公告要求重新确认投标。
    </Notice>
    <Notice kind="done">回执已生成。</Notice>
    <Notice kind="bad">投标截止时间已过，不再接收。</Notice>
    <Alert kind="done" title="已递交">
      投标文件已于 2026年12月1日 09:12:05 收到。
    </Alert>
    <ConnectionState connected />
    <ConnectionState connected={false} />
    <ConnectionState connected={null} />
    <LiveRegion hidden>第 5 份投标文件已解密</LiveRegion>
  </>
)

function Events() {
  const at = new Date(useFrame().now)
  return (
    <EventList
      entries={[
        { key: '2', at, text: '江城市政工程有限公司 投标文件解密成功', who: '系统' },
        { key: '1', at, text: '投标截止，标段关闭' },
      ]}
    />
  )
}
