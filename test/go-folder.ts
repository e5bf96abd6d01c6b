import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { plainPng, temporaryFolder } from './helper.ts'

/** Where the folder lay when the Go server wrote it. */
const OLD_ROOT = '/home/go/.local/share/trueblocks/dalle'

export const GO_SERIES = Array.from({ length: 20 }, (_, index) => `go-series-${index}`)
/** The first ten series have a file; the others have pictures only. */
const WITH_FILE = GO_SERIES.slice(0, 10)
/** A text that /v1 made a picture of: its SHA-256 is the name of its files. */
export const GO_INPUT = 'Person Tour Coordinates'
export const GO_SEED = 'dddd723c8a04831545f4890b843c520370f1547db507786023325b4b9de98a1c'
export const GO_ATTRIBUTE = 'weathered,of the Go library alone'

export const goAddress = (index: number) => `0x${index.toString(16).padStart(40, 'a')}`

function recordOf(series: string, name: string, input: string) {
  const file = (kind: string) => `${OLD_ROOT}/output/${series}/${kind}/${name}.png`
  return {
    metadataVersion: '1.0.0',
    imageId: `sha256:${Buffer.from(`${series}/${name}`).toString('hex').padEnd(64, '0').slice(0, 64)}`,
    input,
    seed: name,
    series: { name: series, hash: `sha256:${'2'.repeat(64)}`, source: 'embedded' },
    recipe: { name: 'default', version: '1.0.0' },
    database: { version: '1.0.0', archiveHash: `sha256:${'3'.repeat(64)}` },
    selectedRecords: [
      { attribute: 'adjective', database: 'adjectives', rowIndex: 7, record: GO_ATTRIBUTE },
      { attribute: 'backStyle', database: 'backstyles', rowIndex: 0, record: 'a plain [{Color3}] background' }
    ],
    prompts: { prompt: `Draw ${name}.`, titlePrompt: `The ${name}`, tersePrompt: `A ${name}.` },
    artifacts: { generated: file('generated'), annotated: file('annotated') },
    stages: Object.fromEntries(
      ['selected', 'prompted', 'enhanced', 'generated', 'annotated'].map((stage) => [
        stage,
        { status: stage === 'enhanced' ? 'skipped' : 'complete' }
      ])
    ),
    status: { completed: true, cacheHit: false }
  }
}

/**
 * A data folder as the Go server leaves it, after a move from another place: 20 series with a picture of an address
 * each, whose metadata has absolute paths; a picture that /v1 made; one without any side file; and damaged files.
 */
export async function buildGoFolder(t: Test): Promise<string> {
  const root = await temporaryFolder(t)
  const png = await plainPng(64)
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  const writePicture = async (series: string, name: string, input: string) => {
    for (const kind of ['generated', 'annotated']) await write(`output/${series}/${kind}/${name}.png`, png)
    const record = `${JSON.stringify(recordOf(series, name, input), null, 2)}\n`
    await write(`output/${series}/metadata/${name}.json`, record)
  }
  for (const series of WITH_FILE) {
    await write(`user-series/${series}.json`, JSON.stringify({ suffix: series, last: 0, colors: null }))
  }
  for (const [index, series] of GO_SERIES.entries()) {
    await writePicture(series, goAddress(index), goAddress(index))
    await write(`output/${series}/title/${goAddress(index)}.txt`, `The Title ${index}`)
  }
  await writePicture(GO_SERIES[0]!, GO_SEED, GO_INPUT)
  await write(`output/${GO_SERIES[1]}/annotated/${goAddress(99)}.png`, png)
  await write(`output/${GO_SERIES[2]}/annotated/${goAddress(98)}.png`, png.subarray(0, 40))
  await write(`output/${GO_SERIES[3]}/metadata/${goAddress(97)}.json`, '{"metadataVersion": ')
  await write(`output/${GO_SERIES[4]}/metadata/notes.json`, '[]')
  await write(`output/${GO_SERIES[5]}/selector/${goAddress(5)}.json`, '{"original": 7')
  await write('user-series/damaged.json', '{ "suffix": ')
  const averages = { image_wait: { count: 3, avgNs: 12_000_000_000 } }
  await write(
    'metrics/progress_phase_stats.json',
    JSON.stringify({ version: 'v1', phaseAverages: averages, generationRuns: 3, cacheHits: 1 })
  )
  return root
}
