import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate } from '@/db/migrate'

/** Migrates the template and gives it a clock that tests can set: real time plus an offset row. */
export async function prepareTemplate(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create table if not exists test_clock (shift interval not null)')
  await client.query(`insert into test_clock select interval '0' where not exists (select 1 from test_clock)`)
  await client.query(
    `create or replace function trade_clock() returns timestamptz language sql volatile as 'select clock_timestamp() + (select shift from test_clock)'`,
  )
  await client.end()
  await migrate(url, process.cwd())
}

async function onServer(url: string, sql: string): Promise<void> {
  const address = new URL(url)
  address.pathname = '/postgres'
  const client = new pg.Client(address.href)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A fresh copy of the template; about 100 ms. */
export async function cloneDatabase(templateUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = new URL(templateUrl).pathname.slice(1)
  for (let attempt = 0; ; attempt++) {
    try {
      await onServer(templateUrl, `create database ${name} template ${template}`)
      break
    } catch (error) {
      if (attempt > 50) throw error // two workers cloning at once take turns
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  const url = new URL(templateUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(templateUrl, `drop database ${name} with (force)`) }
}
