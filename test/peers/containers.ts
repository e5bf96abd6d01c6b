import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'

const PROGRAMS = [
  'buildah',
  'podman',
  'runc',
  'iptables',
  'debootstrap',
  'podman-compose',
  'docker-compose',
  'netavark',
  'aardvark-dns',
  'catatonit'
]
const PROGRAM_FOLDERS = [...process.env.PATH!.split(delimiter), '/usr/sbin', '/usr/lib/podman']
const CA_FILE = '/etc/ssl/certs/ca-certificates.crt'
const BASE_IMAGE = 'docker.io/library/node:24.21.0-bookworm-slim'
/** Substitutes for official images have their names. No image under test has such a name. */
const OFFICIAL = 'docker.io/'

interface Outcome {
  code: number
  out: string
  err: string
}

/** A sentence that says why this machine cannot build and run the image for the tests; else false. */
export function noContainers(): string | false {
  const missing = PROGRAMS.filter(
    (name) => !PROGRAM_FOLDERS.some((folder) => isExecutable(join(folder, name)))
  )
  if (missing.length > 0) {
    return `needs ${missing.join(', ')}: on Debian, apt-get install --no-install-recommends ${PROGRAMS.join(' ')}`
  }
  if (process.getuid?.() !== 0) {
    return 'needs to run as root, for debootstrap and for containers without systemd'
  }
  return false
}

export type Containers = Awaited<ReturnType<typeof openContainers>>

/**
 * Gives podman and buildah an image store of their own, so that the tests' images never mix with a user's images. The
 * store stays in the user's cache folder with the substitutes for official images. Everything else is removed after the
 * test and before the next one.
 */
export async function openContainers(t: Test) {
  const cache = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    'dalleserver-test',
    'containers'
  )
  const settings = await mkdtemp(join(tmpdir(), 'dalleserver-containers-'))
  await mkdir(cache, { recursive: true })
  await writeFile(
    join(settings, 'storage.conf'),
    `[storage]
driver = "overlay"
graphroot = "${cache}/storage"
runroot = "${cache}/run"
`
  )
  // These limits and runc work without systemd, and on a machine with low limits.
  await writeFile(
    join(settings, 'containers.conf'),
    `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
events_logger = "file"
tmp_dir = "${cache}/tmp"
[network]
network_config_dir = "${cache}/networks"
`
  )
  await writeFile(
    join(settings, 'npmrc'),
    isReadable(CA_FILE) ? `cafile=${CA_FILE}\nprefer-offline=true\n` : 'prefer-offline=true\n'
  )
  const env = {
    ...process.env,
    PATH: PROGRAM_FOLDERS.join(delimiter),
    CONTAINERS_STORAGE_CONF: join(settings, 'storage.conf'),
    CONTAINERS_CONF: join(settings, 'containers.conf')
  }

  const run = async (program: string, args: string[], { cwd }: { cwd?: string } = {}): Promise<Outcome> =>
    await new Promise((resolve) => {
      execFile(program, args, { cwd, env, maxBuffer: 64 * 2 ** 20 }, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ code, out, err: withoutSystemd(err || (code === -1 ? error!.message : '')) })
      })
    })
  /** Runs a program and returns its output. Any other exit code than 0 fails the test. */
  const must = async (program: string, ...args: string[]): Promise<string> => {
    const { code, out, err } = await run(program, args)
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${err.slice(-3000)}`)
    return out.trim()
  }

  /** Removes everything but the substitutes. The lock ensures that no other test process uses the store. */
  const clean = async () => {
    await must('podman', 'rm', '--all', '--force', '--time', '0')
    await must('buildah', 'rm', '--all')
    await must('podman', 'volume', 'prune', '--force')
    await must('podman', 'network', 'prune', '--force')
    const images = (await must('podman', 'images', '--format', '{{.ID}} {{.Repository}}:{{.Tag}}'))
      .split('\n')
      .filter((line) => line !== '' && !line.includes(` ${OFFICIAL}`))
    if (images.length > 0) {
      await must('podman', 'rmi', '--force', ...new Set(images.map((line) => line.split(' ')[0]!)))
    }
  }

  const makeBase = async () => {
    await must('unshare', '--mount', join(PACKAGE_ROOT, 'test/peers/container-base.sh'), BASE_IMAGE)
  }

  const release = await lock(join(cache, 'lock'))
  t.teardown(async () => {
    try {
      await clean()
    } finally {
      release()
      await rm(settings, { recursive: true, force: true })
    }
  })
  await clean()

  return {
    run,
    must,

    /**
     * Builds the image. Makes its base image first when the store does not have it. The build gets the machine's
     * certificates and npm cache, and nothing else that the Dockerfile does not name.
     */
    async build(tag: string, buildArguments: Record<string, string>) {
      await makeBase()
      const npmCache = await must('npm', 'config', 'get', 'cache')
      await mkdir(npmCache, { recursive: true })
      await must(
        'buildah',
        'bud',
        '--no-cache',
        '--force-rm',
        '--pull-never',
        '--isolation',
        'chroot',
        '--network',
        'host',
        '--format',
        'docker',
        ...(isReadable(CA_FILE) ? ['--volume', `${CA_FILE}:${CA_FILE}:ro`] : []),
        '--volume',
        `${join(settings, 'npmrc')}:/root/.npmrc:ro`,
        '--volume',
        `${npmCache}:/root/.npm`,
        ...Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        '--file',
        join(PACKAGE_ROOT, 'docker/Dockerfile'),
        '--tag',
        tag,
        PACKAGE_ROOT
      )
    },

    /**
     * Makes substitutes for official images under their names. Their layers stay in the store, so that only the first
     * time takes long.
     * @param images the name of each, by its stage in test/peers/parts/Dockerfile
     */
    async buildParts(images: Record<string, string>) {
      await makeBase()
      const options = ['--layers', '--pull-never', '--isolation', 'chroot', '--network', 'host']
      for (const [stage, image] of Object.entries(images)) {
        const name = OFFICIAL + (image.includes('/') ? image : `library/${image}`)
        const what = ['--build-arg', `BASE=${BASE_IMAGE}`, '--target', stage, '--tag', name]
        await must('buildah', 'bud', ...options, ...what, join(PACKAGE_ROOT, 'test/peers/parts'))
      }
    }
  }
}

/** Waits until no other process holds the lock. It is released by the returned function or with this process. */
async function lock(file: string): Promise<() => void> {
  // cat repeats the word when flock has the lock, and ends with its input.
  const holder = spawn('flock', [file, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  holder.stdin.write('locked')
  await once(holder.stdout, 'data')
  return () => holder.stdin.end()
}

/** Removes podman's warning that health checks are not scheduled without systemd. */
function withoutSystemd(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes('systemd connection'))
    .join('\n')
}

function isExecutable(file: string): boolean {
  return isAccessible(file, constants.X_OK)
}

function isReadable(file: string): boolean {
  return isAccessible(file, constants.R_OK)
}

function isAccessible(file: string, mode: number): boolean {
  try {
    accessSync(file, mode)
    return true
  } catch {
    return false
  }
}
