import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { keyOfSpki } from '@/crypto/algorithm'
import { fromUtf8, utf8 } from '@/crypto/bytes'
import { parseSigned } from '@/crypto/cms'
import { checkDetached, checkTimeStamp } from '@/crypto/cms-verify'
import { parseRevocationList } from '@/crypto/crl'
import { readSigned, signMessage } from '@/crypto/draw-message'
import { pointOfSpki, scalarOfPkcs8 } from '@/crypto/ec-key'
import { frameHead, frameReader } from '@/crypto/frame'
import { parseHead } from '@/crypto/header'
import { parseCanonical } from '@/crypto/jcs'
import { type MessageType, readMessage } from '@/crypto/messages'
import { checkpointText, cosignNote, parseNote, parseVerifierKey, readCheckpoint, signNote, verifierKeyOf } from '@/crypto/note'
import { openBody } from '@/crypto/open'
import { readP12 } from '@/crypto/p12'
import { signatureHolds } from '@/crypto/signature-node'
import { sm2PublicKey } from '@/crypto/sm2'
import { sm2Decrypt, sm2Encrypt } from '@/crypto/sm2-cipher'
import { nodeRandom, nodeSuites } from '@/crypto/suite-node'
import { formatTlogProof, parseTlogProof } from '@/crypto/tlog'
import { parseTimeStampRequest } from '@/crypto/tsp'
import { parseCertificate } from '@/crypto/x509'
import vectors from '../vectors/tbid-messages.json'
import {
  certificateSample,
  cmsSample,
  p12Sample,
  pairOf,
  revocationListSample,
  sealedSample,
  signatureSample,
  statementSample,
  timeStampSample,
  tokenSample,
} from './samples'

export interface Target {
  name: string
  /** Valid inputs, which the mutations start from. */
  samples(): Uint8Array[] | Promise<Uint8Array[]>
  /** Reads the input or refuses it by an Error that says why. */
  read(bytes: Uint8Array): unknown
  /** How many of the cases it gets, beside the others. */
  share: number
}

const sealedHead: Target = {
  name: 'seal-head',
  share: 6,
  samples: async () => [
    (await sealedSample('intl')).bytes.subarray(0, 6_000),
    (await sealedSample('gm')).bytes.subarray(0, 6_000),
  ],
  read: bytes => parseHead(nodeSuites, bytes),
}

const small = sealedSample('intl', 'price')

/** The whole container: its own key is known, so damage must be noticed by head, chunk, frame or padding. */
const sealedFile: Target = {
  name: 'seal-file',
  share: 0.2,
  samples: async () => [(await small).bytes],
  read: async bytes => {
    const head = parseHead(nodeSuites, bytes)
    const opener = await openBody(head, (await small).key)
    if (!opener) throw new Error('open: not its key')
    await opener.push(bytes.subarray(head.bytes.length))
    return opener.finish()
  },
}

const frame: Target = {
  name: 'frame',
  share: 1,
  samples: () => {
    const head = frameHead({ name: '开标一览表.json', type: 'application/json', size: 5, twinSalt: nodeRandom(32) })
    return [Uint8Array.from({ length: 65_536 }, (_, at) => head[at] ?? (at < head.length + 5 ? 0x61 : 0))]
  },
  read: bytes => {
    const reader = frameReader('price')
    reader.push(bytes)
    return reader.finish()
  },
}

const json: Target = {
  name: 'jcs',
  share: 4,
  samples: () => [
    utf8('{"a":[1,true,null,"例\\u0001"],"b":{"c":-5},"z":"\\"\\\\/"}'),
    utf8('[]'),
    utf8('"开标"'),
    utf8('{"":[[[[{}]]]]}'),
  ],
  read: bytes => parseCanonical(bytes),
}

async function checkpoint(): Promise<{ text: string; vkey: string }> {
  const key = { name: 'log.example/1', publicKey: nodeRandom(32) }
  const text = checkpointText('log.example/1', 48, nodeRandom(32))
  const sign = () => nodeRandom(64)
  const lines = [await signNote(text, key, sign), await cosignNote(text, { ...key, name: 'witness' }, 1_796_000_000n, sign)]
  return { text: `${text}\n${lines.join('\n')}\n`, vkey: verifierKeyOf(key.name, key.publicKey) }
}

const note: Target = {
  name: 'note',
  share: 3,
  samples: async () => [utf8((await checkpoint()).text)],
  read: bytes => [parseNote(fromUtf8(bytes)), readCheckpoint(fromUtf8(bytes))],
}

const vkey: Target = {
  name: 'vkey',
  share: 1,
  samples: async () => [utf8((await checkpoint()).vkey)],
  read: bytes => parseVerifierKey(fromUtf8(bytes)),
}

