import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Json } from '@/crypto/jcs'
import { hallMaterial } from '@/db/schema/hall/case'
import type { Ctx } from '~/platform/ctx'
import { saveFile } from '~/platform/files/file.server'
import { Refusal } from '~/shared/refusal'
import type { NewMaterial } from './case.form.server'
import type { ItemRow } from './step.server'

/** Bytes of one material. */
export const materialLimit = 10 * 1_048_576

const kinds: { type: string; starts: number[] }[] = [
  { type: 'application/pdf', starts: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/png', starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', starts: [0xff, 0xd8, 0xff] },
]

/** What the bytes are, whatever their name says; refuses file-type-refused. */
function typeOf({ name, content }: NewMaterial): string {
  const kind = kinds.find(({ starts }) => starts.every((byte, i) => content[i] === byte))
  if (!kind) throw new Refusal('file-type-refused', { file: name, allowed: 'PDF、PNG、JPEG' })
  return kind.type
}

/** Keeps the materials of a case; one of a code given before replaces it. Refuses material-unknown and what files refuse. Returns their hashes for the log. */
export async function addMaterials(
  ctx: Ctx,
  caseId: string,
  item: ItemRow,
  materials: NewMaterial[],
): Promise<Record<string, Json>[]> {
  const hashes: Record<string, Json>[] = []
  for (const material of materials) {
    const { code, name, content } = material
    if (!item.materials.some(known => known.code === code)) throw new Refusal('material-unknown', { code })
    if (content.length === 0) throw new Refusal('file-empty', { file: name })
    const file = await saveFile(ctx, { name, type: typeOf(material), audience: 'owner', content, limit: materialLimit })
    hashes.push({ code, name, sha256: file.sha256 })
    await ctx.db.insert(hallMaterial).values({ id: crypto.randomUUID(), caseId, code, fileId: file.id, addedAt: ctx.now })
  }
  return hashes
}

/** Retires what stands under these codes, before their successors are added. */
export async function retireMaterials(ctx: Ctx, caseId: string, codes: string[]): Promise<void> {
  const standing = and(eq(hallMaterial.caseId, caseId), inArray(hallMaterial.code, codes), isNull(hallMaterial.replacedAt))
  await ctx.db.update(hallMaterial).set({ replacedAt: ctx.now }).where(standing)
}

/** Codes of the materials that stand. */
export async function givenCodes(ctx: Ctx, caseId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ code: hallMaterial.code })
    .from(hallMaterial)
    .where(and(eq(hallMaterial.caseId, caseId), isNull(hallMaterial.replacedAt)))
  return rows.map(row => row.code)
}
