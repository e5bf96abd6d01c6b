import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/package.ts'

/** Compiles the scripts of the preview page, which the server reads from dist/ even when it runs from source. */
export function compileClientScripts(): void {
  execFileSync(process.execPath, [join(PACKAGE_ROOT, 'build.js'), 'client'], { stdio: 'inherit' })
}
