// PAdES B-B / B-T signatures (ETSI EN 319 142-1) on a PDF by incremental update: earlier bytes, and so earlier signatures, stay untouched.
import { PDFArray, PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFRef, PDFString } from 'pdf-lib'
import { digestOf, digestOfKey } from './algorithm.ts'
import { type Bytes, concat, hex, unhex, utf8 } from './bytes.ts'
import { parseSigned, type Signer, signDigest, withTimeStamp } from './cms.ts'
import { checkDetached } from './cms-verify.ts'
import type { Certificate } from './x509.ts'

/** Room for the CMS with its chain and time-stamp, in bytes. */
const contentsBytes = 16_384
const farNumber = 1_000_000_000

/** What a signature says of itself, as people read it. */
export interface PdfClaim {
  /** Who signs. */
  name: string
  reason: string
  at: Date
}

export interface PdfSigning extends PdfClaim {
  signer: Signer
  /** RFC 3161 token over the CMS signature; null costs the token, not the signature. */
  timestamp?: (signature: Uint8Array) => Promise<Uint8Array | null>
}

/** The signed PDF. Throws if it cannot be read or the signature does not fit its room. */
export async function signPdf(pdf: Uint8Array, signing: PdfSigning): Promise<Bytes> {
  const prepared = await preparePdf(pdf, signing)
  const digest = digestOf(digestOfKey(signing.signer.certificate.key), coveredBytes(prepared))
  let cms = await signDigest({ digest }, signing.signer)
  const token = await signing.timestamp?.(parseSigned(cms).signature)
  if (token) cms = withTimeStamp(cms, token)
  return embedSignature(prepared, cms)
}

/**
 * The PDF with room for one more signature, appended: the signer may be elsewhere and sign the digest of `coveredBytes`.
 * Throws if the PDF cannot be read.
 */
export async function preparePdf(pdf: Uint8Array, claim: PdfClaim): Promise<Bytes> {
  return fixByteRange(await withEmptySignature(pdf, claim))
}

/** Where the room of the last signature begins and ends. */
function roomOf(prepared: Uint8Array): { from: number; to: number } {
  const match = [...latin(prepared).matchAll(/\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].at(-1)
  const [from, to, rest] = match ? match.slice(1).map(Number) : []
  if (from === undefined || to === undefined || to + rest! !== prepared.length)
    throw new Error('pdfsign: no room for a signature')
  return { from, to }
}

/** What a signature in the prepared room is over: everything but the room itself. */
export function coveredBytes(prepared: Uint8Array): Bytes {
  const { from, to } = roomOf(prepared)
  return concat(prepared.subarray(0, from), prepared.subarray(to))
}

/** Puts a CMS into the prepared room. Throws when it does not fit, or when the room was filled before. */
export function embedSignature(prepared: Uint8Array, cms: Uint8Array): Bytes {
  const { from, to } = roomOf(prepared)
  if (cms.length > contentsBytes) throw new Error('pdfsign: signature larger than its room')
  if (!/^<0+>$/.test(latin(prepared.subarray(from, to)))) throw new Error('pdfsign: the room is taken')
  const signed = Uint8Array.from(prepared)
  signed.set(utf8(hex(cms)), from + 1)
  return signed
}

/** Adds an invisible signature field whose value is still empty. */
async function withEmptySignature(pdf: Uint8Array, { name, reason, at }: PdfClaim): Promise<Bytes> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false })
  const { context } = document
  const far = PDFNumber.of(farNumber)
  const signature = context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: 'ETSI.CAdES.detached',
      ByteRange: [PDFNumber.of(0), far, far, far],
      Contents: PDFHexString.of('0'.repeat(contentsBytes * 2)),
      M: PDFString.fromDate(at),
      Name: PDFHexString.fromText(name),
      Reason: PDFHexString.fromText(reason),
    }),
  )
  const page = document.getPage(0)
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      Rect: [0, 0, 0, 0],
      F: 132,
      T: PDFString.of(`Signature${document.getForm().getFields().length + 1}`),
      V: signature,
      P: page.ref,
    }),
  )
  page.node.addAnnot(field)
  addField(document, field)
  return new Uint8Array(await document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false }))
}

