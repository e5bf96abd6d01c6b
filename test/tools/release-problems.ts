import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const OVERLAYS = 'docker/kubernetes/overlays'
const VERSION = /^\d+\.\d+\.\d+$/

export interface Repository {
  version: string
  /** What the changelog says about the version. */
  changes: string
  /** Why there can be no release, as sentences. */
  problems: string[]
}

/**
 * Reads what a release is about, and whether all places name the same version.
 * @param root the folder of the repository
 * @param git runs git there; returns its output
 */
export async function readRepository(
  root: string,
  git: (...args: string[]) => Promise<string>
): Promise<Repository> {
  const read = async (file: string) => await readFile(join(root, file), 'utf8')
  const { version } = JSON.parse(await read('package.json')) as { version: string }
  const problems: string[] = []
  if (!VERSION.test(version)) {
    problems.push(`package.json has the version ${version}, and a release has three numbers.`)
  }

  const changed = (await git('status', '--porcelain')).split('\n').filter(Boolean)
  if (changed.length > 0) problems.push(`${listOf(changed.map((line) => line.slice(3)))} is not committed.`)
  if ((await git('tag', '--list', `v${version}`)) !== '') {
    problems.push(`The tag v${version} exists. Raise the version in package.json.`)
  }

  for (const [place, found] of await versionsIn(read, await overlaysIn(root))) {
    if (found !== version) {
      problems.push(`${place} has the version ${found}, and package.json has ${version}.`)
    }
  }
  const [, name, day, changes = ''] = /^## \[(.+?)\](?: - (\S+))?\n(.*?)(?=^## |$(?![^]))/ms.exec(
    await read('CHANGELOG.md')
  ) ?? ['', 'none', '']
  if (name !== version) {
    problems.push(`The first section of CHANGELOG.md is ${name}, and package.json has ${version}.`)
  } else if (!isDay(day)) problems.push('The first section of CHANGELOG.md has no day, such as 2026-11-27.')
  return { version, changes: changes.trim(), problems }
}

/** The versions beside the one in package.json, each with its place. */
async function versionsIn(
  read: (file: string) => Promise<string>,
  overlays: string[]
): Promise<Array<[place: string, version: string]>> {
  const lock = JSON.parse(await read('package-lock.json')) as {
    version: string
    packages: Record<string, { version: string }>
  }
  const found: Array<[string, string]> = [
    ['package-lock.json', lock.version],
    ['The package in package-lock.json', lock.packages['']!.version],
    ['docker/Dockerfile', firstIn(await read('docker/Dockerfile'), /^ARG VERSION=(.*)$/m)]
  ]
  for (const file of overlays) found.push([file, firstIn(await read(file), /^ *newTag: *(\S+)$/m)])
  return found
}

/** The overlays of kustomize that name an image. */
async function overlaysIn(root: string): Promise<string[]> {
  const files: string[] = []
  for (const name of await readdir(join(root, OVERLAYS))) {
    const file = `${OVERLAYS}/${name}/kustomization.yaml`
    if ((await readFile(join(root, file), 'utf8')).includes('newTag:')) files.push(file)
  }
  return files.sort()
}

function firstIn(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? 'none'
}

function isDay(text: string | undefined): boolean {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** At most three names, and how many more there are. */
export function listOf(names: string[]): string {
  const more = names.length - 3
  return names.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
