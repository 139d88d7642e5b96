import { z } from 'zod'
import { endpoint } from '~/http/api/endpoint.server'
import { sendFile } from '~/platform/files/file.server'
import { readArchive, readArchiveFile } from '~/trading/archive/archive.read.server'
import { requestArchive } from '~/trading/archive/archive.server'

const id = z.object({ id: z.uuid() })
const tag = 'archive'

export const archiveEndpoints = [
  endpoint({
    method: 'post',
    path: '/lots/:id/archive',
    tag,
    summary:
      'Closes the file of a lot that was awarded, failed or terminated; its archive is packed once the log up to here is cosigned',
    permission: 'archive.write',
    params: id,
    status: 201,
    answer: z.object({ lotId: z.string(), requestedAt: z.date() }),
    handle: (ctx, { params }) => requestArchive(ctx, { lotId: params.id }),
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/archive',
    tag,
    summary: 'Whether the archive was asked for and packed, and its SHA-256',
    permission: 'archive.read',
    params: id,
    answer: z.object({
      requestedAt: z.date().nullable(),
      sealedAt: z.date().nullable(),
      sha256: z.string().nullable(),
      size: z.number().nullable(),
    }),
    handle: async (ctx, { params }) => {
      const { archive, size } = await readArchive(ctx, params.id)
      const { requestedAt = null, sealedAt = null, sha256 = null } = archive ?? {}
      return { requestedAt, sealedAt, sha256, size }
    },
  }),
  endpoint({
    method: 'get',
    path: '/lots/:id/archive.zip',
    tag,
    summary:
      'The archive: a BagIt folder in a ZIP, checked by npm run verify; 409 archive-not-ready until it is packed; byte ranges',
    permission: 'archive.read',
    params: id,
    answer: 'file',
    handle: async (ctx, { params }) => sendFile(ctx, await readArchiveFile(ctx, params.id)),
  }),
]
