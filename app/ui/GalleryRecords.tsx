import { LinkButton, PrintButton } from './Button'
import { Card, CardGrid } from './Card'
import { type Column, DataTable } from './DataTable'
import { Disclosure } from './Disclosure'
import { EmptyState } from './EmptyState'
import { Hash } from './Hash'
import { KeyValues } from './KeyValues'
import { Actions, Bullets, Columns, Figures, Prose, Remark, Section, Stack } from './layout'
import { Money } from './MoneyField'
import { SealedNotice } from './Notice'
import { Pagination } from './Pagination'
import { Paper, PrintHead } from './Paper'
import { Proof } from './Proof'
import { PhaseStrip, type Step, Steps } from './Steps'
import { Tag } from './Tag'
import { Timeline } from './Timeline'
import { Day, When } from './When'

const noon = new Date('2026-12-01T01:30:00Z')
const digest = 'a3f1c0de99b2477e8d16f0a5b3c2d1e0f9e8d7c6b5a4938271605f4e3d2c1b0a'

type Offer = { place: number; bidder: string; price: bigint; days: number; state: 'ok' | 'void' }

const offers: Offer[] = [
  { place: 1, bidder: '江城市政工程有限公司', price: 1_234_567_89n, days: 180, state: 'ok' },
  { place: 2, bidder: '东湖建设集团股份有限公司', price: 1_240_000_00n, days: 175, state: 'ok' },
  { place: 3, bidder: '汉水路桥有限责任公司', price: 998_000_00n, days: 200, state: 'void' },
]

const columns: Column<Offer>[] = [
  { head: '投标人', rowHead: true, first: true, cell: o => o.bidder, sort: 'bidder' },
  { head: '投标报价（元）', numeric: true, cell: o => <Money fen={o.price} />, sort: 'price' },
  { head: '工期（日）', numeric: true, cell: o => o.days },
  { head: '状态', cell: o => (o.state === 'ok' ? <Tag tone="done">已解密</Tag> : <Tag tone="bad">已否决</Tag>) },
]

export function GalleryRecords() {
  return (
    <>
      <Section title="状态词" aside="词说明状态，颜色只作辅助">
        <Tags />
      </Section>
      <Tables />
      <Columns>
        <Stack>
          <Facts />
          <Section title="密封内容">
            <SealedNotice />
          </Section>
        </Stack>
        <Section title="进度与步骤">
          <Steps label="核验步骤" steps={checks} />
        </Section>
      </Columns>
      <Section title="阶段">
        <PhaseStrip phases={phases} />
      </Section>
      <History />
      <Cards />
      <Papers />
    </>
  )
}

const Tags = () => (
  <Actions>
    <Tag>草稿</Tag>
    <Tag tone="active">投标中</Tag>
    <Tag tone="done">已定标</Tag>
    <Tag tone="warn">暂停</Tag>
    <Tag tone="bad">流标</Tag>
  </Actions>
)

const checks: Step[] = [
  { text: '签名与证书链', state: 'done' },
  { text: '默克尔日志包含证明', state: 'current', note: '正在核对检查点' },
  { text: '时间戳', state: 'waiting' },
  { text: '解密后摘要一致', state: 'failed', note: '第 2 个文件摘要不符' },
]

const phases: Step[] = [
  { text: '公告', state: 'done' },
  { text: '投标', state: 'done' },
  { text: '开标', state: 'current', note: '正在解密 5 / 7' },
  { text: '评标', state: 'waiting' },
  { text: '定标', state: 'waiting' },
]

const Tables = () => (
  <Section title="表格">
    <DataTable caption="开标一览表" rows={offers} columns={columns} rowKey={o => String(o.place)} />
    <Pagination page={2} pageSize={20} total={57} />
    <DataTable grid caption="评分表（宽表）" rows={offers} columns={columns} rowKey={o => String(o.place)} />
    <DataTable
      caption="中标候选人"
      rows={[]}
      columns={columns}
      rowKey={o => String(o.place)}
      empty={<EmptyState title="尚无中标候选人">评标报告签署后，此处公示中标候选人，公示期不少于 3 日。</EmptyState>}
    />
  </Section>
)

function Facts() {
  return (
    <Section title="关键事实">
      <Figures
        items={[
          { label: '今日到期', value: 3, unit: '项' },
          { label: '待我处理', value: 12, unit: '项' },
          { label: '本周开标', value: 5, unit: '场' },
        ]}
      />
      <KeyValues
        caption="标段概况"
        items={[
          { label: '标段编号', value: 'A4201000001000001001', change: '#number' },
          { label: '最高投标限价（元）', value: <Money fen={130_000_000n} words /> },
          { label: '投标截止时间', value: <When at={noon} seconds /> },
          { label: '公告日期', value: <Day on="2026-11-10" /> },
          { label: '招标文件摘要', value: <Hash value={digest} label="招标文件摘要" /> },
        ]}
      />
    </Section>
  )
}

const History = () => (
  <Section title="经过">
    <Timeline
      entries={[
        { key: '1', at: noon, text: '公告发布', who: '江城招标代理有限公司' },
        { key: '2', at: noon, text: '投标文件递交', who: '（开标前不公开）', evidence: <Seal /> },
      ]}
    />
    <Disclosure summary="为何此处没有名称">
      <p>开标前不得向他人透露已获取招标文件的潜在投标人的名称、数量（《招标投标法》第二十二条）。</p>
    </Disclosure>
  </Section>
)

const Cards = () => (
  <Section title="卡片">
    <CardGrid>
      <Card title="道路改造工程一标段" to="#card" tag={<Tag tone="active">投标中</Tag>}>
        <Remark>距投标截止 3 天 4 小时</Remark>
      </Card>
      <Card title="无链接的卡片">
        <Bullets items={['第一项', '第二项']} />
      </Card>
    </CardGrid>
    <Prose>正文每行不超过七十二个字符，便于阅读；数字带单位，日期写全。</Prose>
  </Section>
)

const Papers = () => (
  <Section title="文书">
    <PrintHead title="开标记录" number="A4201000001000001001" at={noon} hash={digest} />
    <Paper
      title="开标记录"
      number="A4201000001000001001-KB01"
      issuer="江城招标代理有限公司"
      verification={{ code: '7K3M-22QP', href: '#verify' }}
      signatures={<Seal />}
      download={{ href: '#pdf', name: '开标记录.pdf' }}
    >
      <p>本标段于 2026年12月1日 09:30:00 按时开标，收到投标文件 7 份，成功解密 6 份。</p>
    </Paper>
    <Actions>
      <LinkButton to="#more">查看全部文书</LinkButton>
      <PrintButton>打印文书</PrintButton>
    </Actions>
  </Section>
)

function Seal() {
  return (
    <Proof
      proves="此回执所记的投标文件在 2026年12月1日 09:12:05 已由平台收到，其后未变。"
      by="平台日志（检查点 18 204）与三方见证"
      check="下载回执，运行 verify 工具，无须连接本平台。"
      download={{ href: '#receipt', name: '回执.json' }}
    />
  )
}
