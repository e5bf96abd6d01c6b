import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { measureLoads, unchanged } from '../clients/load.ts'
import type { Figures, Target } from '../clients/load.ts'
import { addressOf } from '../inputs/addresses.ts'
import { padPng, photograph } from '../inputs/photograph.ts'
import type { Bench, Part } from '../part.ts'
import type { Row, Wanted } from '../row.ts'
import { startBare } from '../servers/bare.ts'
import { startNginx } from '../servers/nginx.ts'
import { startService } from '../servers/service.ts'
import { AS_NGINX, AS_THE_GO_SERVER, AS_BARE } from '../wanted.ts'

const SMALL = { address: addressOf(1), bytes: 50_000 }
const LARGE = { address: addressOf(2), bytes: 1_360_000 }
const WIDTH = 320

/** Pictures that exist, as `/dalle` and `/files` send them, beside the same bytes from nginx and bare Fastify. */
export const pictures: Part = {
  name: 'pictures',
  about: 'pictures that exist, beside nginx and bare Fastify',
  measure: async (bench) => {
    const targets = await startServers(bench)
    const figures = await measureLoads(bench, targets)
    const row = (what: string, own: keyof typeof targets, peers: Peers, wanted?: Wanted): Row => {
      const { perSecond, p50Ms, p99Ms, cpuUs, failed } = figures[own]!
      return {
        what,
        value: perSecond,
        unit: '/s',
        p50Ms,
        p99Ms,
        cpuUs,
        failed,
        peers: rates(figures, peers),
        wanted
      }
    }
    const small = { bare: 'bareSmall', nginx: 'nginxSmall' }
    const large = { bare: 'bareLarge', nginx: 'nginxLarge' }
    const none = { bare: 'bareNotModified', nginx: 'nginxNotModified' }
    return [
      row('/dalle, cached PNG of 50 KB', 'small', small, AS_BARE),
      row('the same with LOG_LEVEL=warn', 'quietSmall', small),
      row('/files, the same', 'smallFile', small, AS_THE_GO_SERVER),
      row('304', 'notModified', none, AS_BARE),
      row('the same with LOG_LEVEL=warn', 'quietNotModified', none),
      row('/dalle, cached PNG of 1.36 MB', 'large', large, AS_NGINX),
      row('/files, the same', 'largeFile', large, AS_NGINX),
      row(`thumbnail (w=${WIDTH})`, 'thumbnail', { bare: 'bareThumbnail' }, AS_BARE)
    ]
  }
}

/** The targets that peers are measured with, by the name of the peer. */
type Peers = Record<string, string>

function rates(figures: Record<string, Figures>, peers: Peers): Record<string, number> {
  return Object.fromEntries(
    Object.entries(peers).flatMap(([peer, target]) => {
      const measured = figures[target]
      return measured === undefined ? [] : [[peer, measured.perSecond]]
    })
  )
}

async function startServers(bench: Bench): Promise<Record<string, Target>> {
  const [dataDir, quietDir] = [await writeFolder(bench), await writeFolder(bench)]
  const own = await startService(bench, { dataDir })
  const quiet = await startService(bench, { dataDir: quietDir, env: { LOG_LEVEL: 'warn' } })
  const at = (service: typeof own, path: string): Target => ({
    url: service.url + path,
    pid: service.pid,
    after: service.emptyLog
  })
  const [smallPath, largePath] = [`/dalle/simple/${SMALL.address}`, `/dalle/simple/${LARGE.address}`]
  const [thumbnailPath, pictures] = [`${largePath}?w=${WIDTH}`, join(dataDir, 'output/simple/annotated')]

  const thumbnail = Buffer.from(await (await fetch(own.url + thumbnailPath)).arrayBuffer())
  const thumbnailFile = join(await bench.createFolder(), 'thumbnail.png')
  await writeFile(thumbnailFile, thumbnail)
  const bare = await startBare(bench, {
    '/small': { file: join(pictures, `${SMALL.address}.png`), type: 'image/png' },
    '/large': { file: join(pictures, `${LARGE.address}.png`), type: 'image/png' },
    '/thumbnail': { file: thumbnailFile, type: 'image/png' }
  })
  const atBare = (path: string, rest: Partial<Target>): Target => ({
    url: bare.url + path,
    pid: bare.pid,
    ...rest
  })
  const nginx = await startNginx(bench, pictures)

  return {
    small: { ...at(own, smallPath), bytes: SMALL.bytes },
    bareSmall: atBare('/small', { bytes: SMALL.bytes }),
    quietSmall: { ...at(quiet, smallPath), bytes: SMALL.bytes },
    smallFile: { ...at(own, `/files/simple/annotated/${SMALL.address}.png`), bytes: SMALL.bytes },
    notModified: await unchanged(at(own, smallPath)),
    bareNotModified: atBare('/not-modified', { status: 304 }),
    quietNotModified: await unchanged(at(quiet, smallPath)),
    large: { ...at(own, largePath), bytes: LARGE.bytes },
    largeFile: { ...at(own, `/files/simple/annotated/${LARGE.address}.png`), bytes: LARGE.bytes },
    bareLarge: atBare('/large', { bytes: LARGE.bytes }),
    thumbnail: { ...at(own, thumbnailPath), bytes: thumbnail.length },
    bareThumbnail: atBare('/thumbnail', { bytes: thumbnail.length }),
    ...(nginx !== undefined && (await nginxTargets(nginx)))
  }
}

async function nginxTargets({ url, pid }: { url: string; pid: number }): Promise<Record<string, Target>> {
  const small = { url: `${url}/${SMALL.address}.png`, pid }
  return {
    nginxSmall: { ...small, bytes: SMALL.bytes },
    nginxLarge: { url: `${url}/${LARGE.address}.png`, pid, bytes: LARGE.bytes },
    nginxNotModified: await unchanged(small)
  }
}

async function writeFolder(bench: Bench): Promise<string> {
  const dataDir = await bench.createFolder()
  const pictures = join(dataDir, 'output/simple/annotated')
  await mkdir(pictures, { recursive: true })
  await writeFile(join(pictures, `${SMALL.address}.png`), padPng(await photograph(40, 120), SMALL.bytes))
  await writeFile(join(pictures, `${LARGE.address}.png`), padPng(await photograph(0.9), LARGE.bytes))
  return dataDir
}
