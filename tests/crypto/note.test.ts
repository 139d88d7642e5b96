import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inclusionProof, treeRoot } from '@/crypto/merkle'
import {
  checkpointText,
  cosignatureLine,
  cosignedAt,
  cosignNote,
  noteHolds,
  noteKeyType,
  parseNote,
  parseVerifierKey,
  readCheckpoint,
  signNote,
  verifierKeyOf,
} from '@/crypto/note'
import { formatTlogProof, ledgerLeaf, parseTlogProof, tlogProofHolds } from '@/crypto/tlog'
import publishedCheckpoint from '../vectors/note/checkpoint.json'
import signedNote from '../vectors/note/signed-note.json'

const { vkey, note: published } = signedNote

const secret = new Uint8Array(32).fill(7)
const publicKey = ed25519.getPublicKey(secret)
const sign = (message: Uint8Array) => ed25519.sign(message, secret)
const root = new Uint8Array(32).fill(9)

test('the published note verifies, and not once a letter has changed', () => {
  expect(noteHolds(published, vkey)).toBe(true)
  expect(noteHolds(published.replace('example message', 'example massage'), vkey)).toBe(false)
})

test('the published checkpoint is read: origin, size, root, both signers and the instant of the cosignature', () => {
  const { note, origin, size, root: expected, cosignedAt: at } = publishedCheckpoint
  const read = readCheckpoint(note)
  expect([read.origin, read.size, Buffer.from(read.root, 'hex').toString('base64')]).toEqual([origin, size, expected])
  const lines = note.split('\n').filter(line => line.startsWith('— '))
  expect(lines.map(line => line.split(' ')[1])).toEqual([origin, 'witness.example.com/w1'])
  expect(cosignedAt(lines[1]!)).toBe(BigInt(at))
})

test('a verifier key is read only with the id its name and key give', () => {
  expect(verifierKeyOf('example.com/foo', parseVerifierKey(vkey).publicKey)).toBe(vkey)
  expect(() => parseVerifierKey(vkey.replace('530d903a', '530d903b'))).toThrow()
})

test('a checkpoint with log signature and cosignature says its size, root and both signers', async () => {
  const text = checkpointText('platform/log', 1234, root)
  const line = await cosignNote(text, { name: 'witness', publicKey }, 1_796_083_200n, sign)
  const note = `${text}\n${await signNote(text, { name: 'platform/log', publicKey }, sign)}\n${line}\n`
  expect(readCheckpoint(note)).toEqual({ origin: 'platform/log', size: 1234, root: '09'.repeat(32) })
  expect(noteHolds(note, verifierKeyOf('platform/log', publicKey))).toBe(true)
  const witness = verifierKeyOf('witness', publicKey, noteKeyType.cosignature)
  expect(cosignatureLine(note, witness)).toBe(line)
  expect(cosignedAt(line)).toBe(1_796_083_200n)
  expect(cosignatureLine(note.replace('1234', '1235'), witness)).toBe(null)
  expect(cosignatureLine(`${note}${line}\n`, witness)).toBe(null)
  expect(noteHolds(note, verifierKeyOf('witness', publicKey))).toBe(false)
})

test('notes, keys and checkpoints read from noise are refused, never a crash of another kind', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), noise => {
      for (const read of [parseNote, parseVerifierKey, readCheckpoint, parseTlogProof]) {
        try {
          read(noise)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }
    }),
  )
})

test('a proof in text form leads from a salted leaf to the root, and only from that leaf', async () => {
  const salts = Array.from({ length: 7 }, (_, i) => new Uint8Array(32).fill(i))
  const leaves = salts.map((salt, i) => ledgerLeaf(salt, { n: i }))
  const text = checkpointText('platform/log', 7, treeRoot(leaves))
  const checkpoint = `${text}\n${await signNote(text, { name: 'platform/log', publicKey }, sign)}\n`
  const proof = parseTlogProof(formatTlogProof({ index: 3, proof: inclusionProof(3, leaves), checkpoint }))
  expect(tlogProofHolds(leaves[3]!, proof)).toBe(true)
  expect(tlogProofHolds(ledgerLeaf(salts[3]!, { n: 4 }), proof)).toBe(false)
  expect(tlogProofHolds(ledgerLeaf(salts[4]!, { n: 3 }), proof)).toBe(false)
})
