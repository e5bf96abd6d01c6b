import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { captionImage } from '../../../../lib/image/caption.ts'
import { createEncodeQueue } from '../../../../lib/image/encode-queue.ts'
import { createLocalArtist } from '../../../../lib/image/local/artist.ts'
import { decodeImage } from '../../../../lib/image/raster.ts'
import type { DalleDress } from '../../../../lib/schemas/dress.ts'
import { drawingContext } from '../../../drawing-context.ts'
import { temporaryFolder } from '../../../helper.ts'
import { ADDRESS, addressOf, dressOf, NAKED, sha256 } from './dresses.ts'

// Compiled tests start compiled children. Tests that run from source start their children with the same loader.
const extension = extname(import.meta.url)
const loaderArguments = extension === '.ts' ? process.execArgv : []

const artist = createLocalArtist(createEncodeQueue())

async function drawn(dress: DalleDress): Promise<Buffer> {
  const { signal } = new AbortController()
  return await (await artist.compose(dress).draw(signal, drawingContext())).download(signal)
}

async function captioned(address: string): Promise<Buffer> {
  const dress = dressOf(address)
  return await captionImage((await decodeImage(await drawn(dress))).raster, dress.tersePrompt)
}

t.test('the built-in artist delivers a square PNG and is named local', async (t) => {
  const drawing = await artist.compose(dressOf(ADDRESS)).draw(new AbortController().signal, drawingContext())
  t.equal(artist.provider, 'local')
  t.equal(drawing.downloadMode, 'local')
  const bytes = await drawing.download(new AbortController().signal)
  t.match(await sharp(bytes).metadata(), { format: 'png', width: 1024, height: 1024, channels: 3 })
  const { raster, png } = await decodeImage(bytes)
  t.ok(png.equals(bytes))
  t.same(drawing.raster, raster, 'its pixels need not be decoded')
})

t.test('the built-in artist draws a dress whose filters leave no attribute', async (t) => {
  t.match(await sharp(await drawn(dressOf(ADDRESS, NAKED))).metadata(), { width: 1024, height: 1024 })
})

t.test('the built-in artist does not draw after an abort', async (t) => {
  await t.rejects(
    artist.compose(dressOf(ADDRESS)).draw(AbortSignal.abort(new Error('gone')), drawingContext()),
    {
      message: 'gone'
    }
  )
})

t.test('a dress always gives the same bytes', async (t) => {
  const addresses = [ADDRESS, addressOf(1), addressOf(2)]
  const here: string[] = []
  for (const address of addresses) here.push(sha256(await captioned(address)))
  t.equal(new Set(here).size, 3)

  t.test('in the same process', async (t) => {
    t.equal(sha256(await captioned(ADDRESS)), here[0])
  })

  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'nothing'))
  const url = (path: string) =>
    JSON.stringify(new URL(`../../../../lib/${path}${extension}`, import.meta.url).href)
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
        [...loaderArguments, '--input-type=module', '--eval', script, ...addresses],
        { cwd: folder, env }
      )
      t.same(stdout.trim().split('\n'), here)
      t.match(stderr.trim().split('\n').at(-1), /^(12|5)$/, 'the child took its own time zone')
    })
  }
})
