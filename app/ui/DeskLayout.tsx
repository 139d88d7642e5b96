import { Link, NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { Clock } from './Clock'
import { useFrame } from './frame'
import { PostButton } from './PostForm'

export type MenuItem = { to: string; text: string; count?: number; end?: boolean }

type DeskLayoutProps = {
  /** Whose desk this is: 代理机构工作台; absent on public pages. */
  desk?: string
  menu: MenuItem[]
  signIn?: string
  signOut?: string
  density?: 'comfortable' | 'compact'
  children: ReactNode
}

/** The frame of every page: name, clock, who is here, the menu of this desk, the content, the foot. */
export function DeskLayout({
  desk,
  menu,
  signIn = '/sign-in',
  signOut = '/sign-out',
  density = 'comfortable',
  children,
}: DeskLayoutProps) {
  return (
    <div data-density={density} className="flex min-h-dvh flex-col">
      <header data-print="no" className="border-b border-rule">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
          <p className="text-lg font-bold">
            <Link to="/" className="text-base-content! no-underline!">
              公共资源交易平台
            </Link>
            {desk ? <span className="ms-2 border-s border-rule ps-2 text-base font-normal">{desk}</span> : null}
          </p>
          <Clock />
          <Who signIn={signIn} signOut={signOut} />
        </div>
      </header>
      <Nav items={menu} label={desk ?? '主导航'} />
      <div className="flex-1">{children}</div>
      <Foot />
    </div>
  )
}

/** A row of links where there is room; on a phone a native disclosure that needs no script. */
export function Nav({ items, label }: { items: MenuItem[]; label: string }) {
  const links = (
    <ul className="mx-auto flex w-full max-w-6xl flex-col px-4 sm:flex-row sm:flex-wrap sm:gap-x-6 sm:px-6">
      {items.map(item => (
        <li key={item.to}>
          <NavLink
            to={item.to}
            end={item.end}
            className="inline-flex min-h-11 items-center border-b-4 border-transparent no-underline! aria-[current=page]:border-primary aria-[current=page]:font-bold"
          >
            {item.text}
            {item.count ? <span className="ms-1">（{item.count}）</span> : null}
          </NavLink>
        </li>
      ))}
    </ul>
  )
  return (
    <div data-print="no" className="border-b border-rule bg-base-200">
      <nav aria-label={label} className="hidden sm:block">
        {links}
      </nav>
      <details className="sm:hidden">
        <summary className="min-h-11 px-4 py-2 font-semibold">菜单</summary>
        <nav aria-label={`${label}（手机）`}>{links}</nav>
      </details>
    </div>
  )
}

function Who({ signIn, signOut }: { signIn: string; signOut: string }) {
  const { actor } = useFrame()
  if (!actor) return <Link to={signIn}>登录</Link>
  return (
    <div className="flex flex-wrap items-center gap-x-4">
      <span>
        <strong>{actor.name}</strong>
        <span className="text-quiet"> {actor.roles.join('、')}</span>
      </span>
      <PostButton link action={signOut}>
        退出登录
      </PostButton>
    </div>
  )
}

function Foot() {
  const { elder } = useFrame()
  return (
    <footer data-print="no" className="border-t border-rule bg-base-200">
      <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-4 px-4 py-4 sm:px-6">
        <p className="max-w-prose text-quiet">期限以服务器时间为准。每一步均可自行核验，无须信任本平台。</p>
        <PostButton link action="/preferences" values={{ size: elder ? 'standard' : 'elder' }}>
          {elder ? '切换到标准版' : '切换到大字版'}
        </PostButton>
      </div>
    </footer>
  )
}
