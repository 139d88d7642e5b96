// RFC 3161 time-stamp requests and responses, SHA-256. Node and browser; checking a token is cms-verify.ts.
import { digestAlgorithm, digestOf, digestOfKey, oids } from './algorithm.ts'
import { type Bytes, concat } from './bytes.ts'
import { cmsOids, type Signer, signDigest } from './cms.ts'
import {
  DerError,
  der,
  expectTag,
  generalizedTime,
  integer,
  octets,
  oid,
  readDer,
  readIntegerHex,
  readOctets,
  readOid,
  readSmallInteger,
  sequence,
  sequenceOf,
  tags,
  truth,
} from './der.ts'

/** Policy of the sandbox TSA (an example arc, never a production policy). */
const sandboxPolicy = '1.3.6.1.4.1.32473.1'

/** A request for a token over a SHA-256 digest, with certificates in the answer. */
export const timeStampRequest = (digest: Uint8Array, nonce: Uint8Array): Bytes =>
  sequence(integer(1), sequence(digestAlgorithm('sha256'), octets(digest)), integer(nonce), truth)

export interface TimeStampRequest {
  digest: Uint8Array
  /** INTEGER content bytes, as hex; null if none was sent. */
  nonce: string | null
}

/** Reads a request; throws DerError on damage or another hash than SHA-256. */
export function parseTimeStampRequest(bytes: Uint8Array): TimeStampRequest {
  const [version, imprint, ...rest] = sequenceOf(readDer(bytes), 2)
  if (readSmallInteger(version) !== 1) throw new DerError('tsp: version')
  const [algorithm, hashed] = sequenceOf(imprint, 2)
  if (readOid(sequenceOf(algorithm, 1)[0]) !== oids.sha256 || readOctets(hashed).length !== 32) throw new DerError('tsp: hash')
  const nonce = rest.find(node => node.tag === tags.integer)
  return { digest: readOctets(hashed), nonce: nonce ? readIntegerHex(nonce) : null }
}

const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], b => Number.parseInt(b, 16))

/** A token: CMS over TSTInfo, signed by the TSA's key. */
export async function timeStampToken(request: TimeStampRequest, at: Date, serial: Uint8Array, tsa: Signer): Promise<Bytes> {
  const info = sequence(
    integer(1),
    oid(sandboxPolicy),
    sequence(digestAlgorithm('sha256'), octets(request.digest)),
    integer(serial),
    generalizedTime(at),
    ...(request.nonce ? [der(tags.integer, fromHex(request.nonce))] : []),
  )
  return signDigest(
    { digest: digestOf(digestOfKey(tsa.certificate.key), info), contentType: cmsOids.tstInfo, content: info },
    tsa,
  )
}

/** A granted response around a token. */
export const timeStampResponse = (token: Uint8Array): Bytes => sequence(sequence(integer(0)), concat(token))

/** The token of a response; throws DerError if it was not granted. */
export function tokenOfResponse(bytes: Uint8Array): Uint8Array {
  const [status, token] = sequenceOf(readDer(bytes), 1)
  if (readSmallInteger(sequenceOf(status, 1)[0]) > 1 || !token) throw new DerError('tsp: not granted')
  return expectTag(token, tags.sequence).raw
}
