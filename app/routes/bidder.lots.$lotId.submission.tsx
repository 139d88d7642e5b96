import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { servedScripts } from '~/platform/script/script.server'
import { readBidPage } from '~/trading/bid/bid-page.read.server'
import { SubmissionTask } from '~/trading/bid/SubmissionTask'
import { Countdown } from '~/ui/Countdown'
import { Hash } from '~/ui/Hash'
import { Bullets } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '密封并递交投标文件 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'bid.submit', async (ctx, { lotId = '' }) => ({
    ...(await readBidPage(ctx, lotId)),
    scripts: servedScripts(ctx.platform).filter(({ name }) => name === 'seal.worker' || name === 'deliver.worker'),
  }))

export default function Submission() {
  const { lot, current, isOpen, scope, scripts } = useLoaderData<typeof loader>()
  const back = paths.bidderLot(lot.id)
  return (
    <Page title={current ? '替换投标文件' : '密封并递交投标文件'} back={back} backText={lot.name} meta={lot.code}>
      {isOpen && lot.biddingEndsAt ? (
        <>
          <Countdown label="投标截止，即开标" until={lot.biddingEndsAt} />
          <Notice title="怎样密封">
            <Bullets
              items={[
                '文件在本机加密、签名，密文存入本浏览器，再上传；开标前任何人（包括平台）都不能解密。',
                '上传中断或关闭了网页、电脑的，截止前用同一浏览器重新打开本页，从断点继续。',
                '上传完成后须再点一次“递交”，声明到达的时间以平台数据库时钟为准（《电子招标投标办法》第二十七条）。',
                current
                  ? '补充、修改的，重新选择全部文件后替换：以最后一次递交为准，此前各版本保持密封，其回执仍可核对（《招标投标法》第二十九条）。'
                  : '截止前可以补充、修改（重新密封后替换）或撤回，次数不限（《招标投标法》第二十九条）。',
                <>
                  不信任网页的，可下载离线工具在本机密封（<a href="/offline/seal.mjs">seal.mjs</a>，
                  <a href="/offline/SHA256SUMS">校验值</a>），只需 Node，不连网络。
                </>,
              ]}
            />
          </Notice>
          <noscript>密封须在浏览器中进行，请启用 JavaScript，或使用离线密封工具（/offline/seal.mjs）和接口递交。</noscript>
        </>
      ) : (
        <Notice kind="warn" title="不接收投标">
          本标段现在不接收投标：投标截止时间已过或投标尚未开始。
        </Notice>
      )}
      <SubmissionTask scope={scope} ceilingFen={lot.ceilingFen} back={back} isReplacement={current !== null} isOpen={isOpen} />
      {scripts.map(({ name, sha256 }) => (
        <p key={name}>
          {name === 'seal.worker' ? '密封脚本' : '递交脚本'} <Hash label={`${name} 摘要`} value={sha256} />{' '}
          已写入平台日志，任何人可用 <code>npm run verify -- --served 网址</code> 与源码核对。
        </p>
      ))}
    </Page>
  )
}
