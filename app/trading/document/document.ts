/** Bytes; a tender document with drawings is large, a film is not a tender document. */
export const documentLimit = 500 * 1_048_576

const zip = [0x50, 0x4b, 0x03, 0x04]

/** Media types of tender documents and how their files begin. OFD and the office formats are ZIP containers. */
const types: Record<string, number[]> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'application/ofd': zip,
  'application/zip': zip,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': zip,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': zip,
}

export const documentTypes = Object.keys(types)
export const documentTypeText = 'PDF、OFD、DOCX、XLSX、ZIP'

/** Whether the type is one of ours and, where the first bytes are known, the file is what it says. */
export function isOfType(type: string, start: Uint8Array | null): boolean {
  const magic = types[type.split(';')[0]!.trim().toLowerCase()]
  return magic !== undefined && (start === null || magic.every((byte, i) => start[i] === byte))
}
