import { text } from 'node:stream/consumers'
import { createElement } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { withoutNul } from '~/http/html-stream.server'

const page = createElement(
  'main',
  null,
  Array.from({ length: 400 }, (_, i) =>
    createElement('p', { key: i }, `${'a'.repeat(i % 7)}对招标文件有异议的，应当在法定期限内提出。`),
  ),
)

test('streamed Chinese text arrives whole, without NUL bytes between its buffers', async () => {
  const html = await text(renderToPipeableStream(page).pipe(withoutNul()))
  expect(html).not.toContain('\0')
  expect(html.replaceAll('<!-- -->', '')).toBe(renderToString(page).replaceAll('<!-- -->', ''))
})
