// What a tool was called with.
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Options by name and the files; throws the usage on an option that is none. */
export function readArguments<O extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    throw new Error(usage)
  }
}
