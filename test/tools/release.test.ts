import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, readFile, readdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { temporaryFolder } from '../helper.ts'
import { readRepository } from './release-problems.ts'

const EXTENSION = extname(import.meta.filename)
const TOOL = [
  ...(EXTENSION === '.ts' ? process.execArgv : []),
  join(import.meta.dirname, `release${EXTENSION}`)
]
const KUSTOMIZATION = 'docker/kubernetes/overlays/single/kustomization.yaml'

/** A small repository with all that a release is about, and a PATH with git, npm and Node only. */
async function createRepository(t: Test, { docker }: { docker?: string } = {}) {
  // npm finds a package by its real folder.
  const root = await realpath(await temporaryFolder(t))
  const programs = await temporaryFolder(t)
  for (const name of ['git', 'npm', 'sh']) {
    await symlink(execFileSync('which', [name]).toString().trim(), join(programs, name))
  }
  await symlink(process.execPath, join(programs, 'node'))
  if (docker !== undefined) {
    await writeFile(join(programs, 'docker'), `#!/bin/sh\n${docker}\n`)
    await chmod(join(programs, 'docker'), 0o755)
  }
  const who = { name: 'Somebody', email: 'somebody@example.com' }
  const env = {
    PATH: programs,
    HOME: programs,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false'
  }
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env }).toString().trim()

  const about = { name: 'dalleserver', version: '1.0.0' }
  const scripts = {
    test: 'node -e "console.log(\'the tests run\')"',
    'docs:config': 'node -e ""',
    dashboards: 'node -e ""',
    sbom: 'npm sbom --omit dev --sbom-format cyclonedx'
  }
  await write('package.json', JSON.stringify({ ...about, scripts, files: ['index.js'] }))
  await write('package-lock.json', JSON.stringify({ ...about, lockfileVersion: 3, packages: { '': about } }))
  await write('index.js', '')
  await write('.gitignore', '/release/\n')
  await write('docker/Dockerfile', 'FROM scratch\nARG VERSION=1.0.0\n')
  await write(KUSTOMIZATION, 'images:\n  - name: dalleserver\n    newTag: 1.0.0\n')
  await write(
    'CHANGELOG.md',
    '# Changelog\n\n## [1.0.0] - 2026-11-27\n\n### Added\n\n- All.\n\n## [0.1.0] - 2026-01-01\n\n- Less.\n'
  )
  git('init', '--quiet')
  const commit = () => {
    git('add', '--all')
    git('commit', '--quiet', '--message', 'A change')
  }
  commit()
  return {
    root,
    git,
    commit,
    write,
    /** Replaces a text in a committed file. */
    async change(file: string, from: string, to: string) {
      const text = await readFile(join(root, file), 'utf8')
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
      await writeFile(join(root, file), text.replaceAll(from, to))
      commit()
    },
    release(...args: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [...TOOL, ...args], { cwd: root, env })
      return { status, out: stdout.toString(), err: stderr.toString() }
    },
    tags: () => git('tag')
  }
}

t.test('a release has its files, and an annotated tag with what the changelog says', async (t) => {
  // A Docker without its daemon is as good as none.
  const { root, git, release, tags } = await createRepository(t, { docker: 'exit 1' })
  const rehearsed = release('--dry-run')
  t.match(rehearsed, { status: 0, out: /the tests run.*A dry run: v1\.0\.0 is not tagged/s })
  t.match(rehearsed.out, 'No Docker runs here')
  t.equal(tags(), '')

  t.match(release(), { status: 0, out: /To publish it: git push origin v1\.0\.0/ })
  t.equal(git('cat-file', '-t', 'v1.0.0'), 'tag', 'annotated')
  t.equal(git('rev-parse', 'v1.0.0^{commit}'), git('rev-parse', 'HEAD'))
  t.equal(git('tag', '--list', '--format=%(contents)', 'v1.0.0'), 'dalleserver 1.0.0\n\n### Added\n\n- All.')

  const folder = join(root, 'release')
  const names = (await readdir(folder)).sort()
  t.same(names, ['SHA256SUMS', 'dalleserver-1.0.0.cdx.json', 'dalleserver-1.0.0.tgz'])
  t.match(JSON.parse(await readFile(join(folder, names[1]!), 'utf8')), {
    bomFormat: 'CycloneDX',
    metadata: { component: { name: 'dalleserver', version: '1.0.0' } }
  })
  t.match(execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder }).toString(), /tgz: OK\n/)

  t.match(release(), { status: 1, err: /- The tag v1\.0\.0 exists\. Raise the version in package\.json\.\n/ })
})

