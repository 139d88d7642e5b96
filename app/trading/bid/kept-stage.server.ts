import { hex, unhex } from '@/crypto/bytes'
import type { Head, Release } from '@/crypto/header'
import type { SubmitMessage } from '@/crypto/messages'
import type { StageFacts } from '@/crypto/stage'
import type { SuiteId, Suites } from '@/crypto/suite'

/** One sealed file of a stage: where its bytes lie, and of its head what opening it needs. Hashes and bytes in hex. */
export interface KeptFile {
  fileId: string
  role: string
  uploadId: string
  /** Sealed bytes, the head among them. */
  size: number
  /** As the bidder signed it. */
  root: string
  /** Where the body begins. */
  bodyAt: number
  bodyHead: string
  context: string
}

/**
 * What a commit learnt from the heads of one stage, kept with the bid: at the deadline nobody reads thousands of files for what
 * was read and checked before.
 */
export interface KeptStage {
  stage: string
  suite: SuiteId
  release: Release
  k: number
  commits: string[]
  files: KeptFile[]
}

export interface CheckedFile {
  stated: SubmitMessage['files'][number]
  head: Head
  uploadId: string
}

/** What is kept of the files of a stage whose heads were checked to belong together. */
export function keptStageOf(stage: string, files: CheckedFile[]): KeptStage {
  const { suite, header } = files[0]!.head
  const { k, shares } = header.parts.c ?? { k: 0, shares: [] }
  const kept = files.map(({ stated, head, uploadId }): KeptFile => {
    const { fileId, role, size, root } = stated
    return {
      fileId,
      role,
      uploadId,
      size,
      root,
      bodyAt: head.bytes.length,
      bodyHead: hex(head.bodyHead),
      context: hex(head.context),
    }
  })
  return { stage, suite: suite.id, release: header.release, k, commits: shares.map(share => share.commit), files: kept }
}

/** The same as the cryptography takes it. */
export function stageFactsOfKept(suites: Suites, { suite: id, release, k, commits, files }: KeptStage): StageFacts {
  const suite = suites[id]
  const bodies = files.map(({ fileId, role, bodyHead, context }) => ({
    suite,
    fileId,
    role,
    bodyHead: unhex(bodyHead),
    context: unhex(context),
  }))
  return { suite, release, k, commits, files: bodies }
}
