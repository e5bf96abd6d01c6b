import { runSuite } from './suites.ts'

await runSuite('child-processes-stops')
