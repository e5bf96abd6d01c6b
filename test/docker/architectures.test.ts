import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { fromRoot } from './monitoring.ts'

interface Locked {
  dev?: boolean
  cpu?: string[]
  os?: string[]
}

t.test('the native code of the image exists for amd64 and for arm64', async (t) => {
  const { packages } = JSON.parse(await readFile(fromRoot('package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const native = Object.entries(packages).filter(
    ([, { dev, os, cpu }]) => dev !== true && os?.includes('linux') && cpu?.includes('x64')
  )
  t.ok(native.some(([folder]) => folder.endsWith('@img/sharp-linux-x64')))
  for (const [folder] of native) {
    const other = folder.replace('x64', 'arm64')
    t.match(packages[other], { os: ['linux'], cpu: ['arm64'] }, other)
  }
  // Prebuilt code of all platforms is in the package itself. The names are those of Node.
  for (const arch of ['x64', 'arm64']) {
    t.ok(existsSync(fromRoot(`node_modules/fs-native-extensions/prebuilds/linux-${arch}`)), arch)
  }
})
