import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { bodyOf, build, json, plainPng, pollUntilDone, temporaryFolder } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { exampleOf, picturePathOf } from './documentation.ts'

const run = promisify(execFile)

interface Program {
  heading: string
  language: string
  series: string
  file: string
  command: string[]
}

const PROGRAMS: Program[] = [
  { heading: 'curl', language: 'sh', series: 'birds', file: 'picture.sh', command: ['bash', '-eu'] },
  {
    heading: 'Python',
    language: 'python',
    series: 'blues',
    file: 'picture.py',
    command: ['python3', '-W', 'error']
  },
  { heading: 'Go', language: 'go', series: 'brave', file: 'picture.go', command: ['go', 'run'] }
]

/** The reason to skip a test on a machine without a program. */
const without = (...programs: string[]) => {
  const missing = programs.find((name) => spawnSync('which', [name]).status !== 0)
  return missing !== undefined && `needs the program ${missing}`
}

const AGENTS = /^(?:curl|Python-urllib|Go-http-client)\//
const FAILING = 'noir'

/** Draws small pictures. In one series it fails. */
const artist: Artist = {
  provider: 'local',
  compose: ({ series }) => ({
    async draw() {
      if (series === FAILING) throw errors.provider('CONTENT_REJECTED', 'The provider refuses to draw this')
      return { downloadMode: 'local', download: async () => await plainPng(64) }
    }
  })
}

/** A server that has too much to do when a program first asks it for a picture. */
async function startBusyServer(t: Parameters<typeof build>[0]): Promise<TestServer> {
  const refused = new Set<string>()
  return await build(t, {
    artist,
    extend: (app) =>
      app.addHook('preHandler', async ({ url, headers }) => {
        const { 'user-agent': agent = '' } = headers
        if (!url.includes('generate=1') || !AGENTS.test(agent) || refused.has(agent)) return
        refused.add(agent)
        throw errors.ofRun('SERVICE_UNAVAILABLE', 'The server has too much to do', 0)
      })
  })
}

t.test('the examples of programs get a picture, and report a run that fails', async (t) => {
  const { url } = await startBusyServer(t)

  for (const { heading, language, series, file, command } of PROGRAMS) {
    const [program = '', ...args] = command
    // Go takes half a gigabyte, so it is used only where it is there.
    if (program === 'go' && without('go') !== false) {
      t.comment('the example for Go does not run: go is not on this machine')
      continue
    }
    t.test(heading, { skip: without(program, ...(program === 'bash' ? ['curl'] : [])) }, async (t) => {
      const cwd = await temporaryFolder(t)
      const code = exampleOf(heading, language, url)
      const start = async (name: string) => {
        await writeFile(join(cwd, file), code.replace('/simple/', `/${name}/`))
        return await run(program, [...args, file], { cwd })
      }
      await start(series)
      const served = await bodyOf(await fetch(url + picturePathOf(code).replace('simple', series)))
      t.ok((await readFile(join(cwd, 'picture.png'))).equals(served), 'the picture is saved')
      for (const [name, code] of [
        [FAILING, 'CONTENT_REJECTED'],
        ['none', 'INVALID_SERIES']
      ] as const) {
        const failure = await start(name).catch((error: unknown) => error)
        t.match(failure, { code: 1, stderr: new RegExp(code) }, `${code} is an error`)
      }
    })
  }

  t.test(
    'the command that checks a CID prints it',
    { skip: without('bash', 'curl', 'openssl') },
    async (t) => {
      const code = exampleOf('NFT metadata', 'sh', url)
      const path = picturePathOf(code)
      await pollUntilDone(`${url}${path}?generate=1`)
      const { stdout } = await run('bash', ['-euc', code], { cwd: await temporaryFolder(t) })
      const { image_cid: cid } = await json(await fetch(url + path.replace('/dalle/', '/nft/')))
      t.equal(stdout.trim(), cid)
    }
  )
})
