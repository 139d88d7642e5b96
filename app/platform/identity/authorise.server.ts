import { Refusal } from '~/shared/refusal'
import type { Actor, Ctx, PersonActor } from '../ctx'
import { type Audience, type Permission, permissions } from './permission'

/** Whether this actor has this permission. The platform's own acts always have; a token only what its scopes name. */
export function isAllowed(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'system') return true
  const audience: Audience = permissions[permission]
  if (audience === 'public') return true
  if (actor.kind === 'public') return false
  if (actor.scopes && actor.scopes.length > 0 && !actor.scopes.includes(permission)) return false
  return audience === 'signed-in' || audience.includes(actor.role)
}

/** Refuses `not-signed-in` or `not-allowed`. */
export function authorise(actor: Actor, permission: Permission): void {
  if (isAllowed(actor, permission)) return
  throw new Refusal(actor.kind === 'public' ? 'not-signed-in' : 'not-allowed', { permission })
}

/** The signed-in person, or refuses `not-signed-in`. */
export function personOf(ctx: Ctx): PersonActor {
  if (ctx.actor.kind !== 'person') throw new Refusal('not-signed-in')
  return ctx.actor
}

/** Refuses `not-found` (never `not-allowed`: an id must not be confirmed to exist) unless the row belongs to the actor's organisation. */
export function ownedBy(ctx: Ctx, organisationId: string): void {
  if (ctx.actor.kind === 'system') return
  if (personOf(ctx).organisationId !== organisationId) throw new Refusal('not-found')
}

/** Refuses `not-found` unless the row's region begins with the actor's region prefix (architecture.md §1.12, Scope). */
export function inScope(ctx: Ctx, row: { regionCode: string; sector?: string }): void {
  if (ctx.actor.kind !== 'person') return
  const { regionPrefix, sector } = ctx.actor
  if (!row.regionCode.startsWith(regionPrefix) || (sector && row.sector && sector !== row.sector)) throw new Refusal('not-found')
}
