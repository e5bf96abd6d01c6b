import { runSuite } from './suites.ts'

await runSuite('lib-image')
