import { createRequire } from 'node:module'
import { dirname } from 'node:path'

const require = createRequire(import.meta.url)

/** The folder of this package, where data files lie in the same places whether the code runs built or not. */
export const PACKAGE_ROOT = dirname(require.resolve('#package.json'))

/** The version in package.json, e.g. `0.1.0`. */
export const { version: VERSION } = require('#package.json') as { version: string }
