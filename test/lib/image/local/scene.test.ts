import sharp from 'sharp'
import t from 'tap'
import { ATTRIBUTES } from '../../../../lib/dress/databases.ts'
import { handNameOf } from '../../../../lib/image/local/hands/index.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { composeScene } from '../../../../lib/image/local/scene.ts'
import type { DalleDress } from '../../../../lib/schemas/dress.ts'
import { hashOfScenes, readFrozen } from '../../../tools/frozen.ts'
import {
  ADDRESS,
  addressOf,
  allSeries,
  databases,
  dressOf,
  NAKED,
  pixelsOf,
  rowsOf,
  traitsWith,
  wearing
} from './dresses.ts'

// Rendering takes long on a busy machine.
// npm run freeze writes the hash. It changes only together with the drawings or the databases.
t.test('the SVG of forty dresses is unchanged', async (t) => {
  t.equal(hashOfScenes(), (await readFrozen()).artist.svg)
})

t.test('the scene depends on the dress only and is the same at any size', async (t) => {
  const dress = dressOf(ADDRESS)
  const copy = structuredClone(dress)
  const scene = composeScene(dress, 512)
  t.equal(composeScene(dress, 512), scene)
  t.equal(composeScene(copy, 512), scene)
  t.same(dress, copy)
  t.equal(composeScene(dress, 64).replace('width="64" height="64"', 'width="512" height="512"'), scene)
  const small = await sharp(await pixelsOf(dress, 64), { raw: { width: 64, height: 64, channels: 3 } })
    .resize(16, 16)
    .raw()
    .toBuffer()
  for (const side of [333, 1024]) {
    const large = await sharp(await pixelsOf(dress, side), {
      raw: { width: side, height: side, channels: 3 }
    })
      .resize(16, 16)
      .raw()
      .toBuffer()
    const difference = large.reduce((sum, value, at) => sum + Math.abs(value - small[at]!), 0) / large.length
    t.ok(difference < 6, `${side} pixels: ${difference.toFixed(1)}`)
  }
  t.match(await sharp(Buffer.from(composeScene(dress, 4096))).metadata(), { width: 4096, height: 4096 })
})

t.test('no two elements of an SVG have one id', async (t) => {
  for (const [row, name] of new Map(rowsOf('artStyle1').map((style) => [handNameOf(style), style.name]))) {
    const artStyle1 = databases.rows.artstyles.find((style) => style.startsWith(`${name},`))!
    const ids = [...composeScene(wearing({ artStyle1 }), 1024).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    t.equal(new Set(ids).size, ids.length, row)
  }
})

t.test('the SVG of every dress is valid', async (t) => {
  const faulty = (dress: DalleDress) => {
    const svg = composeScene(dress, 64)
    const paints = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, paint]) => paint!)
    const numbers = [
      ...svg.matchAll(/ (?:d|width|height|(?:fill-|stroke-)?opacity|stroke-width)="([^"]*)"/g)
    ].map(([, value]) => value!)
    const ids = new Set([...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
    return (
      /NaN|undefined|Infinity|null/.test(svg) ||
      paints.some((paint) => !/^(#[0-9a-f]{3}|#[0-9a-f]{6}|none|url\(#[\w-]+\))$/.test(paint)) ||
      numbers.some((value) => !/^[-MLHVCQTAZmlhvcqtaz\d., ]+$/.test(value)) ||
      [...svg.matchAll(/url\(#([\w-]+)\)/g)].some(([, id]) => !ids.has(id))
    )
  }
  const dresses = Array.from({ length: 400 }, (_, index) =>
    dressOf(addressOf(index), allSeries[index % allSeries.length]!)
  )
  t.same(
    dresses.filter(faulty).map(({ series, original }) => `${series}/${original}`),
    []
  )
  const naked = Array.from({ length: 30 }, (_, index) => dressOf(addressOf(index), NAKED))
  t.same(
    naked[0]!.selectedRecords,
    Array.from({ length: 18 }, () => 'none')
  )
  t.same(
    naked.filter(faulty).map(({ original }) => original),
    []
  )
  for (const plan of Object.keys(PLANS)) {
    const noun = databases.rows.nouns.find((row) => planOf(traitsWith({ noun: row }).noun) === plan)
    t.notOk(faulty(wearing({ noun: noun ?? 'thing' })), plan)
  }
})

t.test('a change of any single attribute changes the picture', async (t) => {
  const SIDE = 128
  const pictures = new Map<string, Promise<Buffer>>()
  const before = (address: string) =>
    pictures.get(address) ?? pictures.set(address, pixelsOf(dressOf(address), SIDE)).get(address)!
  for (const { name, database } of ATTRIBUTES) {
    const rows = databases.rows[database]
    let seen = 0
    const others = Array.from(
      { length: 10 },
      (_, index) => rows[Math.floor(((index + 0.5) * rows.length) / 10)]!
    )
    for (const [index, row] of others.entries()) {
      const address = addressOf(1000 + (index % 3))
      const [usual, changedPixels] = await Promise.all([
        before(address),
        pixelsOf(wearing({ [name]: row }, address), SIDE)
      ])
      let changed = 0
      for (let at = 0; at < usual.length; at += 3) {
        if (
          Math.abs(usual[at]! - changedPixels[at]!) +
            Math.abs(usual[at + 1]! - changedPixels[at + 1]!) +
            Math.abs(usual[at + 2]! - changedPixels[at + 2]!) >
          24
        ) {
          changed += 1
        }
      }
      if (changed > SIDE * SIDE * 0.0008) seen += 1
    }
    t.ok(seen >= 6, `${name}: ${seen} of 10 other rows change the picture`)
  }
})
