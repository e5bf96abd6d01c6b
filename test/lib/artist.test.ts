import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { ATTRIBUTES, BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import type { AttributeName } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { captionImage } from '../../lib/image/caption.ts'
import { contrast, parseHex } from '../../lib/image/color.ts'
import { createLocalArtist } from '../../lib/image/local/artist.ts'
import { BACKDROP_NAMES, backdropOf } from '../../lib/image/local/backdrop.ts'
import { expressionOf, lookOf } from '../../lib/image/local/face.ts'
import { drawFigure, measureFigure } from '../../lib/image/local/figure.ts'
import { cameraOf } from '../../lib/image/local/framing.ts'
import { LANDMARK_NAMES, landmarkOf } from '../../lib/image/local/landmark.ts'
import { paletteOf } from '../../lib/image/local/palette.ts'
import { createPen } from '../../lib/image/local/pen.ts'
import { PLANS, planOf } from '../../lib/image/local/plans/index.ts'
import { PROP_NAMES, propOf } from '../../lib/image/local/props.ts'
import { createRandom } from '../../lib/image/local/random.ts'
import { composeScene } from '../../lib/image/local/scene.ts'
import { traitsOf } from '../../lib/image/local/traits.ts'
import type { Traits } from '../../lib/image/local/traits.ts'
import { TREATMENT_NAMES, treatmentOf } from '../../lib/image/local/treatments.ts'
import { CATALOGUE, outfitOf } from '../../lib/image/local/wardrobe.ts'
import { decodeImage } from '../../lib/image/raster.ts'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'

// Drawing takes its time on a busy machine.
t.setTimeout(240_000)

const databases = await loadDatabases(BUILT_IN_DATABASES)
const seriesFolder = join(PACKAGE_ROOT, 'lib/dress/series')
const allSeries = await Promise.all(
  (await readdir(seriesFolder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map(async (name) => JSON.parse(await readFile(join(seriesFolder, name), 'utf8')) as Series)
)

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const addressOf = (index: number) => `0x${sha256(`address ${index}`).slice(0, 40)}`
const dressOf = (address: string, series: Series = { suffix: 'empty' }): DalleDress =>
  prepareDress(databases, series, address).dress

/** A dress that no filter left an attribute of. */
const NAKED: Series = {
  suffix: 'naked',
  ...Object.fromEntries(Object.keys(databases.rows).map((database) => [database, ['no row has this']]))
}

/** The dress of an address with the rows of some attributes exchanged. */
function wearing(rows: Partial<Record<AttributeName, string>>, address = ADDRESS): DalleDress {
  const dress = dressOf(address)
  return {
    ...dress,
    attributes: dress.attributes.map((attribute) => ({
      ...attribute,
      value: rows[attribute.name as AttributeName] ?? attribute.value
    }))
  }
}

const traitsWith = (rows: Partial<Record<AttributeName, string>>): Traits => traitsOf(wearing(rows))

/** Every row of a database as the artist reads it in one place. */
const rowsOf = (name: AttributeName) =>
  databases.rows[ATTRIBUTES.find((attribute) => attribute.name === name)!.database].map(
    (row) => traitsWith({ [name]: row })[name]
  )

async function pixelsOf(dress: DalleDress, side: number): Promise<Buffer> {
  return await sharp(Buffer.from(composeScene(dress, side)))
    .removeAlpha()
    .raw()
    .toBuffer()
}

const artist = createLocalArtist(createEncodeQueue())

async function drawn(dress: DalleDress): Promise<Buffer> {
  const { signal } = new AbortController()
  return await (await artist.compose(dress).draw(signal)).download(signal)
}

async function captioned(address: string): Promise<Buffer> {
  const dress = dressOf(address)
  return await captionImage((await decodeImage(await drawn(dress))).raster, dress.tersePrompt)
}

t.test('the built-in artist', async (t) => {
  t.test('delivers a square PNG and is named local', async (t) => {
    const drawing = await artist.compose(dressOf(ADDRESS)).draw(new AbortController().signal)
    t.equal(artist.provider, 'local')
    t.equal(drawing.downloadMode, 'local')
    const bytes = await drawing.download(new AbortController().signal)
    t.match(await sharp(bytes).metadata(), { format: 'png', width: 1024, height: 1024, channels: 3 })
    t.ok((await decodeImage(bytes)).png.equals(bytes))
  })

  t.test('does not begin when nobody wants the picture any more', async (t) => {
    await t.rejects(artist.compose(dressOf(ADDRESS)).draw(AbortSignal.abort(new Error('gone'))), {
      message: 'gone'
    })
  })

  t.test('composes from the dress alone, the same at any size', async (t) => {
    const dress = dressOf(ADDRESS)
    const kept = structuredClone(dress)
    const scene = composeScene(dress, 512)
    t.equal(composeScene(dress, 512), scene)
    t.equal(composeScene(kept, 512), scene)
    t.same(dress, kept)
    t.equal(composeScene(dress, 64).replace('width="64" height="64"', 'width="512" height="512"'), scene)
    const small = await sharp(await pixelsOf(dress, 64), { raw: { width: 64, height: 64, channels: 3 } })
      .resize(16, 16)
      .raw()
      .toBuffer()
    for (const side of [333, 2048]) {
      const large = await sharp(await pixelsOf(dress, side), {
        raw: { width: side, height: side, channels: 3 }
      })
        .resize(16, 16)
        .raw()
        .toBuffer()
      const difference =
        large.reduce((sum, value, at) => sum + Math.abs(value - small[at]!), 0) / large.length
      t.ok(difference < 6, `${side} pixels: ${difference.toFixed(1)}`)
    }
    t.match(await sharp(Buffer.from(composeScene(dress, 4096))).metadata(), { width: 4096, height: 4096 })
  })

  t.test('writes sound SVG for every dress', async (t) => {
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
    t.match(await sharp(await drawn(naked[0]!)).metadata(), { width: 1024, height: 1024 })
    for (const plan of Object.keys(PLANS)) {
      const noun = databases.rows.nouns.find((row) => planOf(traitsWith({ noun: row }).noun) === plan)
      t.notOk(faulty(wearing({ noun: noun ?? 'thing' })), plan)
    }
  })

  t.test('draws a noun on the plan of its kind', async (t) => {
    const planFor = (noun: string) =>
      planOf(traitsWith({ noun: databases.rows.nouns.find((row) => row.startsWith(`${noun},`))! }).noun)
    const expected = {
      otter: 'upright',
      'giant panda': 'upright',
      'roe deer': 'quadruped',
      'musk deer': 'quadruped',
      'blue whale': 'whale',
      narwhal: 'whale',
      'barn owl': 'raptor',
      'bald eagle': 'raptor',
      flamingo: 'wader',
      'Indian peacock': 'bird',
      hen: 'bird',
      eryops: 'saurian',
      robin: 'bird',
      'king cobra': 'snake',
      'giant moray': 'snake',
      'clown loach': 'fish',
      chameleon: 'saurian',
      triceratops: 'saurian',
      axolotl: 'saurian',
      'Galápagos giant tortoise': 'turtle',
      'tree frog': 'frog',
      'manta ray': 'ray',
      seahorse: 'seahorse',
      'barrel jellyfish': 'jelly',
      'monarch butterfly': 'insect',
      'golden tortoise beetle': 'insect',
      scorpion: 'spider',
      'hermit crab': 'crab',
      octopus: 'octopus',
      'garden snail': 'snail',
      oyster: 'clam',
      'ochre star': 'seaStar',
      'beadlet anemone': 'polyp',
      earthworm: 'worm',
      tardigrade: 'worm',
      amoeba: 'microbe',
      'T4 phage': 'microbe',
      'fly agaric': 'mushroom',
      'Venus flytrap': 'plant',
      'giant kelp': 'plant',
      pirate: 'human'
    }
    const known = Object.entries(expected).filter(([noun]) =>
      databases.rows.nouns.some((row) => row.startsWith(`${noun},`))
    )
    t.ok(known.length > 30, `${known.length} known`)
    for (const [noun, plan] of known) t.equal(planFor(noun), plan, noun)
    t.same(
      databases.rows.nouns.filter((row) => planOf(traitsWith({ noun: row }).noun) === 'figure'),
      [],
      'every noun has a plan of its kind'
    )
    t.equal(planOf(traitsWith({ noun: 'teapot' }).noun), 'figure', 'what is of no kind is a plain figure')
  })

  t.test('has nothing in its catalogues that no row calls for', async (t) => {
    const met = (names: string[]) => [...new Set(names)].sort()
    t.same(
      met(rowsOf('artStyle1').map((style) => treatmentOf(style).name)),
      [...TREATMENT_NAMES].sort(),
      `${TREATMENT_NAMES.length} treatments`
    )
    t.ok(TREATMENT_NAMES.length >= 12)
    t.same(
      met(rowsOf('noun').map(planOf)),
      Object.keys(PLANS)
        .filter((plan) => plan !== 'figure')
        .sort()
    )
    t.same(met(rowsOf('place').map(landmarkOf)), [...LANDMARK_NAMES].sort())
    t.same(met(rowsOf('backStyle').map(backdropOf)), [...BACKDROP_NAMES].sort())
    t.same(met(rowsOf('trope').map(propOf)), [...PROP_NAMES].sort())
    const outfits = rowsOf('occupation').flatMap((occupation) => [
      outfitOf(occupation, true),
      outfitOf(occupation, false)
    ])
    t.same(met(outfits.map(({ hat }) => hat)), [...CATALOGUE.hats].sort())
    t.same(met(outfits.map(({ tool }) => tool)), [...CATALOGUE.tools].sort())
    t.same(met(outfits.map(({ garment }) => garment)), [...CATALOGUE.garments].sort())
    t.ok(CATALOGUE.hats.length + CATALOGUE.tools.length + CATALOGUE.garments.length >= 30)
  })

  t.test('shows every attribute: changing it alone changes the picture', async (t) => {
    const SIDE = 200
    for (const { name, database } of ATTRIBUTES) {
      const rows = databases.rows[database]
      let seen = 0
      const others = Array.from(
        { length: 10 },
        (_, index) => rows[Math.floor(((index + 0.5) * rows.length) / 10)]!
      )
      for (const [index, row] of others.entries()) {
        const address = addressOf(1000 + (index % 3))
        const [before, after] = await Promise.all([
          pixelsOf(dressOf(address), SIDE),
          pixelsOf(wearing({ [name]: row }, address), SIDE)
        ])
        let changed = 0
        for (let at = 0; at < before.length; at += 3) {
          if (
            Math.abs(before[at]! - after[at]!) +
              Math.abs(before[at + 1]! - after[at + 1]!) +
              Math.abs(before[at + 2]! - after[at + 2]!) >
            24
          ) {
            changed += 1
          }
        }
        if (changed > SIDE * SIDE * 0.0008) seen += 1
      }
      t.ok(seen >= 6, `${name}: ${seen} of 10 other rows are seen`)
    }
  })

  t.test('says with the face what is felt, and with the eyes where it looks', async (t) => {
    const feeling = (row: string) => expressionOf(traitsWith({ emotion: row }).emotion)
    const joy = feeling('joy,joy,positive,English,a fizz')
    const sorrow = feeling('sorrow,sadness,negative,English,a wet coat')
    const anger = feeling('anger,anger,negative,English,a kettle')
    t.ok(joy.smile > 0.7 && sorrow.smile < -0.7 && anger.smile < -0.5)
    t.ok(anger.frown > 0.7 && sorrow.frown < -0.7, 'brows meet in anger and part in sorrow')
    t.ok(
      feeling('fright,fear,negative,English,a squeak').wide > 1.1 &&
        feeling('peace,calm,positive,English,a pond').lids > 0.35
    )
    t.ok(sorrow.tear && joy.cheeks && !joy.tear)
    const look = (row: string) => lookOf(traitsWith({ gaze: row }).gaze)
    t.ok(look('up at the moon,as if an old promise were written there').dy < -0.3)
    t.ok(look('down at the ground,as if a lucky coin had rolled away').dy > 0.3)
    t.same(look('straight at the viewer,as if about to speak'), { dx: 0, dy: 0 })
    t.ok(look('cross-eyed at a soap bubble,as if one loud word might burst it').cross)
  })

  t.test('knows jobs, places and gazes by whole words, the name before the rest', async (t) => {
    const rowOf = (name: AttributeName, first: string) => rowsOf(name).find((row) => row.name === first)
    const jobs: Record<string, Partial<ReturnType<typeof outfitOf>>> = {
      baker: { hat: 'toque', tool: 'bread', garment: 'apron' },
      beekeeper: { hat: 'straw', tool: 'basket' },
      'deep-sea diver': { hat: 'bubble' },
      herald: { hat: 'laurel', tool: 'horn' },
      judge: { hat: 'mortarboard', tool: 'scales' },
      'lighthouse keeper': { tool: 'lantern' },
      'opera singer': { hat: 'laurel', tool: 'microphone' },
      'spice merchant': { tool: 'scales' },
      'train driver': { hat: 'peakedCap', tool: 'wheel' },
      violinist: { tool: 'violin' },
      astronomer: { tool: 'telescope' },
      silversmith: { tool: 'hammer' }
    }
    const known = Object.entries(jobs).flatMap(([first, prepared]) => {
      const row = rowOf('occupation', first)
      return row === undefined ? [] : [[first, row, prepared] as const]
    })
    t.ok(known.length >= 8, `${known.length} jobs`)
    for (const [first, row, prepared] of known) t.match(outfitOf(row, true), prepared, first)

    const places = {
      'Ha Long Bay,Quảng Ninh,Vietnam': 'island',
      'the Bến Thành Market,Ho Chi Minh City,Vietnam': 'houses',
      'the Christuskirche,Windhoek,Namibia': 'church',
      'the Arenal Volcano,Alajuela,Costa Rica': 'volcano',
      'the rice terraces of Banaue,Ifugao,Philippines': 'garden',
      'the Pyramid of Khafre,Giza,Egypt': 'pyramid',
      'the Tower Bridge,Southwark,England': 'bridge',
      'the windmills of Kinderdijk,South Holland,Netherlands': 'windmill'
    }
    for (const [place, landmark] of Object.entries(places)) {
      t.equal(landmarkOf(traitsWith({ place }).place), landmark, place)
    }

    for (const gaze of rowsOf('gaze')) {
      const { dx, dy } = lookOf(gaze)
      if (/^(?:up|dreamily up)/.test(gaze.name)) t.ok(dy < 0, `${gaze.name}: ${dy}`)
      if (/^down/.test(gaze.name)) t.ok(dy > 0, `${gaze.name}: ${dy}`)
      if (/^(?:sideways|past|away|back)/.test(gaze.name)) t.ok(Math.abs(dx) > 0.3, `${gaze.name}: ${dx}`)
    }
  })

  t.test('draws a figure as high as asked, and nothing of it beyond the frame', async (t) => {
    const SIDE = 200
    const ASKED = 630
    const light = { dx: 26, dy: -20 }
    const heights = new Map<string, number[]>()
    for (let index = 0; index < 900; index += 1) {
      const traits = traitsOf(dressOf(addressOf(index)))
      const plan = planOf(traits.noun)
      const measured = heights.get(plan) ?? []
      if (measured.length >= 6) continue
      const pen = createPen(paletteOf(traits), { name: 'flat' }, light, 'f')
      const { scale, reach } = measureFigure(traits.noun, ASKED)
      t.ok(reach < 500, `${plan} fits into the frame`)
      // The shadow is the first shape and not of the figure; the frame of 1000 is drawn with 250 around it.
      const figure = drawFigure(pen, traits, { x: 500, scale, lightX: light.dx }).replace(
        /^<path[^>]*\/>/,
        ''
      )
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="-250 -250 1500 1500"><defs>${pen.defs()}</defs>${figure}</svg>`
      const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const marked = Array.from({ length: SIDE * SIDE }, (_, at) => at).filter((at) => data[at * 4 + 3]! > 40)
      const rows = marked.map((at) => Math.floor(at / SIDE))
      const columns = marked.map((at) => at % SIDE)
      const inFrame = (values: number[]) =>
        values.every((value) => (value * 1500) / SIDE - 250 > -16 && (value * 1500) / SIDE - 250 < 1008)
      t.ok(
        inFrame(rows) && inFrame(columns),
        `${plan} ${traits.noun.name} of address ${index} stays in the frame`
      )
      heights.set(plan, [...measured, ((rows.at(-1)! - rows[0]! + 1) * 1500) / SIDE])
    }
    for (const [plan, measured] of heights) {
      const middle = measured.sort((a, b) => a - b)[Math.floor(measured.length / 2)]!
      t.ok(middle > ASKED * 0.88 && middle < ASKED * 1.12, `${plan} is ${middle} high, ${ASKED} asked`)
    }
    t.ok(heights.size > 20, `${heights.size} plans`)
  })

  t.test('frames the figure in 55 to 70 hundredths of the height', async (t) => {
    for (const viewpoint of rowsOf('viewpoint')) {
      const { scale } = cameraOf(viewpoint)
      t.ok(scale >= 0.55 && scale <= 0.7, `${viewpoint.name}: ${scale}`)
    }
  })

  t.test('lets the figure stand out, and keeps to the limit of colours', async (t) => {
    const least = { sky: Infinity, far: Infinity, ground: Infinity, face: Infinity }
    for (let index = 0; index < 600; index += 1) {
      const palette = paletteOf(traitsOf(dressOf(addressOf(index))))
      const against = (role: 'sky' | 'far' | 'ground') =>
        contrast(parseHex(palette.body)!, parseHex(palette[role])!)
      least.sky = Math.min(least.sky, against('sky'))
      least.far = Math.min(least.far, against('far'))
      least.ground = Math.min(least.ground, against('ground'))
      least.face = Math.min(least.face, contrast(parseHex(palette.ink)!, parseHex(palette.body)!))
    }
    t.ok(least.sky > 2.4 && least.far > 1.3 && least.ground > 1.5 && least.face > 1.5, JSON.stringify(least))

    const hueOf = (hex: string) => {
      const [r, g, b] = parseHex(hex)!
      const [most, min] = [Math.max(r, g, b), Math.min(r, g, b)]
      if (most - min < 14) return undefined
      const turn =
        most === r
          ? (g - b) / (most - min)
          : most === g
            ? 2 + (b - r) / (most - min)
            : 4 + (r - g) / (most - min)
      return (turn * 60 + 360) % 360
    }
    const families = (colorLimit: string, index: number) => {
      const { isNight, ...palette } = paletteOf(traitsOf({ ...dressOf(addressOf(index)), colorLimit }))
      const hues = [palette.body, palette.cloth, palette.far, palette.accent]
        .map(hueOf)
        .filter((hue) => hue !== undefined)
      return hues.filter((hue, at) =>
        hues.slice(0, at).every((other) => Math.abs(((hue - other + 540) % 360) - 180) > 40)
      ).length
    }
    for (const [limit, most] of [
      ['one', 1],
      ['two', 2],
      ['three', 3]
    ] as const) {
      t.same(
        Array.from({ length: 80 }, (_, index) => families(limit, index)).filter((count) => count > most),
        [],
        `${limit}: never more`
      )
    }
    t.ok(
      Array.from({ length: 80 }, (_, index) => families('', index)).some((count) => count === 4),
      'without a limit there are more'
    )
  })

  t.test("takes the dress' colours, and some other where there is none", async (t) => {
    const palettes = [0, 1, 2].map((index) => paletteOf(traitsOf(dressOf(addressOf(index), NAKED))))
    for (const { isNight, ...palette } of palettes) {
      for (const color of Object.values(palette)) t.match(color, /^#[0-9a-f]{6}$/)
    }
    const crimson = paletteOf(traitsWith({ color1: 'crimson,#dc143c' }))
    const [r, g, b] = parseHex(crimson.body)!
    t.ok(r > g * 1.5 && r > b * 1.5, crimson.body)
  })

  t.test('gives no two of a thousand addresses pictures that look alike', async (t) => {
    // Of 256 bits; pictures that one would take for each other differ in a few only.
    const LEAST_BITS = 20
    const COUNT = 1000
    const hashes: Uint8Array[] = []
    const looks: string[][] = []
    for (let from = 0; from < COUNT; from += 50) {
      hashes.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, (_, index) => perceptualHash(dressOf(addressOf(from + index))))
        ))
      )
      looks.push(
        ...Array.from({ length: 50 }, (_, index) => {
          const traits = traitsOf(dressOf(addressOf(from + index)))
          return [paletteOf(traits).body, planOf(traits.noun), treatmentOf(traits.artStyle1).name]
        })
      )
    }
    let least = Infinity
    hashes.forEach((one, index) =>
      hashes.slice(0, index).forEach((other) => {
        let distance = 0
        for (let at = 0; at < one.length; at += 1) distance += Number(one[at] !== other[at])
        least = Math.min(least, distance)
      })
    )
    t.ok(least >= LEAST_BITS, `${least} bits`)

    const counted = (keys: string[]) => [
      ...keys
        .reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<string, number>())
        .values()
    ]
    const byChance = [0, 1, 2].reduce(
      (share, part) =>
        share *
        counted(looks.map((look) => look[part]!)).reduce((sum, count) => sum + (count / COUNT) ** 2, 0),
      (COUNT * (COUNT - 1)) / 2
    )
    const alike = counted(looks.map((look) => look.join())).reduce(
      (pairs, count) => pairs + (count * (count - 1)) / 2,
      0
    )
    t.ok(
      alike <= byChance + 3 * Math.sqrt(byChance) + 3,
      `${alike} pairs share palette, plan and treatment; chance says ${byChance.toFixed(1)}`
    )
  })
})

/** 256 bits: whether each of 8 × 8 fields is brighter, and its three colours are stronger, than the field to the right of it. */
async function perceptualHash(dress: DalleDress): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(composeScene(dress, 96)))
    .removeAlpha()
    .resize(9, 8, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const bits = new Uint8Array(256)
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      const at = (row * 9 + column) * 3
      const [r, g, b, r2, g2, b2] = data.subarray(at, at + 6) as unknown as [
        number,
        number,
        number,
        number,
        number,
        number
      ]
      const cell = (row * 8 + column) * 4
      bits[cell] = Number(r + g + b > r2 + g2 + b2)
      bits[cell + 1] = Number(r > r2)
      bits[cell + 2] = Number(r - g > 0)
      bits[cell + 3] = Number(g - b > 0)
    }
  }
  return bits
}

t.test('the same picture comes out as the same bytes', async (t) => {
  const addresses = [ADDRESS, addressOf(1), addressOf(2)]
  const here: string[] = []
  for (const address of addresses) here.push(sha256(await captioned(address)))
  t.equal(new Set(here).size, 3)

  t.test('when it is made again', async (t) => {
    t.equal(sha256(await captioned(ADDRESS)), here[0])
  })

  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'nothing'))
  const url = (path: string) => JSON.stringify(new URL(`../../lib/${path}.js`, import.meta.url).href)
  const script = `
    import { createHash } from 'node:crypto'
    const { BUILT_IN_DATABASES, loadDatabases } = await import(${url('dress/databases')})
    const { prepareDress } = await import(${url('dress/dress')})
    const { captionImage } = await import(${url('image/caption')})
    const { createLocalArtist } = await import(${url('image/local/artist')})
    const { decodeImage } = await import(${url('image/raster')})
    const { createEncodeQueue } = await import(${url('image/encode-queue')})
    const databases = await loadDatabases(BUILT_IN_DATABASES)
    const artist = createLocalArtist(createEncodeQueue())
    const { signal } = new AbortController()
    for (const address of process.argv.slice(1)) {
      const { dress } = prepareDress(databases, { suffix: 'empty' }, address)
      const bytes = await (await artist.compose(dress).draw(signal)).download(signal)
      const { raster } = await decodeImage(bytes)
      console.log(createHash('sha256').update(await captionImage(raster, dress.tersePrompt)).digest('hex'))
    }
    console.error('%s', new Date(0).getHours())`
  const nothing = join(folder, 'nothing')
  const machines = {
    'on a machine without fonts': {
      FONTCONFIG_FILE: join(folder, 'missing.conf'),
      FONTCONFIG_PATH: nothing,
      LANG: 'C',
      LC_ALL: 'C',
      TZ: 'Pacific/Chatham'
    },
    'on a Turkish machine with one thread': {
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      LANGUAGE: 'tr',
      TZ: 'Asia/Kathmandu',
      VIPS_CONCURRENCY: '1'
    }
  }
  for (const [what, variables] of Object.entries(machines)) {
    t.test(what, async (t) => {
      const env = {
        PATH: process.env.PATH ?? '',
        HOME: nothing,
        XDG_CONFIG_HOME: nothing,
        XDG_DATA_HOME: nothing,
        XDG_DATA_DIRS: nothing,
        XDG_CACHE_HOME: nothing,
        ...variables
      }
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', script, ...addresses],
        { cwd: folder, env }
      )
      t.same(stdout.trim().split('\n'), here)
      t.match(stderr.trim().split('\n').at(-1), /^(12|5)$/, 'the child took its own time zone')
    })
  }
})

t.test('npm run contact-sheet writes one sheet of many pictures', async (t) => {
  const folder = await temporaryFolder(t)
  const sheet = async (...args: string[]) =>
    await promisify(execFile)(
      process.execPath,
      [join(PACKAGE_ROOT, 'dist/test/tools/contact-sheet.js'), ...args],
      { cwd: folder }
    ).catch(({ code, stdout, stderr }) => ({ code, stdout, stderr }))
  t.match(await sheet('noir', '6'), { stdout: 'contact-sheet-noir.png\n', stderr: '' })
  const { width, height } = await sharp(join(folder, 'contact-sheet-noir.png')).metadata()
  t.ok(width > 1700 && width <= 1800 && height > 1000 && height < width, `${width} × ${height}: three by two`)
  for (const args of [
    [],
    ['noir'],
    ['noir', '0'],
    ['noir', '351'],
    ['noir', '1e1'],
    ['../../../package', '3'],
    ['noir', '6', 'a.png', 'b'],
    ['noir', 'many'],
    ['no-such', '6']
  ]) {
    t.match(await sheet(...args), { code: 2, stderr: /^Usage: npm run contact-sheet/ }, args.join(' '))
  }
  t.match(await sheet('noir', '1', 'no/such/folder.png'), {
    code: 2,
    stderr: /^no\/such\/folder\.png cannot be written: [^\n]*\n$/
  })
})

t.test('random numbers of a seed', async (t) => {
  const take = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw)

  t.test('are the same for the same seed and others for another', async (t) => {
    const [one, again, other] = ['a', 'a', 'b'].map((seed) => take(50, createRandom(seed).next))
    t.same(one, again)
    t.notSame(one, other)
    t.equal(new Set(one).size, 50)
    t.equal(
      one![9],
      createHash('sha256').update('a/1').digest().readUInt32BE(4) / 2 ** 32,
      'the tenth is the second of the second digest'
    )
  })

  t.test('keep to their ranges', async (t) => {
    const random = createRandom('ranges')
    t.ok(take(5000, random.next).every((value) => value >= 0 && value < 1))
    t.ok(take(5000, () => random.between(-3, 7)).every((value) => value >= -3 && value < 7))
    t.same([...new Set(take(5000, () => random.whole(3, 6)))].sort(), [3, 4, 5, 6])
    t.same([...new Set(take(500, () => random.pick(['x', 'y', 'z'])))].sort(), ['x', 'y', 'z'])
    t.same(new Set(take(500, () => random.chance(0))), new Set([false]))
    t.same(new Set(take(500, () => random.chance(1))), new Set([true]))
  })

  t.test('are spread evenly', async (t) => {
    const random = createRandom('evenly')
    const tenths = Array.from({ length: 10 }, () => 0)
    for (const value of take(10_000, random.next)) tenths[Math.floor(value * 10)]! += 1
    t.ok(
      tenths.every((count) => count > 850 && count < 1150),
      tenths.join()
    )
    const hits = take(10_000, () => random.chance(0.3)).filter(Boolean).length
    t.ok(hits > 2800 && hits < 3200, `${hits} of 3000`)
  })
})