const proof: Target = {
  name: 'tlog-proof',
  share: 2,
  samples: async () => [
    utf8(formatTlogProof({ index: 7, proof: [nodeRandom(32), nodeRandom(32)], checkpoint: (await checkpoint()).text })),
  ],
  read: bytes => {
    const read = parseTlogProof(fromUtf8(bytes))
    return readCheckpoint(read.checkpoint)
  },
}

const scope = { platform: 'E3500000717', project: 'p', lot: 'l', round: 1, drawId: 'E3500000717-l-1-committee-1' }

const draw: Target = {
  name: 'draw-message',
  share: 3,
  samples: () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const share = {
      ...scope,
      t: 'tbid/draw.share@1' as const,
      from: 'agency',
      to: 'third',
      by: 'agency',
      share: randomBytes(32).toString('base64'),
    }
    return [utf8(JSON.stringify(signMessage(share, privateKey)))]
  },
  read: bytes => readSigned(JSON.parse(fromUtf8(bytes)), 'tbid/draw.share@1'),
}

const kinds = ['rsa', 'p256', 'sm2'] as const

const spki: Target = {
  name: 'spki',
  share: 1,
  samples: () => kinds.map(kind => pairOf(kind).spki),
  read: bytes => [keyOfSpki(bytes), pointOfSpki(bytes)],
}

const pkcs8: Target = {
  name: 'pkcs8',
  share: 1,
  samples: () => [pairOf('p256').pkcs8, pairOf('sm2').pkcs8],
  read: bytes => scalarOfPkcs8(bytes),
}

/** Any key with any signature: an SM2 key must not reach a call that ends Node, a bent one must not end anything. */
const signature: Target = {
  name: 'signature',
  share: 0.5,
  samples: () => kinds.map(signatureSample),
  read: bytes => {
    const [head = 0, low = 0] = bytes
    const end = 2 + head * 256 + low
    return signatureHolds(bytes.slice(2, end), utf8('content'), bytes.slice(end))
  },
}

const sm2Secret = nodeRandom(32).fill(1, 0, 1)
const sm2Ciphertext: Target = {
  name: 'sm2-ciphertext',
  share: 0.3,
  samples: () => [sm2Encrypt(sm2PublicKey(sm2Secret), nodeRandom(64), nodeRandom)],
  read: bytes => sm2Decrypt(sm2Secret, bytes),
}

const certificate: Target = {
  name: 'x509',
  share: 4,
  samples: () => Promise.all(kinds.map(certificateSample)),
  read: bytes => parseCertificate(bytes),
}

const revocationList: Target = {
  name: 'crl',
  share: 4,
  samples: async () => [await revocationListSample()],
  read: bytes => parseRevocationList(bytes),
}

const cms: Target = {
  name: 'cms',
  share: 4,
  samples: () => Promise.all(kinds.map(cmsSample)),
  read: bytes => {
    // A check never throws: it says which way the signature fails.
    checkDetached(bytes, utf8('content'))
    return parseSigned(bytes)
  },
}

const timeStamp: Target = {
  name: 'tsp',
  share: 2,
  samples: () => [timeStampSample()],
  read: bytes => parseTimeStampRequest(bytes),
}

const token: Target = {
  name: 'token',
  share: 2,
  samples: async () => [await tokenSample()],
  // A check never throws: it says by null that the token is none.
  read: bytes => checkTimeStamp(bytes, nodeSuites.intl.hash(utf8('content'))),
}

const p12: Target = {
  name: 'p12',
  share: 0.05,
  samples: async () => [await p12Sample('demo-2026')],
  read: bytes => readP12(bytes, 'demo-2026'),
}

const statement: Target = {
  name: 'statement',
  share: 4,
  samples: () => [utf8(statementSample())],
  read: bytes => readMessage('tbid/submit@1', fromUtf8(bytes)),
}

/** Every other signed message: policy, confirmation, release and the rest, each read as what it says it is. */
const message: Target = {
  name: 'message',
  share: 4,
  samples: () => vectors.messages.map(({ text }) => utf8(text)),
  read: bytes => {
    const text = fromUtf8(bytes)
    const type = vectors.messages.find(({ t }) => text.includes(`"t":"${t}"`))?.t
    return readMessage((type ?? 'tbid/policy@1') as MessageType, text)
  },
}

export const targets: Target[] = [
  sealedHead,
  sealedFile,
  frame,
  json,
  statement,
  message,
  certificate,
  revocationList,
  cms,
  timeStamp,
  token,
  p12,
  note,
  vkey,
  proof,
  draw,
  spki,
  pkcs8,
  signature,
  sm2Ciphertext,
]
