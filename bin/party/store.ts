// A party's own folder: its keys and what it must not forget. Nobody else reads it; every file is 0600.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** Writes a whole file so that a kill leaves the old one or the new one. */
function writeWhole(path: string, text: string) {
  const draft = `${path}.new`
  const file = openSync(draft, 'w', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(draft, path)
}

export type Keep = {
  /** The key of this name, made at first use. Ed25519 signs, P-256 receives shares. */
  key(name: string, kind: 'ed25519' | 'p256'): KeyObject
  read<T>(name: string): T | null
  write(name: string, value: unknown): void
  /** Lines kept forever, oldest first. */
  lines<T>(name: string): T[]
  append(name: string, value: unknown): void
}

function makeKey(kind: 'ed25519' | 'p256'): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
}

/** Opens (or makes, 0700) a party's folder. */
export function openKeep(folder: string): Keep {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = (name: string) => join(folder, name)
  return {
    key(name, kind) {
      const path = at(`${name}.pem`)
      if (!existsSync(path)) writeWhole(path, makeKey(kind).export({ format: 'pem', type: 'pkcs8' }).toString())
      return createPrivateKey(readFileSync(path, 'utf8'))
    },
    read: name => (existsSync(at(name)) ? JSON.parse(readFileSync(at(name), 'utf8')) : null),
    write: (name, value) => writeWhole(at(name), JSON.stringify(value)),
    lines: name =>
      existsSync(at(name))
        ? readFileSync(at(name), 'utf8')
            .split('\n')
            .filter(line => line.endsWith('}'))
            .map(line => JSON.parse(line))
        : [],
    append: (name, value) => {
      const file = openSync(at(name), 'a', 0o600)
      appendFileSync(file, `${JSON.stringify(value)}\n`)
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** The public half as base64 SPKI, the form that is registered. */
export const publicSpki = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