t.test('each reason against a release is a sentence, and nothing is tagged', async (t) => {
  const { change, write, release, tags } = await createRepository(t)
  await change('docker/Dockerfile', '1.0.0', '0.9.0')
  await change(KUSTOMIZATION, '1.0.0', '0.1.0')
  await change('package-lock.json', '1.0.0', '0.8.0')
  await change('CHANGELOG.md', '## [1.0.0] - 2026-11-27', '## [Unreleased]')
  await write('notes.txt', '')
  const { status, err } = release()
  t.equal(status, 1)
  t.same(err.trim().split('\n'), [
    'There is no release:',
    '- notes.txt is not committed.',
    '- package-lock.json has the version 0.8.0, and package.json has 1.0.0.',
    '- The package in package-lock.json has the version 0.8.0, and package.json has 1.0.0.',
    '- docker/Dockerfile has the version 0.9.0, and package.json has 1.0.0.',
    `- ${KUSTOMIZATION} has the version 0.1.0, and package.json has 1.0.0.`,
    '- The first section of CHANGELOG.md is Unreleased, and package.json has 1.0.0.'
  ])
  t.equal(tags(), '')
})

t.test('a changelog needs a day that exists', async (t) => {
  const { change, release } = await createRepository(t)
  await change('CHANGELOG.md', '2026-11-27', '2026-02-30')
  t.match(release(), {
    status: 1,
    err: /- The first section of CHANGELOG\.md has no day, such as 2026-11-27\.\n/
  })
})

t.test('old documentation, failing tests and a failing image each refuse the release', async (t) => {
  const cases: Array<[what: string, docker: string, from: string, to: string, sentence: RegExp]> = [
    [
      'documentation',
      'exit 0',
      '"docs:config":"node -e \\"\\""',
      '"docs:config":"node -e \\"fs.writeFileSync(\'index.js\', \'new\')\\""',
      /- index\.js was not up to date\. Commit what npm run docs:config and npm run dashboards have written\./
    ],
    ['tests', 'exit 0', "console.log('the tests run')", 'process.exit(3)', /- npm test ended with 3\./],
    ['image', '[ "$1" = version ] || exit 9', 'the tests run', 'fine', /- docker build ended with 9\./]
  ]
  for (const [what, docker, from, to, sentence] of cases) {
    const { change, release, tags } = await createRepository(t, { docker })
    await change('package.json', from, to)
    t.match(release(), { status: 1, err: sentence }, what)
    t.equal(tags(), '')
  }
})

t.test('where Docker is, the image is built with version and revision', async (t) => {
  const { root, git, release } = await createRepository(t, { docker: 'echo "$@" >> docker-calls' })
  await writeFile(join(root, '.git/info/exclude'), 'docker-calls\n')
  t.match(release('--dry-run'), { status: 0, out: /The image dalleserver:1\.0\.0 is built\./ })
  const revision = git('rev-parse', 'HEAD')
  t.equal(
    (await readFile(join(root, 'docker-calls'), 'utf8')).trim().split('\n').at(-1),
    `build -f docker/Dockerfile -t dalleserver:1.0.0 --build-arg VERSION=1.0.0 --build-arg REVISION=${revision} .`
  )
})

t.test('all places of this repository name the same version', async (t) => {
  // As if all was committed. The changelog may have a section for the next version.
  const { problems } = await readRepository(PACKAGE_ROOT, async () => '')
  t.same(
    problems.filter((problem) => !problem.includes('CHANGELOG.md')),
    []
  )
})
