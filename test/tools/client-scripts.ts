import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/package.ts'

/** Makes the scripts and styles of the preview page. The server reads them from dist/ even when it runs from source. */
export function compileClientScripts(): void {
  execFileSync(process.execPath, [join(PACKAGE_ROOT, 'build.js'), 'client'], { stdio: 'inherit' })
}
