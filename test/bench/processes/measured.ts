import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGE_ROOT } from '../../../lib/package.ts'

const FOLDER = join(PACKAGE_ROOT, 'dist/test/bench/processes')

/** Runs a module of this folder in a process of its own, and reads the JSON that it prints. */
export async function measureProcess<Figures>(name: string, ...args: string[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(FOLDER, `${name}.js`), ...args])
  return JSON.parse(stdout) as Figures
}
