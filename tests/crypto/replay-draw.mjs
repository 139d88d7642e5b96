// Replays a draw transcript from crypto/README.md alone, with nothing but node's own modules: node replay-draw.mjs FILE prints the panel.
// It recomputes everything from what the parties published; `npm run verify` checks the signatures and the log besides.
import { createHmac, hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const need = (holds, what) => {
  if (!holds) throw new Error(what)
}
const jcs = value => {
  if (Array.isArray(value)) return `[${value.map(jcs)}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${jcs(value[key])}`)}}`
}
const sha = (...parts) => hash('sha256', Buffer.concat(parts.map(part => Buffer.from(part))), 'buffer')
const hex = text => Buffer.from(text, 'hex')
const draw = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { drawId, parties, pool, eligible, rules, witness } = draw.prelude.payload.msg
need(sha(jcs(draw.eligible)).equals(hex(eligible.hash)) && sha(jcs(draw.rules)).equals(hex(rules.hash)), 'lists')

const secrets = parties.map(({ party }) => {
  const commit = draw.commits.find(({ payload }) => payload.msg.party === party).payload.msg
  const r = Buffer.alloc(32)
  for (const [to, { hash: committed }] of Object.entries(commit.shares)) {
    const share = Buffer.from(draw.shares.find(({ msg }) => msg.from === party && msg.to === to).msg.share, 'base64')
    need(sha('tbid-draw/1 share\0', `${drawId}\0${party}\0${to}\0`, share).equals(hex(committed)), `share ${party} → ${to}`)
    for (const at of r.keys()) r[at] ^= share[at]
  }
  return r
})
const note = draw.checkpoint.split('\n')
const line = note.find(one => one.startsWith(`— ${witness.split('+')[0]} `))
const v = sha('tbid-draw/1 v\0', Buffer.from(note[2], 'base64'), line)
const lists = [pool.root, eligible.hash, rules.hash].map(hex)
const seed = sha('tbid-draw/1 seed\0', sha(drawId), ...lists, ...secrets, v)

const message = c =>
  Buffer.concat([Buffer.from('tbid-draw/1 ticket\0'), Buffer.from([0, 0, draw.attempt >> 8, draw.attempt & 255]), hex(c)])
const ticket = c => createHmac('sha256', seed).update(message(c)).digest('hex') + c
const ranking = draw.eligible.map(([c, who]) => ({ c, ...who, key: ticket(c) })).sort((a, b) => (a.key < b.key ? -1 : 1))
const fits = (who, { disc, region }) =>
  (region?.includes(who.region) ?? true) && who.disc.some(code => disc.some(d => code.startsWith(d)))
const places = draw.rules.seats.flatMap(seat => Array.from({ length: seat.n }, () => ({ seat, who: null })))
const mayMore = ({ emp }) => places.filter(({ who }) => who?.emp === emp).length < draw.rules.maxPerEmployer
for (const who of ranking) {
  const place = places.find(one => one.who === null && fits(who, one.seat))
  if (place && mayMore(who)) place.who = who
}
const contacted = new Set(places.map(({ who }) => who))
for (const { c } of draw.events.filter(({ outcome }) => outcome !== 'accepted')) {
  const place = places.find(({ who }) => who?.c === c)
  place.who = null
  place.who = ranking.find(who => !contacted.has(who) && fits(who, place.seat) && mayMore(who)) ?? null
  contacted.add(place.who)
}
const panel = places.map(({ seat, who }) => ({ seat: seat.seat, c: who?.c ?? null }))
need(jcs(panel) === jcs(draw.panel), 'panel')
console.log(jcs(panel))
