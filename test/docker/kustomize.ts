import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { PACKAGE_ROOT } from '../../lib/package.ts'

export const KUBERNETES = join(PACKAGE_ROOT, 'docker/kubernetes')

/** A manifest. It has no type, so that each test can read what it expects. */
export type Manifest = ReturnType<typeof JSON.parse>

interface Kustomization {
  resources?: string[]
  images?: Array<{ name: string; newName: string; newTag: string }>
  patches?: Array<{ target: { kind: string; name?: string }; patch: string }>
}

/** The manifests of a file. */
export async function readManifests(file: string): Promise<Manifest[]> {
  return parseAllDocuments(await readFile(file, 'utf8')).map((document) => document.toJS())
}

/**
 * What `kubectl kustomize` makes of a folder, as far as this repository uses it: resources, images, patches of JSON and
 * patches that delete. The program is on no package server that the tests reach.
 * @throws for anything else that a kustomization says
 */
export async function render(folder: string): Promise<Manifest[]> {
  const file = join(folder, 'kustomization.yaml')
  const {
    apiVersion,
    kind,
    resources = [],
    images = [],
    patches = [],
    ...others
  } = parse(await readFile(file, 'utf8')) as Kustomization & Record<string, unknown>
  if (apiVersion !== 'kustomize.config.k8s.io/v1beta1' || kind !== 'Kustomization') throw new Error(file)
  if (Object.keys(others).length > 0) throw new Error(`${file}: ${Object.keys(others)} is not known here`)
  let manifests: Manifest[] = []
  for (const name of resources) {
    const path = join(folder, name)
    manifests.push(...((await stat(path)).isDirectory() ? await render(path) : await readManifests(path)))
  }
  for (const each of patches) manifests = patched(manifests, each)
  for (const { name, newName, newTag } of images) {
    for (const container of manifests.flatMap(containersOf)) {
      if (container.image === name) container.image = `${newName}:${newTag}`
    }
  }
  return manifests
}

/** All files of a folder and its folders that a kustomization could name, and those that one does. */
export async function filesOf(folder: string): Promise<{ all: string[]; named: string[] }> {
  const paths = (await readdir(folder, { recursive: true })) as string[]
  const all = paths.filter((path) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'))
  const kustomizations = paths.filter((path) => path.endsWith('kustomization.yaml'))
  const named = await Promise.all(
    kustomizations.map(async (path) => {
      const { resources = [] } = parse(await readFile(join(folder, path), 'utf8')) as Kustomization
      return resources.map((name) => relative(folder, join(folder, path, '..', name)))
    })
  )
  return { all, named: named.flat() }
}

export function containersOf({ spec }: Manifest): Manifest[] {
  return spec?.template?.spec?.containers ?? []
}

function patched(
  manifests: Manifest[],
  { target, patch }: NonNullable<Kustomization['patches']>[number]
): Manifest[] {
  const isTarget = ({ kind, metadata }: Manifest) =>
    kind === target.kind && (target.name === undefined || metadata.name === target.name)
  if (!manifests.some(isTarget)) throw new Error(`no ${target.kind} ${target.name} to patch`)
  const change = parse(patch)
  if (change.$patch === 'delete') return manifests.filter((each) => !isTarget(each))
  for (const manifest of manifests.filter(isTarget)) {
    for (const { op, path, value } of change as Array<{ op: string; path: string; value: unknown }>) {
      const keys = path.slice(1).split('/')
      const last = keys.pop()!
      const parent = keys.reduce((found, key) => found[key], manifest)
      if (op !== 'add' && !(op === 'replace' && last in parent)) throw new Error(`${op} ${path}`)
      parent[last] = structuredClone(value)
    }
  }
  return manifests
}
