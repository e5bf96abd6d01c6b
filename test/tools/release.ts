// npm run release: checks the commit, writes the files of the release to release/, and tags it.
import { parseArgs } from 'node:util'
import { release } from './release-steps.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
const problems = await release({
  root: process.cwd(),
  isDryRun: values['dry-run'],
  say: (line) => console.log(line)
})
if (problems.length > 0) {
  console.error(`There is no release:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
  process.exitCode = 1
}
