import { readdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

const TESTS = join(import.meta.dirname, '..')
/** A file system in memory, as Linux has it. */
const MEMORY = '/dev/shm'
/** What the temporary folders of all suites need at most. */
const NEEDED_BYTES = 4e9
/** `.js` when the tests are compiled, `.ts` when they run from source. */
const TEST_FILE = `.test${extname(import.meta.filename)}`

/**
 * The test files of each suite, by the beginning of their path. The first suite that matches a file runs it. A suite is
 * one process: the test runner and the service take seconds to load, which is more than most test files take to run.
 * The suites start in alphabetical order, several at the same time. Those that take long have names that come early.
 * A suite that comes near the runner's limit on a slow machine is divided. Those with a browser begin apart.
 * Containers come last: they change the network of the machine, and a browser then gives up what it loads.
 * `npm run test:long` runs the suite `long`.
 */
const SUITES = {
  long: ['server/move', 'chaos/', 'routes/v1/batch-replicas'],
  browser: [
    'routes/preview/calm',
    'routes/preview/chooser',
    'routes/preview/connection',
    'routes/preview/detail',
    'routes/preview/filter',
    'routes/preview/first-tap',
    'routes/preview/form',
    'routes/preview/layout',
    'routes/preview/list',
    'routes/preview/runs',
    'routes/preview/visibility'
  ],
  documents: [
    'routes/docs/',
    'routes/preview/',
    'routes/avatar/wall',
    'routes/examples/pages',
    'tools/drawn-page'
  ],
  cluster: ['replicas'],
  engine: [
    'lib/engine/postgres/',
    'lib/commands/import',
    'lib/storage/s3',
    'lib/storage/stored',
    'plugins/app/roles',
    'plugins/app/store'
  ],
  api: ['routes/'],
  'child-processes-stops': ['server/stop', 'server/takeover', 'server/lost-answers', 'server/summary'],
  'child-processes': ['server/'],
  fuzz: ['fuzz/'],
  http: ['app', 'index', 'plugins/http/'],
  'lib-image': ['lib/image/'],
  lib: ['lib/'],
  lint: ['lint'],
  package: ['package/', 'tools/'],
  plugins: ['plugins/', 'peers/', 'soak', 'bench/'],
  'system-image': ['docker/image'],
  system: ['docker/']
}

export type Suite = keyof typeof SUITES

export const SUITE_NAMES = Object.keys(SUITES) as Suite[]

/** All test files but the suites, relative to test/. */
export function testFiles(): string[] {
  return (readdirSync(TESTS, { recursive: true }) as string[])
    .filter((file) => file.endsWith(TEST_FILE) && !file.startsWith('suites/'))
    .sort()
}

/** The suite that runs a test file; undefined when none does. */
export function suiteOf(file: string): Suite | undefined {
  return SUITE_NAMES.find((suite) => SUITES[suite].some((beginning) => file.startsWith(beginning)))
}

/** Runs the test files of a suite in this process. */
export async function runSuite(suite: Suite): Promise<void> {
  if (process.env.TMPDIR === undefined && (await hasMemory())) process.env.TMPDIR = MEMORY
  // After its first teardown, tap ends the root test as soon as no test waits, also while the next file is loaded. So
  // the teardowns of the files are given to tap when all files are loaded.
  const { teardown } = t
  const teardowns: (() => unknown)[] = []
  t.teardown = (end) => teardowns.unshift(end)
  for (const file of testFiles()) {
    if (suiteOf(file) === suite) await import(pathToFileURL(join(TESTS, file)).href)
  }
  t.teardown = teardown
  t.teardown(async () => {
    for (const end of teardowns) await end()
  })
  t.end()
}

/**
 * Whether temporary folders can lie in memory. The tests write and sync thousands of files, and the file system of a
 * busy disk answers late.
 */
async function hasMemory(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(MEMORY)
    return bavail * bsize > NEEDED_BYTES
  } catch {
    return false
  }
}
