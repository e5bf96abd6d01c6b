import { errors } from '../errors.ts'
import type { DatabaseManifest } from './records.ts'

const HASH = /^sha256:./

/** What is wrong with a manifest of databases; undefined if nothing is. */
export function problemOfManifest({ version, archiveHash, files }: DatabaseManifest): string | undefined {
  if (version === '') return 'it has no version'
  if (!HASH.test(archiveHash)) return 'its archiveHash is no sha256'
  if (files.length === 0) return 'it lists no file'
  const paths = new Set<string>()
  for (const { name, path, hash, rows, columns } of files) {
    if (name === '' || path === '') return 'a file has no name or no path'
    if (paths.has(path)) return `${path} is listed twice`
    paths.add(path)
    if (!HASH.test(hash)) return `the hash of ${path} is no sha256`
    if (rows < 0) return `${path} has less than no rows`
    if (columns.length === 0 || columns.includes('')) return `${path} has a column without a name`
  }
  return undefined
}

/** @throws database_manifest_invalid */
export function demandValidManifest(manifest: DatabaseManifest): void {
  const problem = problemOfManifest(manifest)
  if (problem === undefined) return
  throw errors.ofV1('database_manifest_invalid', 'the manifest of the databases is not valid', {
    details: problem
  })
}
