import { expect, test } from 'vitest'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Countdown } from '~/ui/Countdown'
import { DeskLayout } from '~/ui/DeskLayout'
import { ErrorPage } from '~/ui/ErrorPage'
import { Hash } from '~/ui/Hash'
import { Page } from '~/ui/Page'
import { Paper, PrintHead } from '~/ui/Paper'
import { Progress } from '~/ui/Progress'
import { Proof } from '~/ui/Proof'
import { html } from './render'

const at = (text: string) => new Date(`${text}+08:00`)

test('a rehearsal says so on every page, paper and print', async () => {
  const facts = { sandbox: true }
  const page = <Page title="标段">内容</Page>
  const paper = <Paper title="开标记录">内容</Paper>
  expect(await html(page, { facts })).toContain('演练')
  expect(await html(paper, { facts })).toContain('演练文书，不具法律效力')
  expect(await html(<PrintHead title="记录" at={at('2026-12-01T09:30:00')} />, { facts })).toContain('演练')
  expect((await html(page)) + (await html(paper))).not.toContain('演练')
})

test('the clock shows Beijing time and its zone without scripts', async () => {
  const out = await html(<DeskLayout menu={[]}>内容</DeskLayout>)
  expect(out).toContain('2026年12月1日 09:30:00')
  expect(out).toContain('北京时间（UTC+8）')
})

test('the desk shows who is here and a way out, or a way in', async () => {
  const actor = { name: '王建国', roles: ['投标人'] }
  expect(await html(<DeskLayout menu={[]}>内容</DeskLayout>, { facts: { actor } })).toMatch(/王建国.*投标人.*退出登录/s)
  expect(await html(<DeskLayout menu={[]}>内容</DeskLayout>)).toContain('href="/sign-in"')
})

test('the page one is on is marked in the menu', async () => {
  const out = await html(<DeskLayout menu={[{ to: '/lots', text: '标段' }]}>内容</DeskLayout>, { at: '/lots/1' })
  expect(out).toMatch(/aria-current="page"[^>]*href="\/lots"|href="\/lots"[^>]*aria-current="page"/)
})

test('a countdown shows the date, what is left, and that it has passed', async () => {
  expect(await html(<Countdown label="截止" until={at('2026-12-02T10:30:00')} />)).toContain('剩余 1 天 1 小时')
  expect(await html(<Countdown label="截止" until={at('2026-12-01T09:30:00')} />)).toContain('已截止')
})

test('progress says how much, how fast and how long still', async () => {
  const out = await html(<Progress what="正在加密" done={30} total={60} unit="MB" perSecond={10} />)
  expect(out).toContain('30 / 60 MB（50%），每秒 10 MB，约剩 3 秒')
})

test('a task with consequences names its object in the confirmation', async () => {
  const out = await html(<ConfirmTask object="一标段" act="撤回投标文件" will={['作废']} cannotUndo={['不可恢复']} />)
  expect(out).toContain('我已核对，对「一标段」撤回投标文件')
  expect(out.match(/type="submit"/g)).toHaveLength(1)
})

test('a seal always hands over its proof', async () => {
  const out = await html(
    <Proof proves="已收到" by="日志" check="运行 verify" download={{ href: '/r.json', name: '回执.json' }} />,
  )
  expect(out).toContain('href="/r.json"')
  expect(out).toContain('download="回执.json"')
})

test('a digest is short to the eye and whole on paper', async () => {
  const value = 'a'.repeat(30) + 'b'.repeat(34)
  const out = await html(<Hash value={value} />)
  expect(out).toContain('aaaaaaaa…bbbbbbbb')
  expect(out).toContain(`>${value}</code>`)
})

test('an error page says what happened in Chinese and gives the request number of a fault', async () => {
  expect(await html(<ErrorPage status={404} />)).toContain('没有找到此页')
  expect(await html(<ErrorPage status={403} text="不在您的管辖范围。" />)).toContain('不在您的管辖范围。')
  expect(await html(<ErrorPage status={500} requestNumber="b7c9" />)).toContain('b7c9')
})
