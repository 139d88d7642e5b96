import { Transform } from 'node:stream'

/**
 * Drops NUL bytes from streamed HTML. React 18.3 sends its 2,048-byte buffer whole when the next character of several bytes
 * no longer fits (react#31134), and browsers show those NULs as U+FFFD, also inside the fields of a form.
 */
export function withoutNul(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.includes(0) ? chunk.filter(byte => byte !== 0) : chunk)
    },
  })
}
