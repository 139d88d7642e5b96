import { beforeAll, describe, expect, test } from 'vitest'
import { signMessage } from '@/crypto/draw-message'
import { type DealtSecret, dutiesOf, publishFor, revealOf } from '@/crypto/draw-party'
import { type DrawTranscript, verifyTranscript } from '@/crypto/draw-transcript'
import { noteKey, noteOf, playDraw, rules, type World } from './draw-world'

let world: World
const outcomes = ['accepted', 'refused', 'accepted', 'no-answer', 'engaged'] as const
beforeAll(async () => {
  world = await playDraw([...outcomes])
})

const trusted = () => ({ logs: [world.log.vkey], witnesses: [world.witness.vkey] })
const broken = (transcript: unknown, keys = trusted()) => verifyTranscript(transcript, keys).broken.map(({ code }) => code)
const edit = (change: (transcript: DrawTranscript) => void) => {
  const copy = structuredClone(world.transcript)
  change(copy)
  return copy
}

describe('a draw that was kept to the rules', () => {
  test('is proven with anchors, from its JSON text alone', () => {
    const verdict = verifyTranscript(JSON.parse(JSON.stringify(world.transcript)), trusted())
    expect(verdict.broken).toEqual([])
    expect(verdict.unproven).toEqual([])
    expect(verdict.proven.map(({ code }) => code)).toEqual(['committed', 'witnessed', 'replayed'])
  })

  test('is consistent but unproven without anchors', () => {
    const verdict = verifyTranscript(world.transcript, null)
    expect(verdict.broken).toEqual([])
    expect(verdict.unproven).toHaveLength(2)
  })

  test('seats nobody twice and replays its refusals', () => {
    const sitting = world.transcript.panel.flatMap(({ c }) => c ?? [])
    expect(new Set(sitting).size).toBe(sitting.length)
    expect(world.transcript.contacted.length).toBeGreaterThan(rules.seats.reduce((all, seat) => all + seat.n, 0))
  })
})

describe('a transcript is broken when', () => {
  const swap = <T>(list: T[], a: number, b: number) => {
    const kept = list[a]!
    list[a] = list[b]!
    list[b] = kept
  }
  const cases: [string, (t: DrawTranscript) => void, string][] = [
    [
      'somebody else sits',
      t => {
        t.panel[0]!.c = t.alternates[0]!.cs[0]!
      },
      'panel',
    ],
    ['the selection is reordered', t => swap(t.selected, 0, 1), 'selected'],
    ['a refusal is left out', t => void t.events.splice(1, 1), 'panel'],
    ['an eligible person is dropped', t => void t.eligible.splice(3, 1), 'eligible-hash'],
    [
      'the rules are eased',
      t => {
        t.rules.maxPerEmployer = 2
      },
      'rules-hash',
    ],
    ['an alternate is hidden', t => void t.alternates[0]!.cs.pop(), 'alternates'],
    ['a commit is missing', t => void t.commits.pop(), 'incomplete'],
    ['an acknowledgement is missing', t => void t.acks.pop(), 'incomplete'],
    [
      'a salt is changed',
      t => {
        t.commits[0]!.salt = '00'.repeat(32)
      },
      'log-proof',
    ],
    [
      'a proof node is changed',
      t => {
        t.acks[0]!.proof[0] = '00'.repeat(32)
      },
      'log-proof',
    ],
    [
      'an index is moved',
      t => {
        t.prelude.index += 1
      },
      'log-proof',
    ],
    [
      'a pool proof is changed',
      t => {
        t.contacted[0]!.index += 1
      },
      'pool-proof',
    ],
    ['a contacted person is left out', t => void t.contacted.pop(), 'contacted'],
    ['the consistency proof is changed', t => void t.consistency.pop(), 'consistency'],
    [
      'the earlier checkpoint is left out',
      t => {
        t.previous = null
      },
      'v-previous',
    ],
    [
      'another attempt is claimed',
      t => {
        t.attempt += 1
      },
      'attempt',
    ],
    ['a share is missing', t => void t.shares.pop(), 'malformed'],
    ['an unknown field is added', t => void Object.assign(t, { note: 'x' }), 'malformed'],
    [
      'the draw is renamed',
      t => {
        t.drawId = 'test-lot1-1-committee-2'
      },
      'draw-id',
    ],
  ]
  test.each(cases)('%s', (_, change, code) => expect(broken(edit(change))).toContain(code))

  test('one bit of a share is turned, even when its author signs it again', () => {
    const turned = edit(t => {
      const one = t.shares[0]!
      const bytes = Buffer.from(one.msg.share, 'base64')
      bytes[0]! ^= 1
      const author = world.parties.find(({ party }) => party === one.msg.by)!
      t.shares[0] = signMessage({ ...one.msg, share: bytes.toString('base64') }, author.sign)
    })
    expect(broken(turned)).toEqual(['share-hash'])
  })

  test('a share is signed by somebody who neither dealt nor holds it', () => {
    const forged = edit(t => {
      const { msg } = t.shares[0]!
      const stranger = world.parties.find(({ party }) => party !== msg.from && party !== msg.to)!
      t.shares[0] = signMessage({ ...msg, by: stranger.party }, stranger.sign)
    })
    expect(broken(forged)).toEqual(['share-signature'])
  })

  test('the whole of it was made again with other keys: a forgery that is consistent in itself', async () => {
    const forged = await playDraw()
    expect(verifyTranscript(forged.transcript, null).broken).toEqual([])
    expect(broken(forged.transcript)).toEqual(expect.arrayContaining(['log-key', 'witness-key']))
  })

  test('V is named over a checkpoint without cosignature, or cosigned by a stranger', () => {
    const supervisor = world.parties.find(({ party }) => party === 'supervisor')!
    const again = (witness: ReturnType<typeof noteKey> | null) =>
      edit(t => {
        const [, size = '', root = ''] = t.checkpoint.split('\n')
        t.checkpoint = noteOf(world.log, witness, Number(size), Buffer.from(root, 'base64'))
        t.v = signMessage({ ...t.v.msg, checkpoint: t.checkpoint }, supervisor.sign)
      })
    expect(broken(again(null))).toContain('cosignature')
    expect(broken(again(noteKey('witness', 4)))).toContain('cosignature')
  })

  test('it is not a transcript at all', () => {
    for (const junk of [null, 1, 'x', [], {}, { t: 'tbid/draw.transcript@1' }]) expect(broken(junk)).toEqual(['malformed'])
  })
})

