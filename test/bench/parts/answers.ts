import { join } from 'node:path'
import { measureLoads, unchanged } from '../clients/load.ts'
import type { Target } from '../clients/load.ts'
import { addressOf } from '../inputs/addresses.ts'
import { addressOf as pictureOf, seriesOf, writePictures } from '../inputs/many-pictures.ts'
import type { Part } from '../part.ts'
import type { Row, Wanted } from '../row.ts'
import { startBare } from '../servers/bare.ts'
import { startNginx } from '../servers/nginx.ts'
import { startProvider } from '../servers/provider.ts'
import { startService } from '../servers/service.ts'
import { METRICS, asRate } from '../wanted.ts'

const PICTURES = 1_000

/** What clients, dashboards and load balancers ask for again and again. */
export const answers: Part = {
  name: 'answers',
  about: 'metrics, series, health, gallery, an idle address, polls of a run',
  measure: async (bench) => {
    const dataDir = await bench.createFolder()
    await writePictures(dataDir, PICTURES)
    const provider = await startProvider(bench)
    const service = await startService(bench, { dataDir, env: provider.env })
    const poll = await provider.startEndlessRun(service)
    const paths: Array<[path: string, what: string, wanted: Wanted]> = [
      ['/metrics', '/metrics', METRICS],
      ['/series', '/series', asRate(27_531)],
      ['/health', '/health', asRate(22_409)],
      ['/v1/gallery', `/v1/gallery, ${PICTURES.toLocaleString('en')} pictures`, asRate(16_297)],
      [`/dalle/simple/${addressOf(1)}`, 'an address without a picture or run', asRate(14_190)],
      [poll, 'poll of a live run', asRate(20_000)]
    ]
    const targets: Record<string, Target> = {}
    for (const [path] of paths) {
      targets[path] = { url: service.url + path, pid: service.pid, after: service.emptyLog }
    }
    const bare = await startBare(bench)
    targets['bare 304'] = { url: `${bare.url}/not-modified`, pid: bare.pid, status: 304 }
    const nginx = await startNginx(bench, join(dataDir, 'output'))
    if (nginx !== undefined) {
      targets['nginx 304'] = await unchanged({
        url: `${nginx.url}/${seriesOf(0)}/title/${pictureOf(0)}.txt`,
        pid: nginx.pid
      })
    }
    const figures = await measureLoads(bench, targets)

    const peers = ['bare 304', 'nginx 304'].flatMap((name) =>
      figures[name] === undefined ? [] : [[name, figures[name].perSecond]]
    )
    return paths.map(([path, what, wanted]): Row => {
      const { perSecond, p50Ms, p99Ms, cpuUs, failed } = figures[path]!
      const rest = { p50Ms, p99Ms, cpuUs, failed, peers: Object.fromEntries(peers), wanted }
      return { what, value: perSecond, unit: '/s', ...rest }
    })
  }
}
