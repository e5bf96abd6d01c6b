import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { listOf, readRepository } from './release-problems.ts'

/** What write committed files, by their npm scripts. */
const WRITERS = ['docs:config', 'dashboards']
const FOLDER = 'release'

/** There is no release; `problems` are the reasons as sentences. */
class Refused extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join(' '))
    this.problems = problems
  }
}

export interface ReleaseOptions {
  /** The folder of the repository. */
  root: string
  /** Does everything but the tag. */
  isDryRun: boolean
  say: (line: string) => void
}

/**
 * Checks whether the commit can be released, writes the files of the release, and makes the tag.
 * @returns why it is refused; nothing is tagged then
 */
export async function release(options: ReleaseOptions): Promise<string[]> {
  try {
    await run(options)
    return []
  } catch (error) {
    if (error instanceof Refused) return error.problems
    throw error
  }
}

async function run({ root, isDryRun, say }: ReleaseOptions): Promise<void> {
  const { git, npm, hasDocker, show } = createPrograms(root)
  const { version, changes, problems } = await readRepository(root, git)
  if (problems.length > 0) throw new Refused(problems)
  const revision = await git('rev-parse', 'HEAD')
  say(`${version} of ${revision}: one version everywhere, and nothing that is not committed.`)

  for (const script of WRITERS) await npm('run', '--silent', script)
  const stale = (await git('status', '--porcelain')).split('\n').filter(Boolean)
  if (stale.length > 0) {
    const files = listOf(stale.map((line) => line.slice(3)))
    const commands = WRITERS.map((script) => `npm run ${script}`).join(' and ')
    throw new Refused([`${files} was not up to date. Commit what ${commands} have written.`])
  }
  say('The documentation of settings and the dashboards are up to date.')

  await show('npm', 'test')
  say('All tests pass.')

  if (await hasDocker()) {
    const build = ['build', '-f', 'docker/Dockerfile', '-t', `dalleserver:${version}`]
    await show(
      'docker',
      ...build,
      ...['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`],
      '.'
    )
    say(`The image dalleserver:${version} is built.`)
  } else say('No Docker runs here, so the image is not built.')

  await writeFiles(root, version, npm)
  say(`${FOLDER}/ has the package, its software bill of materials, and their hashes.`)

  // Tests take minutes. What was checked is tagged, and nothing else.
  const [now, changed] = [await git('rev-parse', 'HEAD'), await git('status', '--porcelain')]
  if (now !== revision || changed !== '') {
    throw new Refused(['The repository has changed meanwhile. Try again.'])
  }
  if (isDryRun) return say(`A dry run: v${version} is not tagged.`)
  const message = `dalleserver ${version}\n\n${changes}\n`
  // Its headings begin with the character that git takes for a comment.
  await git('tag', '--annotate', `v${version}`, '--cleanup=verbatim', '--message', message, revision)
  say(`Tagged. To publish it: git push origin v${version}`)
}

/** Writes the package, the software bill of materials, and a file that sha256sum checks. */
async function writeFiles(
  root: string,
  version: string,
  npm: (...args: string[]) => Promise<string>
): Promise<void> {
  const folder = join(root, FOLDER)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  await npm('pack', '--pack-destination', FOLDER)
  const materials = await npm('run', '--silent', 'sbom')
  const { metadata } = JSON.parse(materials) as { metadata: { component: { version: string } } }
  if (metadata.component.version !== version) {
    throw new Refused([`The software bill of materials is of ${metadata.component.version}. Run npm ci.`])
  }
  await writeFile(join(folder, `dalleserver-${version}.cdx.json`), `${materials}\n`)
  const lines = []
  for (const name of (await readdir(folder)).sort()) {
    const hash = createHash('sha256').update(await readFile(join(folder, name)))
    lines.push(`${hash.digest('hex')}  ${name}\n`)
  }
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
}

function createPrograms(root: string) {
  /** The output of a program; its errors go to this terminal. */
  async function must(program: string, ...args: string[]): Promise<string> {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'close') as Promise<[code: number | null]>
    const [out, [code]] = await Promise.all([text(child.stdout), ended])
    if (code === 0) return out.trimEnd()
    throw new Refused([`${nameOf(program, args)} ended with ${code}. ${out.slice(-2000)}`.trim()])
  }

  /** Runs a program that takes long. All that it says goes to this terminal. */
  async function show(program: string, ...args: string[]): Promise<void> {
    const [code] = await once(
      spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }),
      'close'
    )
    if (code !== 0) throw new Refused([`${nameOf(program, args)} ended with ${code}.`])
  }

  const nameOf = (program: string, args: string[]) => [program, ...args].slice(0, 2).join(' ')
  return {
    show,
    git: async (...args: string[]) => await must('git', ...args),
    npm: async (...args: string[]) => await must('npm', ...args),
    /** Whether Docker is here and its daemon runs. */
    async hasDocker(): Promise<boolean> {
      const child = spawn('docker', ['version'], { stdio: 'ignore' })
      return await once(child, 'exit').then(
        ([code]) => code === 0,
        () => false
      )
    }
  }
}