describe('a silent party', () => {
  test('is opened by the holders of its shares, and the panel is the same', () => {
    const { prelude } = world.transcript
    const silent = 'third'
    const held = world.transcript.shares.map(one => {
      if (one.msg.from !== silent) return one
      const holder = world.parties.find(({ party }) => party === one.msg.to)!
      return signMessage(publishFor(prelude.payload.msg, silent, holder.party, Buffer.from(one.msg.share, 'base64')), holder.sign)
    })
    const opened = edit(t => {
      t.shares = held
    })
    expect(broken(opened)).toEqual([])
  })

  test('that committed to something else is on record, and its shares count all the same', async () => {
    const lied = await playDraw([], 'agency')
    const verdict = verifyTranscript(lied.transcript, { logs: [lied.log.vkey], witnesses: [lied.witness.vkey] })
    expect(verdict.broken).toEqual([])
    expect(verdict.proven).toContainEqual({ code: 'commitment-misfit', about: 'agency' })
  })
})

describe('what a party owes', () => {
  const sight = () => {
    const { prelude, commits, acks, shares } = world.transcript
    const list = <T>(entries: { payload: T }[]) => entries.map(({ payload }) => payload)
    return { prelude: prelude.payload.msg, commits: list(commits), acks: list(acks), sinceV: null as number | null, shares }
  }

  test('first a commit, then an acknowledgement of each share it holds', () => {
    expect(dutiesOf({ ...sight(), commits: [], acks: [], shares: [] }, 'agency')).toEqual([{ do: 'commit' }])
    const due = dutiesOf({ ...sight(), acks: [], shares: [] }, 'agency')
    expect(due).toEqual(['platform', 'supervisor', 'third'].map(from => ({ do: 'ack', from })))
  })

  test('then only the supervisor names V, and nobody reveals before it', () => {
    expect(dutiesOf({ ...sight(), shares: [] }, 'supervisor')).toEqual([{ do: 'name-v' }])
    expect(dutiesOf({ ...sight(), shares: [] }, 'agency')).toEqual([])
  })

  test('after V everyone reveals, and holders speak for the silent only when the time is over', () => {
    const secret = world.secrets.find(({ party }) => party === 'agency') as DealtSecret
    const own = revealOf(sight().prelude, secret).map(msg => signMessage(msg, world.parties[0]!.sign))
    expect(dutiesOf({ ...sight(), sinceV: 1, shares: [] }, 'agency')).toEqual([{ do: 'reveal' }])
    expect(dutiesOf({ ...sight(), sinceV: 1, shares: own }, 'agency')).toEqual([])
    const late = dutiesOf({ ...sight(), sinceV: 9, shares: own }, 'agency')
    expect(late).toEqual(['platform', 'supervisor', 'third'].map(from => ({ do: 'publish', from })))
    expect(dutiesOf({ ...sight(), sinceV: 9 }, 'agency')).toEqual([])
  })
})
