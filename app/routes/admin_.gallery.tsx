import type { MetaFunction } from '@remix-run/node'
import { DeskLayout } from '~/ui/DeskLayout'
import { GalleryFields } from '~/ui/GalleryFields'
import { GalleryLive } from '~/ui/GalleryLive'
import { GalleryRecords } from '~/ui/GalleryRecords'
import { Page } from '~/ui/Page'
import { Tag } from '~/ui/Tag'

export const meta: MetaFunction = () => [{ title: '组件样张 - 公共资源交易平台' }]

const menu = [
  { to: '/', text: '首页', end: true },
  { to: '/admin/gallery', text: '组件样张', count: 3 },
]

/** Every component in every state; the accessibility check and the screenshots run over this page. */
export default function Gallery() {
  return (
    <DeskLayout desk="平台运维" menu={menu}>
      <Page title="组件样张" back="/" meta="每个组件的每种状态，供无障碍检查与截图比对。" tag={<Tag>样张</Tag>}>
        <GalleryRecords />
        <GalleryFields />
        <GalleryLive />
      </Page>
    </DeskLayout>
  )
}
