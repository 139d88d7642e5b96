/**
 * Many byte strings as one parameter of a query. pg writes an array of them as text: twice as long, escaped, and parsed again by the
 * server, which at a deadline costs more than what the bytes are for.
 */
export interface Packed {
  /** One after the other. */
  bytes: Buffer
  /** Where each begins, counted from 1 as `substr` does. */
  starts: number[]
  sizes: number[]
}

/** For `substr(bytes, start, size)` of each row. */
export function packed(list: Uint8Array[]): Packed {
  const sizes = list.map(one => one.length)
  let next = 1
  const starts = sizes.map(size => {
    next += size
    return next - size
  })
  return { bytes: Buffer.concat(list), starts, sizes }
}

/** For `convert_from(substr(bytes, start, size), 'UTF8')` of each row: long texts full of quotes, which pg would escape one by one. */
export const packedTexts = (list: string[]): Packed => packed(list.map(text => Buffer.from(text)))