/** The form lists the field and says that it holds signatures and may only be appended to (ISO 32000-1 §12.7.2). */
function addField(document: PDFDocument, field: PDFRef): void {
  const form = document.catalog.getOrCreateAcroForm()
  form.dict.set(PDFName.of('SigFlags'), PDFNumber.of(3))
  const fields = form.dict.lookupMaybe(PDFName.of('Fields'), PDFArray)
  if (fields) fields.push(field)
  else form.dict.set(PDFName.of('Fields'), document.context.obj([field]))
}

/** Writes the real byte range over the far numbers, same length. */
function fixByteRange(pdf: Bytes): Bytes {
  const zeros = lastIndexOf(pdf, utf8(`<${'0'.repeat(64)}`))
  const holder = lastIndexOf(pdf.subarray(0, zeros + contentsBytes * 2 + 4_096), utf8(`${farNumber} ${farNumber} ${farNumber}`))
  if (zeros < 0 || holder < 0) throw new Error('pdfsign: no room for a signature')
  const start = zeros + contentsBytes * 2 + 2
  const written = `${zeros} ${start} ${pdf.length - start}`.padEnd(`${farNumber} ${farNumber} ${farNumber}`.length)
  pdf.set(utf8(written), holder)
  return pdf
}

function lastIndexOf(bytes: Uint8Array, needle: Uint8Array): number {
  for (let at = bytes.length - needle.length; at >= 0; at--) {
    let i = 0
    while (i < needle.length && bytes[at + i] === needle[i]) i++
    if (i === needle.length) return at
  }
  return -1
}

export interface PdfSignature {
  ok: boolean
  signer: Certificate | null
  /** Whether it covers the file up to the end of its own revision and nothing is left out but the signature itself. */
  coversRevision: boolean
  /** Whether it covers the whole file as it is now. */
  coversFile: boolean
  timeStamp: Uint8Array | null
  signature: Uint8Array | null
  problem?: string
}

/** Every signature in a PDF, in file order, with whether it holds. Never throws. */
export function checkPdf(pdf: Uint8Array): PdfSignature[] {
  const text = latin(pdf)
  const found: PdfSignature[] = []
  for (const match of text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)) {
    if (found.length >= 64) break
    found.push(checkOne(pdf, match.slice(1).map(Number) as [number, number, number, number]))
  }
  return found
}

const latin = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
const failed = (problem: string): PdfSignature => ({
  ok: false,
  signer: null,
  coversRevision: false,
  coversFile: false,
  timeStamp: null,
  signature: null,
  problem,
})

function checkOne(pdf: Uint8Array, [from, length, start, rest]: [number, number, number, number]): PdfSignature {
  const end = start + rest
  if (from !== 0 || length >= start || end > pdf.length) return failed('byte-range')
  const hole = latin(pdf.subarray(length, start))
  if (!/^<[0-9a-fA-F]+>$/.test(hole)) return failed('contents')
  let cms: Uint8Array
  try {
    cms = trimmed(unhex(hole.slice(1, -1).toLowerCase()))
  } catch {
    return failed('contents')
  }
  const check = checkDetached(cms, concat(pdf.subarray(0, length), pdf.subarray(start, end)))
  if (!check.ok) return failed(check.problem)
  const { signer, timeStamp, signature } = check.message
  const coversRevision = endsRevision(pdf, end)
  return {
    ok: coversRevision,
    signer,
    coversRevision,
    coversFile: end === pdf.length,
    timeStamp,
    signature,
    ...(coversRevision ? {} : { problem: 'byte-range' }),
  }
}

/** A revision ends with %%EOF: a range that stops elsewhere leaves part of its own revision unsigned. */
function endsRevision(pdf: Uint8Array, end: number): boolean {
  return /%%EOF\s*$/.test(latin(pdf.subarray(Math.max(0, end - 16), end)))
}

/** The CMS without the zeros that fill its room, by its own length. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const long = bytes[1]! - 0x80
  const length =
    long > 0 && long <= 4 ? bytes.subarray(2, 2 + long).reduce((sum, byte) => sum * 256 + byte, 0) + 2 + long : bytes[1]! + 2
  return bytes.subarray(0, Math.min(length, bytes.length))
}
